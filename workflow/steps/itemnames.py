"""Item names: which item somebody means who names it with its collection, or without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from workflow.bundle import Release
from workflow.errors import BundleError, UsageError
from workflow.ports import BundleStore
from workflow.steps.contents import read
from workflow.steps.history import History, entries_of, manifests_of
from workflow.steps.project import Project


def named(project: Project, found: History, held: Collection[str], asked: str) -> str:
    """The item as `<collection>:<item>`; `asked` may be its id alone, or the id of a unit of it.

    Looked for in the live release and among the withdrawn ones (`held`), then in older releases,
    last in the content: a project whose content cannot be read can still withdraw what it shows.
    Raises UsageError for an item that nobody knows, and for an id that several items have.
    """
    wanted = asked.partition("#")[0]
    known: set[str] = set()
    for more in _known(project, found, held):
        known |= more
        there = sorted(key for key in known if wanted in {key, key.partition(":")[2]})
        if len(there) == 1:
            return there[0]
        if there:
            what = f"{wanted[:120]!r} is the id of several items"
            raise UsageError(what, fix=f"name one of them: {', '.join(there)}")
    near = get_close_matches(wanted, {*known, *(key.partition(":")[2] for key in known)})
    fix = f"near to it: {', '.join(near)}" if near else "write it as collection:item"
    raise UsageError(f"there is no item {wanted[:120]!r}, and there was none", fix=fix)


def _known(project: Project, found: History, held: Collection[str]) -> Iterator[set[str]]:
    """The items that are known, nearer places first."""
    yield {*held, *shown(project.bundles, found.live)}
    for release in reversed(tuple(found.releases.values())):
        yield set(shown(project.bundles, release))
    for one in project.collections:
        yield {f"{one.name}:{item.id}" for item in read(project.root, one).items}


def shown(store: BundleStore, release: Release) -> Iterable[str]:
    """The items of a release in any locale; none of what cannot be read."""
    try:
        for manifest in manifests_of(store, release).values():
            for name, section in manifest.collections.items():
                yield from (f"{name}:{entry.item}" for entry in entries_of(store, section))
    except BundleError:
        return
