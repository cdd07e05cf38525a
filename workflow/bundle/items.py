"""The object of an item, and the shards that list items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workflow.bundle.forms import (
    SCHEMA,
    Digest,
    Inside,
    ItemId,
    Moment,
    Name,
    Tag,
    encoded,
    parsed,
)
from workflow.model import digest_of
from workflow.policy import Label

ITEMS_IN_SHARD = 500
"""Items in one shard of a collection at most, so that one changed item moves little."""
_BOUNDARY = "00"
"""An item whose id's SHA-256 begins so (one of 256) ends its shard: shards are cut by what stands
in them, so an item that comes or goes changes its own shard and not all that follow."""


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """One unit as it ships; `source` is the msgid, `text` what stands there in this locale."""

    id: str
    field: str
    source: str
    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class ItemObject:
    """One item of one locale as it ships.

    `meta` maps names to what nobody translates, `formatted` those that have a form in the locale
    (a date) to it. `content` is the item in its own format, `html` its article.
    """

    collection: Name
    item: ItemId
    locale: Tag
    path: Inside
    meta: Mapping[str, str]
    formatted: Mapping[str, str]
    content: str
    html: str
    units: tuple[PublishedUnit, ...]

    def to_bytes(self) -> bytes:
        """The object's bytes."""
        units = [_unit_value(unit) for unit in self.units]
        told = {"meta": dict(self.meta), "formatted": dict(self.formatted), "units": units}
        names = ("collection", "item", "locale", "path", "content", "html")
        return encoded({"schema": SCHEMA, **{name: getattr(self, name) for name in names}, **told})

    @classmethod
    def parse(cls, body: bytes) -> ItemObject:
        """An object's bytes read back. Raises BundleError."""
        return parsed(cls, body, what="the item's object")


def _unit_value(unit: PublishedUnit) -> dict[str, Any]:
    value = {"id": unit.id, "field": unit.field, "source": unit.source, "text": unit.text}
    return {**value, "label": label_value(unit.label)}


def label_value(label: Label) -> dict[str, Any]:
    """A label as JSON: only what is known."""
    return {key: value for key, value in asdict(label).items() if value not in {"", None}}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a shard says of an item: its object, and when it expires (UTC; empty: never)."""

    item: ItemId
    object: Digest
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Shard:
    """A stretch of a collection's items in one locale, in their order."""

    collection: Name
    items: tuple[Entry, ...]

    def to_bytes(self) -> bytes:
        """The shard's bytes."""
        items = [
            {key: value for key, value in asdict(entry).items() if value is not None}
            for entry in self.items
        ]
        return encoded({"schema": SCHEMA, "collection": self.collection, "items": items})

    @classmethod
    def parse(cls, body: bytes) -> Shard:
        """A shard's bytes read back. Raises BundleError."""
        return parsed(cls, body, what="a shard")


def shards(collection: str, entries: Sequence[Entry]) -> list[Shard]:
    """The items of a collection cut into shards, in the order given."""
    return [Shard(collection, tuple(part)) for part in _cut(entries)]


def _cut(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for entry in entries:
        part.append(entry)
        if len(part) == ITEMS_IN_SHARD or digest_of(entry.item).startswith(_BOUNDARY):
            yield part
            part = []
    if part:
        yield part
