"""Clearing: objects and records that nothing needs any more leave the public folder.

All that writes there holds the publish lock, and so does this: no object can be so young that no
release names it yet, and what no release names is nobody's. A site that is pulling may still ask
for what an older release named; it then reads the pointer again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from workflow.bundle import Entry, Manifest, Release, Section, Shard
from workflow.errors import BundleError
from workflow.ports import BundleStore
from workflow.steps.history import History, history
from workflow.steps.project import Project

HOUR = 3600.0
"""Seconds after which a temporary file is what a killed process left."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was removed, or would be: objects, their bytes with compressed forms, and records.

    `temporary` files are counted when they are removed. `kept` are the serials of the releases that
    stay, `held` withdrawn items that the live release shows, whose objects stay therefore;
    `problems` says what could not be read.
    """

    objects: int
    size: int
    releases: tuple[int, ...]
    temporary: int
    kept: tuple[int, ...]
    held: tuple[str, ...] = ()
    problems: tuple[BundleError, ...] = ()


def clear(project: Project, *, keep: int, purge: bool = False, dry_run: bool = False) -> Cleared:
    """Remove what none of the last `keep` releases names; what the live one names always stays.

    With `purge` the objects of withdrawn items go, too, whatever older release names them. The
    caller holds the publish lock. Raises BundleError if the live release is damaged or lacks a
    manifest or a shard (what it names cannot be known then), OutsideError if the disk refuses.
    """
    store = project.bundles
    found = history(store)
    names = _Names(store)
    live = names.of(found.live)
    stay = _staying(found, keep)
    older = [found.releases[one] for one in stay if one in found.releases]
    named = live.union(*(names.as_far_as_read(one) for one in older))
    gone = {digest for digest in store.digests() if digest not in named}
    if purge:
        gone |= {one for one in names.showing(project.withdrawn) - live if store.has(one)}
    leave = [one for one in (*found.releases, *found.damaged) if one not in stay]
    size, temporary = _removed(store, leave, gone, dry_run=dry_run)
    held = names.shown(found.live) & set(project.withdrawn)
    return Cleared(
        objects=len(gone),
        size=size,
        releases=tuple(sorted(leave)),
        temporary=temporary,
        kept=tuple(sorted(stay)),
        held=tuple(sorted(held)),
        problems=tuple(names.problems),
    )


def _staying(found: History, keep: int) -> set[int]:
    """The last releases, and the live one."""
    last = sorted((*found.releases, *found.damaged))[-max(keep, 1) :]
    return {*last, found.live.serial} - {0}


def _removed(
    store: BundleStore, leave: Collection[int], gone: Collection[str], *, dry_run: bool
) -> tuple[int, int]:
    """The bytes that come free and how many temporary files; records go before what they name."""
    if dry_run:
        return sum(store.size(digest) for digest in gone), 0
    for serial in leave:
        store.forget(serial)
    size = sum(store.remove(digest) for digest in sorted(gone))
    return size, store.sweep(HOUR)


@dataclass(slots=True)
class _Names:
    """What releases name, each manifest and shard read once; `problems` are those not readable."""

    store: BundleStore
    problems: list[BundleError] = field(default_factory=list)
    _manifests: dict[str, Manifest] = field(default_factory=dict)
    _shards: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    def of(self, release: Release) -> set[str]:
        """All digests that a release names. Raises BundleError."""
        return set(self._of(release))

    def as_far_as_read(self, release: Release) -> set[str]:
        """The same, as far as it can be known; a release that lacks a part cannot go live again."""
        found: set[str] = set()
        try:
            found.update(self._of(release))
        except BundleError as error:
            self.problems.append(error)
        return found

    def shown(self, release: Release) -> set[str]:
        """The items of a release as `<collection>:<item>`. Raises BundleError."""
        return {
            f"{name}:{entry.item}"
            for digest in release.manifests.values()
            for name, section in self._manifest(digest).collections.items()
            for entry in self._entries(section)
        }

    def showing(self, items: Collection[str]) -> set[str]:
        """The objects of these items, and the whole-collection files that hold them, as read."""
        found: set[str] = set()
        for manifest in self._manifests.values():
            for name, section in manifest.collections.items():
                shown = self._objects(name, section, items)
                found.update(shown, section.derived.values() if shown else ())
        return found

    def _objects(self, name: str, section: Section, items: Collection[str]) -> set[str]:
        shards = (self._shards.get(digest, ()) for digest in section.shards)
        entries = (entry for shard in shards for entry in shard)
        return {entry.object for entry in entries if f"{name}:{entry.item}" in items}

    def _of(self, release: Release) -> Iterator[str]:
        for digest in release.manifests.values():
            yield digest
            for section in self._manifest(digest).collections.values():
                yield from section.derived.values()
                yield from section.shards
                yield from (entry.object for entry in self._entries(section))

    def _manifest(self, digest: str) -> Manifest:
        if digest not in self._manifests:
            self._manifests[digest] = Manifest.parse(self.store.get(digest))
        return self._manifests[digest]

    def _entries(self, section: Section) -> Iterator[Entry]:
        for digest in section.shards:
            if digest not in self._shards:
                self._shards[digest] = Shard.parse(self.store.get(digest)).items
            yield from self._shards[digest]
