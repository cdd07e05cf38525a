"""Merging two branches of a catalog as git asks for it: by entries, not by lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflow.catalog.merge import written_by_a_person
from workflow.catalog.state import Key, state_of
from workflow.catalog.threeway import combined
from workflow.model import Message


@dataclass(frozen=True, slots=True)
class Branched:
    """The merged catalog, and the keys of the entries in which both texts are kept."""

    messages: tuple[Message, ...]
    conflicts: tuple[Key, ...] = ()


def branched(
    base: Sequence[Message], ours: Sequence[Message], theirs: Sequence[Message]
) -> Branched:
    """Both branches in one catalog: what either changed since the base, in the order of ours.

    An entry that one branch took out goes, unless the other changed it.
    """
    was, mine, other = (_by_key(side) for side in (base, ours, theirs))
    merged: dict[Key, Message] = {}
    conflicts: list[Key] = []
    for key in _order(ours, theirs):
        found = _one(was.get(key), mine.get(key), other.get(key))
        if found is not None:
            merged[key] = found[0]
            conflicts += [key] * found[1]
    active = [one for one in merged.values() if not one.obsolete]
    obsolete = [one for one in merged.values() if one.obsolete]
    return Branched((*active, *obsolete), tuple(conflicts))


def _by_key(messages: Sequence[Message]) -> dict[Key, Message]:
    """Entries by key; an active one hides an obsolete twin."""
    ordered = sorted(messages, key=lambda message: not message.obsolete)
    return {message.key: message for message in ordered}


def _one(
    was: Message | None, mine: Message | None, other: Message | None
) -> tuple[Message, bool] | None:
    if mine is None or other is None:
        left = mine or other
        taken_out = left is None or (was is not None and _same(was, left) and not _kept(left))
        return None if left is None or taken_out else (left, False)
    found = combined(was, mine, other)
    renewed = _ours_renewed(was, found.message, other)
    return renewed, found.conflict


def _kept(message: Message) -> bool:
    """Whether an entry stays, whoever took it out: a person's text without a unit."""
    return message.obsolete and written_by_a_person(message)


def _same(was: Message, now: Message) -> bool:
    return state_of(was) == state_of(now)


def _ours_renewed(was: Message | None, mine: Message, other: Message) -> Message:
    """Notes and references of the side that changed them; active if either side has it so."""
    notes, references = mine.notes, mine.references
    if was is not None and (was.notes, was.references) == (notes, references):
        notes, references = other.notes, other.references
    obsolete = mine.obsolete and other.obsolete
    return replace(mine, notes=notes, references=references, obsolete=obsolete)


def _order(ours: Sequence[Message], theirs: Sequence[Message]) -> list[Key]:
    """The keys of ours, each new one of theirs behind the one that it stands behind there."""
    behind: dict[Key | None, list[Key]] = {}
    known = {message.key for message in ours}
    anchor: Key | None = None
    for message in theirs:
        if message.key in known:
            anchor = message.key
        else:
            behind.setdefault(anchor, []).append(message.key)
    order = dict.fromkeys(behind.get(None, []))
    for message in ours:
        order.update(dict.fromkeys([message.key, *behind.get(message.key, [])]))
    return list(order)
