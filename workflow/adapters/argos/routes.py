"""From a pair of locales to a chain of installed packages."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from workflow.adapters.argos.naming import version_numbers
from workflow.errors import RouteError
from workflow.model import PackageRef, Route

OF_ARGOS = {"pt-br": "pb", "zh-hant": "zt", "zh-tw": "zt", "zh-hk": "zt"}


def language_code(tag: str, *, codes: Mapping[str, str], installed: Collection[str]) -> str:
    """Argos' code for a BCP 47 tag.

    `codes` maps tags to codes and always wins, the longest tag first (`zh-Hant` holds for
    `zh-Hant-TW`, too). Else Argos' own code for a variant (`pb` is pt-BR, `zt` zh-Hant) if a
    package for it is `installed`, else the language subtag in lower case.
    """
    given = {key.lower(): code for key, code in codes.items()}
    prefixes = list(_prefixes(tag.replace("_", "-").lower()))
    for prefix in prefixes:
        if prefix in given:
            return given[prefix]
    for prefix in prefixes:
        if OF_ARGOS.get(prefix) in installed:
            return OF_ARGOS[prefix]
    return prefixes[-1]


def _prefixes(tag: str) -> Iterator[str]:
    subtags = tag.split("-")
    for length in range(len(subtags), 0, -1):
        yield "-".join(subtags[:length])


def find_route(
    refs: Iterable[PackageRef], source: str, target: str, *, pivot: str | None = None
) -> Route:
    """The packages between two of Argos' codes.

    The direct package in its highest version, else the shortest chain through other languages (of
    equally short ones the first by the codes on the way); with `pivot` through that language in
    any case. Raises RouteError.
    """
    best = newest(refs)
    ends = [source, pivot, target] if pivot and pivot not in {source, target} else [source, target]
    hops: list[PackageRef] = []
    for start, end in pairwise(ends):
        chain = _shortest(best, start, end)
        if not chain:
            raise _no_route(start, end, best)
        hops.extend(chain)
    return Route(hops=tuple(hops))


def find_detour(refs: Iterable[PackageRef], route: Route) -> Route | None:
    """The shortest other chain between the ends of a route, of those that lack one of its pairs."""
    best = newest(refs)
    source, target = route.hops[0].source, route.hops[-1].target
    chains = [
        _shortest({pair: ref for pair, ref in best.items() if pair != left_out}, source, target)
        for left_out in [(hop.source, hop.target) for hop in route.hops]
    ]
    found = sorted((tuple(chain) for chain in chains if chain), key=len)
    return Route(found[0]) if found else None


def newest(refs: Iterable[PackageRef]) -> dict[tuple[str, str], PackageRef]:
    """The highest version for each pair of codes (1.10 is higher than 1.9)."""
    ordered = sorted(refs, key=lambda ref: (version_numbers(ref.version), ref.version, ref.sha256))
    return {(ref.source, ref.target): ref for ref in ordered}


def _shortest(
    best: Mapping[tuple[str, str], PackageRef], source: str, target: str
) -> Sequence[PackageRef]:
    """Breadth first; neighbours in the order of their codes make the first chain found the one."""
    waiting: deque[tuple[str, tuple[PackageRef, ...]]] = deque([(source, ())])
    seen = {source}
    while waiting:
        here, chain = waiting.popleft()
        for _, there in sorted(pair for pair in best if pair[0] == here and pair[1] not in seen):
            longer = (*chain, best[here, there])
            if there == target:
                return longer
            seen.add(there)
            waiting.append((there, longer))
    return ()


def _no_route(source: str, target: str, best: Mapping[tuple[str, str], PackageRef]) -> RouteError:
    names = ", ".join(sorted(ref.name for ref in best.values())) or "none"
    if source == target:
        return RouteError(
            f"source and target are the same language for Argos: {source}",
            fix="map one of the locales to another code under [routes], or leave the target out",
        )
    return RouteError(
        f"no installed package leads from {source} to {target}, directly or through another"
        f" language; installed: {names}",
        fix=f"install one from {source} to {target} with `polypress models install`",
    )
