"""Releases: what was live, what it held, and what of it can go live again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.bundle import Manifest, Release
from workflow.errors import BundleError
from workflow.steps.history import entries_of, history, manifests_of
from workflow.steps.project import Project


@dataclass(frozen=True, slots=True)
class Recorded:
    """One release; `problem` says what of it is lost or damaged.

    `items` counts those of the source locale, `units` the translated ones by origin. `purged` are
    withdrawn items of it whose objects are gone.
    """

    serial: int
    live: bool
    released: str = ""
    kind: str = ""
    locales: tuple[str, ...] = ()
    items: int = 0
    units: Mapping[str, int] = field(default_factory=dict)
    signed: bool = False
    withdrawn: tuple[str, ...] = ()
    purged: tuple[str, ...] = ()
    problem: str = ""


def releases(project: Project) -> tuple[Recorded, ...]:
    """All releases, the latest first. Raises BundleError if the live one is damaged."""
    found = history(project.bundles)
    serial = found.live.serial
    told = [_told(project, one, live=one.serial == serial) for one in found.releases.values()]
    lost = [Recorded(one, live=False, problem=error.what) for one, error in found.damaged.items()]
    return tuple(sorted([*told, *lost], key=lambda one: -one.serial))


def _told(project: Project, release: Release, *, live: bool) -> Recorded:
    problem, manifests, purged = "", dict[str, Manifest](), tuple[str, ...]()
    try:
        manifests = manifests_of(project.bundles, release)
        purged = tuple(sorted(_purged(project, manifests)))
    except BundleError as error:
        problem = f"{error.what}: {error.place}" if error.place.path else error.what
    return Recorded(
        serial=release.serial,
        live=live,
        released=release.released,
        kind=release.kind,
        locales=tuple(release.manifests),
        items=_items(manifests.get(release.source)),
        units=_units(release, manifests),
        signed=bool(release.signatures),
        withdrawn=release.withdrawn,
        purged=purged,
        problem=problem,
    )


def _items(manifest: Manifest | None) -> int:
    return manifest.counts.get("items", {}).get("published", 0) if manifest else 0


def _units(release: Release, manifests: Mapping[str, Manifest]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for tag, manifest in manifests.items():
        if tag != release.source:
            total.update(manifest.counts.get("origin", {}))
    return dict(total)


def _purged(project: Project, manifests: Mapping[str, Manifest]) -> set[str]:
    """Items of it that are withdrawn today, and whose objects are gone in some locale."""
    concerned = {key.partition(":")[0] for key in project.withdrawn}
    return {
        f"{name}:{entry.item}"
        for manifest in manifests.values()
        for name, section in manifest.collections.items()
        if name in concerned
        for entry in entries_of(project.bundles, section)
        if f"{name}:{entry.item}" in project.withdrawn and not project.bundles.has(entry.object)
    }
