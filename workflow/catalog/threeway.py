"""Three-way merging of one entry: what a person changed since the base always comes through."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workflow.catalog.aside import as_conflict, as_previous, with_block, with_lines
from workflow.catalog.facts import facts_of, persons_comments
from workflow.model import Message, Origin, Review
from workflow.pseudo import is_pseudo


@dataclass(frozen=True, slots=True)
class Combined:
    """The entry after a merge; `conflict` if both sides had another text and both are kept."""

    message: Message
    conflict: bool = False


def combined(base: Message | None, current: Message, theirs: Message) -> Combined:
    """The current entry with what `theirs` changed since `base` (None: nothing is known of it).

    Only one side changed: its text. Both: the text of a person stands, and of two people the one
    that stands already; the other becomes a `conflict:` comment. Comments of both are kept. Pseudo
    text counts as no text: it gives way to any other, and leaves nothing behind.
    """
    if theirs.translations == current.translations:
        return Combined(_commented(_reviewed(base, current, theirs), base, theirs))
    if _gives_way(theirs, current):
        return Combined(_commented(current, base, theirs))
    if _gives_way(current, theirs) and (base is None or not _unchanged(base, theirs)):
        return Combined(_taken(current, base, theirs))
    if _unchanged(base, theirs):
        return Combined(_commented(current, base, theirs))
    if base is not None and base.translations == current.translations:
        return Combined(_taken(current, base, theirs))
    return _both(base, current, theirs)


def _gives_way(one: Message, other: Message) -> bool:
    """Whether one side has pseudo text, and the other side a text that is none."""
    return any(other.translations) and _is_pseudo(one) and not _is_pseudo(other)


def _is_pseudo(message: Message) -> bool:
    return is_pseudo(facts_of(message))


def is_ours(message: Message) -> bool:
    """Whether the text is the machine's or the memory's and nobody has approved or touched it.

    An entry without a text is nobody's, so it counts as ours.
    """
    facts = facts_of(message)
    machine = facts.origin in {Origin.MACHINE, Origin.MEMORY, Origin.MIXED, Origin.NONE}
    return machine and facts.review is Review.NONE


def taken(current: Message, theirs: Message) -> Message:
    """The current entry with text, flags and facts of theirs, and the comments of both."""
    return _taken(current, None, theirs)


def _unchanged(base: Message | None, theirs: Message) -> bool:
    """Whether they left the text alone: it is the base's, empty, or our own untouched draft."""
    if base is None:
        return is_ours(theirs)
    same = theirs.translations == base.translations and not is_approval(base, theirs)
    return same or not any(theirs.translations)


def is_approval(base: Message, theirs: Message) -> bool:
    """Whether somebody took the mark off a draft; of pseudo text that is no approval."""
    off = base.fuzzy and not theirs.fuzzy and any(theirs.translations)
    return off and not _is_pseudo(theirs)


def _both(base: Message | None, current: Message, theirs: Message) -> Combined:
    if is_ours(theirs):
        return Combined(_commented(current, base, theirs))
    if not is_ours(current):
        if set(as_previous("\n".join(theirs.translations))) <= set(current.comments):
            return Combined(_commented(current, base, theirs))  # settled once already
        beside = with_block(current, as_conflict(theirs.translations))
        return Combined(_commented(beside, base, theirs), conflict=True)
    new = _taken(current, base, theirs)
    if base is None or not any(current.translations):
        return Combined(new)
    return Combined(with_block(new, as_conflict(current.translations)), conflict=True)


def _taken(current: Message, base: Message | None, theirs: Message) -> Message:
    """Their text, their mark and what goes with it; notes and references stay the current ones."""
    fuzzy = theirs.flags & {"fuzzy"}
    new = replace(
        current,
        translations=theirs.translations,
        flags=(current.flags - {"fuzzy"}) | fuzzy,
        comments=_facts_lines(theirs),
        obsolete=current.obsolete and theirs.obsolete,
    )
    mine = persons_comments(current)
    gone = set(persons_comments(base)) - set(persons_comments(theirs)) if base else set()
    kept = [line for line in mine if line not in gone]
    return with_lines(with_lines(new, persons_comments(theirs)), kept)


def _reviewed(base: Message | None, current: Message, theirs: Message) -> Message:
    """One text on both sides: whoever changed the mark is heard, an approval before a doubt."""
    if _is_pseudo(current) and facts_of(theirs).review is Review.APPROVED:
        return _taken(current, base, theirs)  # by name: the facts that made it pseudo text are gone
    if _doubts(theirs) and not (base and _doubts(base)) and not _doubts(current):
        mine = persons_comments(current)
        told = replace(current, comments=(*mine, *_facts_lines(theirs)))
        return replace(told, flags=current.flags | {"fuzzy"})
    if current.fuzzy == theirs.fuzzy:
        return current
    changed = theirs.fuzzy != (base.fuzzy if base is not None else True)
    same_text = base is None or base.translations == theirs.translations
    if (not theirs.fuzzy and (changed or not same_text)) or (changed and same_text):
        return replace(current, flags=(current.flags - {"fuzzy"}) | (theirs.flags & {"fuzzy"}))
    return current


def _doubts(message: Message) -> bool:
    return facts_of(message).review is Review.NEEDS_WORK


def _commented(current: Message, base: Message | None, theirs: Message) -> Message:
    """The entry with the comments that they added and without those that they took out."""
    before = set(persons_comments(base)) if base else set()
    told = persons_comments(theirs)
    gone = before - set(told)
    kept = tuple(line for line in current.comments if line not in gone)
    current = replace(current, comments=kept) if len(kept) < len(current.comments) else current
    return with_lines(current, (line for line in told if line not in before))


def _facts_lines(message: Message) -> tuple[str, ...]:
    mine = set(persons_comments(message))
    return tuple(line for line in message.comments if line not in mine)
