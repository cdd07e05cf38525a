"""Taking over a copy of a catalog that left the house, each entry against what it left with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.catalog.aside import as_conflict, with_block, with_lines
from workflow.catalog.entries import read_back
from workflow.catalog.facts import facts_of, persons_comments
from workflow.catalog.merge import written_by_a_person
from workflow.catalog.state import Key
from workflow.catalog.takeover import moved_over, stale_over
from workflow.catalog.threeway import combined, is_approval, is_ours, taken
from workflow.changes import Kind, pairs, verdict
from workflow.model import Message, Origin


@dataclass(frozen=True, slots=True)
class Incoming:
    """A catalog with a copy taken over: what became of each of the copy's entries, by key.

    `taken` were only changed there, `stale` are texts for a source that has changed since,
    `conflicts` were changed here, too, `retired` have no place any more and are kept as obsolete.
    """

    messages: tuple[Message, ...]
    taken: tuple[Key, ...] = ()
    stale: tuple[Key, ...] = ()
    conflicts: tuple[Key, ...] = ()
    retired: tuple[Key, ...] = ()


def incoming(
    messages: Iterable[Message],
    theirs: Iterable[Message],
    base: Mapping[Key, Message] | None,
    *,
    language: str,
) -> Incoming:
    """The catalog with what a copy changed since it left.

    `base` maps the keys of the copy to what they were then, None if nobody knows: then whatever is
    not our own untouched draft counts as theirs, and nothing of a person's is replaced by it.
    `language` is the source's.
    """
    turn = _Taking({message.key: message for message in messages}, base, language)
    for one in theirs:
        if one.plural is None:
            turn.take(one)
    return turn.result()


@dataclass(slots=True)
class _Taking:
    known: dict[Key, Message]
    base: Mapping[Key, Message] | None
    language: str
    told: dict[str, list[Key]] = field(default_factory=dict)

    def result(self) -> Incoming:
        active = [one for one in self.known.values() if not one.obsolete]
        obsolete = [one for one in self.known.values() if one.obsolete]
        told = {name: tuple(keys) for name, keys in self.told.items()}
        return Incoming((*active, *obsolete), **told)

    def take(self, theirs: Message) -> None:
        """Take one entry of the copy over."""
        current = self.known.get(theirs.key)
        if current is not None and not current.obsolete:
            self._combine(self._base_of(theirs), current, theirs)
        elif self._is_new(theirs):
            self._find_a_place(theirs, current)

    def _base_of(self, theirs: Message) -> Message | None:
        return (self.base or {}).get(theirs.key)

    def _is_new(self, theirs: Message) -> bool:
        """Whether the copy says something that was not there when it left."""
        base = self._base_of(theirs)
        if base is None:
            return written_by_a_person(theirs)
        if is_approval(base, theirs):
            return True
        text = any(theirs.translations) and not is_ours(theirs)
        return (text and theirs.translations != base.translations) or bool(self._said(theirs))

    def _said(self, theirs: Message) -> list[str]:
        """The comments that they added."""
        base = self._base_of(theirs)
        before = persons_comments(base) if base else ()
        return [line for line in persons_comments(theirs) if line not in before]

    def _combine(self, base: Message | None, current: Message, theirs: Message) -> None:
        found = combined(base, current, theirs)
        self.known[current.key] = read_back(found.message)
        if found.conflict:
            self._tell("conflicts", theirs)
        elif found.message != current:
            self._tell("taken", theirs)

    def _find_a_place(self, theirs: Message, retired: Message | None) -> None:
        """The source has changed, the item was renamed, or it is gone."""
        now = _successor(theirs, [one for one in self.known.values() if not one.obsolete])
        if now is not None:
            self._over(now, theirs)
        elif retired is not None:
            self._combine(self._base_of(theirs), retired, theirs)
        else:
            self.known[theirs.key] = replace(theirs, obsolete=True, notes=(), references=())
            self._tell("retired", theirs)

    def _over(self, now: Message, theirs: Message) -> None:
        told = verdict(theirs.source, now.source, language=self.language)
        if told.kind in {Kind.SAME, Kind.STYLE}:
            mine = moved_over(replace(now, comments=()), theirs)
            self._combine(self._base_of(theirs), now, mine)
        elif is_ours(theirs) or facts_of(theirs).origin is Origin.MACHINE:
            self.known[now.key] = with_lines(now, self._said(theirs))
        elif is_ours(now):
            empty = replace(now, translations=("",), comments=persons_comments(now))
            self.known[now.key] = taken(empty, stale_over(empty, theirs, self.known))
            self.known[now.key] = replace(self.known[now.key], previous_source=theirs.source)
            self._tell("stale", theirs)
        elif theirs.translations != now.translations:
            now = with_lines(now, self._said(theirs))
            self.known[now.key] = with_block(now, as_conflict(theirs.translations))
            self._tell("conflicts", theirs)

    def _tell(self, what: str, theirs: Message) -> None:
        self.told.setdefault(what, []).append(theirs.key)


def _successor(old: Message, active: Sequence[Message]) -> Message | None:
    """The entry that stands for an old one now: its new source, or its item's new id."""
    here = [one for one in active if one.context == old.context]
    for one in here:
        if one.previous_source == old.source:
            return one
    found = pairs([old.source], [one.source for one in here])
    if found:
        return here[found[0][1]]
    same = [one for one in active if one.source == old.source and _field(one) == _field(old)]
    return same[0] if len(same) == 1 else None


def _field(message: Message) -> str:
    return (message.context or "").rpartition("#")[2]
