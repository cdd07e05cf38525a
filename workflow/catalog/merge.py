"""Merging the units of a collection into a locale's catalog, so that no person's word is lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.catalog.aside import as_previous
from workflow.catalog.entries import entry, read_back
from workflow.catalog.facts import facts_of, persons_comments
from workflow.catalog.moves import moved, renamed
from workflow.catalog.state import Key
from workflow.catalog.takeover import field_pairs, moved_over, stale_over, text_source
from workflow.changes import Kind, Verdict, verdict
from workflow.model import Freshness, Item, Message, Origin, Review

_OURS = re.compile(r"(?P<item>[a-z0-9._-]{1,120})#[^\s#]+")


@dataclass(frozen=True, slots=True)
class Change:
    """A source text that was changed, what kind of change it is, and what became of its entry.

    `kept` says that the translation stands as it stood; else it goes to review, or is made anew.
    """

    context: str
    old: str
    new: str
    verdict: Verdict
    kept: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """The catalog after ingest; `moves` maps the old id of each renamed item to its new one."""

    messages: tuple[Message, ...]
    changes: tuple[Change, ...] = ()
    moves: Mapping[str, str] = field(default_factory=dict)


def merge(
    messages: Iterable[Message],
    items: Iterable[Item],
    *,
    keep: Collection[str] = (),
    language: str = "en",
    names: Collection[str] = (),
) -> tuple[Message, ...]:
    """The entries of `merged`."""
    return merged(messages, items, keep=keep, language=language, names=names).messages


def merged(
    messages: Iterable[Message],
    items: Iterable[Item],
    *,
    keep: Collection[str] = (),
    language: str = "en",
    names: Collection[str] = (),
) -> Merged:
    """The catalog after ingest: entries in the order of the units, obsolete ones at the end.

    Entries of the item ids in `keep` (their file could not be read) stay as they are. Entries of
    an item that was renamed move with it. An entry whose unit is gone becomes obsolete if a person
    wrote anything in it, else it is dropped. A new unit that resembles one that vanished from the
    same field takes over what a person wrote: as it stands if only spaces and the style of quotes
    or dashes changed, else as stale text with its source as `#| msgid`. Entries that are not ours
    (plurals, no context or another shape of it) stay untouched. `language` is the source's,
    `names` are those that are never translated.
    """
    items, kept = tuple(items), frozenset(keep)
    before = tuple(messages)
    moves = _moves(before, items, kept)
    if moves:
        before = moved(before, moves)
    merging = _Merging(_untwinned(before), kept, language, frozenset(names))
    return Merged(merging.result(_wanted(items, kept)), tuple(merging.changes), moves)


def _moves(
    messages: Sequence[Message], items: Sequence[Item], keep: frozenset[str]
) -> dict[str, str]:
    """The new id of each item that vanished in this ingest and is there under another one."""
    wanted = {item.id for item in items} | keep
    known: set[str] = set()
    vanished: list[Message] = []
    for message in messages:
        item = None if message.obsolete else item_of(message)
        if item is not None and item not in wanted:
            vanished.append(message)
        elif item is not None:
            known.add(item)
    new = [item for item in items if item.id not in known and item.id not in keep]
    return renamed(vanished, new) if vanished and new else {}


def item_of(message: Message) -> str | None:
    """The item id of an entry of ours, None for an entry that we know nothing about."""
    found = _OURS.fullmatch(message.context or "")
    return found["item"] if found and message.plural is None else None


def written_by_a_person(message: Message) -> bool:
    """Whether an entry holds a text or a comment that only a person can have written."""
    if persons_comments(message):
        return True
    facts = facts_of(message)
    theirs = facts.origin not in {Origin.MACHINE, Origin.NONE} or facts.review is not Review.NONE
    return any(message.translations) and theirs


@dataclass(slots=True)
class _Merging:
    """One merge: the old entries sorted by what may happen to them."""

    messages: tuple[Message, ...]
    keep: frozenset[str]
    language: str
    names: frozenset[str]
    changes: list[Change] = field(default_factory=list)
    known: dict[Key, Message] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {message.key: message for message in self.messages}

    def result(self, wanted: Mapping[Key, Message]) -> tuple[Message, ...]:
        """Active entries in order, then the obsolete ones."""
        vanished = [
            read_back(old) for old in self.messages if self._vanishes(old) and old.key not in wanted
        ]
        hints = self._hints(vanished, wanted)
        entries = {
            key: hints[key] if key in hints else self._entry(key, new)
            for key, new in wanted.items()
        }
        active = self._in_order(entries)
        old = [
            message for message in self.messages if message.obsolete and message.key not in wanted
        ]
        return (*active, *old, *_retired(vanished, (*active, *old)))

    def _hints(
        self, vanished: Sequence[Message], wanted: Mapping[Key, Message]
    ) -> dict[Key, Message]:
        """What new entries take over; also one that comes back in an old style of its source."""
        fresh = [new for key, new in wanted.items() if self._is_new(key)]
        hints = {}
        for old, new in field_pairs(vanished, fresh):
            twin = self.known.get(new.key)
            if twin is None:
                hints[new.key] = self._changed(old, new)
            elif written_by_a_person(old) and self._verdict(old, new).kind is Kind.STYLE:
                hints[new.key] = _beside(self._changed(old, new), twin)
        return hints

    def _entry(self, key: Key, new: Message) -> Message:
        return self._refreshed(self.known[key], new) if key in self.known else new

    def _is_new(self, key: Key) -> bool:
        return key not in self.known or self.known[key].obsolete

    def _verdict(self, old: Message, new: Message) -> Verdict:
        return verdict(text_source(old), new.source, language=self.language, names=self.names)

    def _vanishes(self, message: Message) -> bool:
        item = item_of(message)
        return not message.obsolete and item is not None and item not in self.keep

    def _refreshed(self, old: Message, new: Message) -> Message:
        """A known entry: everything of the person's stays, notes and references are renewed."""
        if old.plural is not None:
            return old
        same = read_back(old)
        if (new.notes, new.references, False) == (old.notes, old.references, old.obsolete):
            return same
        return replace(same, notes=new.notes, references=new.references, obsolete=False)

    def _changed(self, old: Message, new: Message) -> Message:
        """A new entry with what a person wrote for the text that it was before."""
        told = self._verdict(old, new)
        kept = text_source(old) == old.source and told.kind in {Kind.SAME, Kind.STYLE}
        self.changes.append(Change(new.context or "", old.source, new.source, told, kept))
        return moved_over(new, old) if kept else stale_over(new, old, self.known)

    def _in_order(self, entries: Mapping[Key, Message]) -> list[Message]:
        """The entries in the order of the units, each followed by the foreign ones behind it."""
        behind = self._behind(entries)
        ordered = behind.get(None, [])[:]
        for key, message in entries.items():
            ordered += [message, *behind.get(key, [])]
        return ordered

    def _behind(self, entries: Mapping[Key, Message]) -> dict[Key | None, list[Message]]:
        behind: dict[Key | None, list[Message]] = {}
        anchor: Key | None = None
        for message in self.messages:
            if message.obsolete:
                continue
            if message.key in entries:
                anchor = message.key
            elif not self._vanishes(message):
                behind.setdefault(anchor, []).append(message)
        return behind


