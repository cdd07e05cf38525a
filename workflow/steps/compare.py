"""Compare: what of two releases differs, item by item and unit by unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Literal

from workflow.bundle import Entry, ItemObject, Manifest, PublishedUnit, Release, Section
from workflow.errors import BundleError
from workflow.ports import BundleStore
from workflow.steps.history import collections_of, entries_of, manifests_of

Kind = Literal["added", "removed", "changed"]
LOST = "its objects are not there any more"
_BESIDE = ("path", "meta", "formatted", "content", "html")
"""What an item has besides its units."""


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit's source, text and label before and after; empty and None where it was not there."""

    field: str
    source: tuple[str, str]
    text: tuple[str, str]
    label: tuple[Mapping[str, object] | None, Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that came, went or changed; `beside` names what differs besides its units."""

    locale: str
    collection: str
    item: str
    kind: Kind
    units: tuple[UnitChange, ...] = ()
    beside: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What release `after` shows otherwise than release `before`."""

    before: int
    after: int
    locales_added: tuple[str, ...]
    locales_removed: tuple[str, ...]
    items: tuple[ItemChange, ...]


def compare(store: BundleStore, before: Release, after: Release) -> Difference:
    """By locale and collection, in the order of the items. Raises BundleError for a lost shard.

    Sections that are the same objects are not read.
    """
    old, new = manifests_of(store, before), manifests_of(store, after)
    items: list[ItemChange] = []
    for tag in sorted({*old, *new}):
        sides = [side[tag] for side in (old, new) if tag in side]
        for name in collections_of(sides):
            sections = [_section(side.get(tag), name) for side in (old, new)]
            items += _Comparing(store, tag, name).changes(*sections)
    return Difference(
        before.serial,
        after.serial,
        tuple(sorted(set(new) - set(old))),
        tuple(sorted(set(old) - set(new))),
        tuple(items),
    )


def _section(manifest: Manifest | None, name: str) -> Section | None:
    return manifest.collections.get(name) if manifest else None


@dataclass(frozen=True, slots=True)
class _Comparing:
    store: BundleStore
    locale: str
    collection: str

    def changes(self, old: Section | None, new: Section | None) -> Iterator[ItemChange]:
        if (old.shards if old else ()) == (new.shards if new else ()):
            return
        before, after = self._entries(old), self._entries(new)
        for item in dict.fromkeys((*after, *before)):
            was, now = before.get(item), after.get(item)
            if was is None or now is None:
                kind: Kind = "added" if was is None else "removed"
                yield ItemChange(self.locale, self.collection, item, kind)
            elif was != now:
                yield self._changed(was, now)

    def _entries(self, section: Section | None) -> dict[str, Entry]:
        entries = entries_of(self.store, section) if section else ()
        return {entry.item: entry for entry in entries}

    def _changed(self, was: Entry, now: Entry) -> ItemChange:
        until = ("until",) if was.until != now.until else ()
        place = self.locale, self.collection, now.item
        try:
            old, new = (ItemObject.parse(self.store.get(one.object)) for one in (was, now))
        except BundleError:
            return ItemChange(*place, "changed", beside=until, note=LOST)
        beside = (one for one in _BESIDE if getattr(old, one) != getattr(new, one))
        return ItemChange(*place, "changed", tuple(_units(old.units, new.units)), (*beside, *until))


def _units(old: Sequence[PublishedUnit], new: Sequence[PublishedUnit]) -> Iterator[UnitChange]:
    """Those of one id; then of each field the first that went beside the first that came."""
    after = {unit.id: unit for unit in new}
    before = {unit.id: unit for unit in old}
    for key, unit in after.items():
        was = before.get(key)
        if was is not None and was != unit:
            yield _unit(was, unit)
    for name in dict.fromkeys(unit.field for unit in (*new, *old)):
        went = [unit for unit in old if unit.field == name and unit.id not in after]
        came = [unit for unit in new if unit.field == name and unit.id not in before]
        yield from (_unit(was, now) for was, now in zip_longest(went, came))


def _unit(was: PublishedUnit | None, now: PublishedUnit | None) -> UnitChange:
    sides = (was, now)
    return UnitChange(
        field=next(unit.field for unit in sides if unit),
        source=(was.source if was else "", now.source if now else ""),
        text=(was.text if was else "", now.text if now else ""),
        label=(asdict(was.label) if was else None, asdict(now.label) if now else None),
    )
