"""History: the releases that were live, the live one among them, as far as they can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workflow.bundle import Manifest, Release, Section, Shard
from workflow.bundle.items import Entry
from workflow.errors import BundleError, UsageError
from workflow.ports import BundleStore

WITHDRAW: Final = "withdraw"
ROLLBACK: Final = "rollback"


@dataclass(frozen=True, slots=True)
class History:
    """The releases by serial, in order; `damaged` says which of them cannot be read, and why.

    A `live` release of serial 0 stands for none.
    """

    releases: Mapping[int, Release]
    damaged: Mapping[int, BundleError]
    live: Release

    def release(self, serial: int) -> Release:
        """One of them. Raises UsageError if there is none such, BundleError if it is damaged."""
        if serial in self.damaged:
            raise self.damaged[serial]
        if serial not in self.releases:
            known = ", ".join(map(str, self.releases)) or "none"
            raise UsageError(f"there is no release {serial}", fix=f"recorded are: {known}")
        return self.releases[serial]

    def before_live(self) -> Release:
        """The last one before the live one. Raises UsageError if there is none, BundleError."""
        serial = self._before(self.live.serial)
        if serial is None:
            fix = "`polypress releases` lists those there are"
            raise UsageError("there is no release before the live one", fix=fix)
        return self.release(serial)

    def _before(self, serial: int) -> int | None:
        return max((one for one in (*self.releases, *self.damaged) if one < serial), default=None)


def history(store: BundleStore) -> History:
    """All releases there are. Raises BundleError if the live one is damaged, OutsideError."""
    body = store.release()
    live = Release.live(body)
    bodies = dict(store.recorded())
    if body is not None:
        bodies[live.serial] = body  # its record may be missing: a process was killed before
    releases: dict[int, Release] = {}
    damaged: dict[int, BundleError] = {}
    for serial, found in sorted(bodies.items()):
        try:
            releases[serial] = _recorded(serial, found)
        except BundleError as error:
            damaged[serial] = error
    return History(releases, damaged, live)


def _recorded(serial: int, body: bytes) -> Release:
    release = Release.parse(body)
    if release.serial != serial:
        what = f"the record of release {serial} holds release {release.serial}"
        raise BundleError(what, fix="take another release")
    return release


def manifests_of(store: BundleStore, release: Release) -> dict[str, Manifest]:
    """The manifests of a release by locale. Raises BundleError if one is missing or damaged."""
    return {tag: Manifest.parse(store.get(digest)) for tag, digest in release.manifests.items()}


def entries_of(store: BundleStore, section: Section) -> tuple[Entry, ...]:
    """All items of a section, in order. Raises BundleError if a shard is missing or damaged."""
    shards = (Shard.parse(store.get(digest)) for digest in section.shards)
    return tuple(entry for shard in shards for entry in shard.items)


def collections_of(manifests: Iterable[Manifest]) -> list[str]:
    """The collections that any of these has, sorted."""
    return sorted({name for one in manifests for name in one.collections})