def _wanted(items: Iterable[Item], keep: frozenset[str]) -> dict[Key, Message]:
    """The empty entry of each unit by key; units with one context and text are one entry."""
    wanted: dict[Key, Message] = {}
    for item in items:
        for unit in item.units if item.id not in keep else ():
            new = entry(unit, path=item.path)
            wanted.setdefault(new.key, new)
    return wanted


def _untwinned(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Without obsolete twins of active entries, which gettext refuses; their text is a comment."""
    active = {message.key: message for message in messages if not message.obsolete}
    for twin in messages:
        if twin.obsolete and twin.key in active:
            active[twin.key] = _beside(active[twin.key], twin)
    return tuple(
        active[message.key] if not message.obsolete else message
        for message in messages
        if not (message.obsolete and message.key in active)
    )


def _beside(active: Message, twin: Message) -> Message:
    if not written_by_a_person(twin):
        return active
    texts = [text for text in twin.translations if text and text not in active.translations]
    lines = [line for text in texts for line in as_previous(text)]
    new = [line for line in (*persons_comments(twin), *lines) if line not in active.comments]
    return replace(active, comments=(*active.comments, *new))


def _retired(vanished: Iterable[Message], others: Iterable[Message]) -> list[Message]:
    """The obsolete form of what a person wrote, but for copies of a text that still stands."""
    standing: dict[tuple[object, ...], Message] = {}
    for message in others:
        standing[(*message.key, message.translations)] = message
        standing[message.context, message.translations, message.fuzzy] = message
    return [
        replace(message, obsolete=True, notes=(), references=())
        for message in vanished
        if written_by_a_person(message) and not _is_copy(message, standing)
    ]


def _is_copy(message: Message, standing: Mapping[tuple[object, ...], Message]) -> bool:
    """Whether text, mark and comments stand in another entry of the field, or the text before."""
    twin = standing.get((message.context, message.translations, message.fuzzy))
    if twin and any(message.translations):
        return set(persons_comments(message)) <= set(twin.comments)
    stale = facts_of(message).freshness is Freshness.STALE and not persons_comments(message)
    return stale and (message.context, message.previous_source, message.translations) in standing
