"""What a new entry takes over from the one that its source text was before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workflow.catalog.doubts import doubt_of
from workflow.catalog.entries import fit
from workflow.catalog.facts import (
    comment_of,
    facts_of,
    is_approved,
    parse,
    persons_comments,
    safe_hash8,
)
from workflow.catalog.state import Key
from workflow.changes import Verdict, pairs, verdict
from workflow.model import Freshness, Message, Origin, Review


def field_pairs(
    vanished: Sequence[Message], fresh: Sequence[Message]
) -> Iterator[tuple[Message, Message]]:
    """Which vanished entry a new one was, field by field."""
    gone, come = _by_context(vanished), _by_context(fresh)
    for context, new in come.items():
        old = gone.get(context, [])
        found = pairs([one.source for one in old], [one.source for one in new]) if old else []
        yield from ((old[was], new[now]) for was, now in found)


def _by_context(messages: Iterable[Message]) -> dict[str | None, list[Message]]:
    found: dict[str | None, list[Message]] = {}
    for message in messages:
        found.setdefault(message.context, []).append(message)
    return found


def text_source(message: Message) -> str:
    """The source text that an entry's translation was made from."""
    facts = facts_of(message)
    if facts.freshness is Freshness.STALE and message.previous_source is not None:
        return message.previous_source
    return message.source


def change_of(message: Message, *, language: str, names: Collection[str]) -> Verdict | None:
    """How the source of a stale text has changed, if the entry tells what it was."""
    before = message.previous_source
    if before is None or facts_of(message).freshness is not Freshness.STALE:
        return None
    return verdict(before, message.source, language=language, names=names)


def moved_over(new: Message, old: Message) -> Message:
    """The old entry for a source that says the same: text, marks and approval stay."""
    said = comment_of(old)
    renewed = str(said.for_source(new.source)) if said else ""
    current = said is not None and said.source_hash == safe_hash8(old.source)
    return replace(
        new,
        translations=tuple(fit(new.source, text) for text in old.translations),
        comments=tuple(
            renewed if current and parse(line) == said else line for line in old.comments
        ),
        flags=old.flags,
        previous_source=old.previous_source if old.fuzzy else None,
    )


def stale_over(new: Message, old: Message, known: Mapping[Key, Message]) -> Message:
    """A new entry with the source it was once, and a person's translation of that as stale text.

    A draft that holds a person's sentences stays with its facts, so that they can be kept again.
    A draft of ours over an approved text that the catalog has (`known`) leads on to that text.
    """
    facts = facts_of(old)
    ours = facts.origin is Origin.MACHINE or not any(old.translations)
    text = "" if ours else fit(new.source, old.translation)
    mixed = facts.origin is Origin.MIXED and facts.review is Review.NONE
    return replace(
        new,
        translations=(text,),
        comments=old.comments if mixed and text else _comments_of_stale(old),
        flags=old.flags - {"fuzzy"} | ({"fuzzy"} if text else set()),
        previous_source=_source_under(old, known) if ours else text_source(old),
    )


def _source_under(draft: Message, known: Mapping[Key, Message]) -> str:
    """The source of the approved text over which a draft stands, else that of the draft."""
    before = draft.previous_source
    found = known.get((draft.context, before)) if before is not None else None
    waits = facts_of(draft).review is Review.NONE
    proven = waits and found is not None and found.obsolete and is_approved(found)
    return before if proven and before is not None else draft.source


def _comments_of_stale(old: Message) -> tuple[str, ...]:
    """A person's comments; where they said that the text needs work, that is not forgotten."""
    comments, doubt = persons_comments(old), doubt_of(old.translation)
    forgotten = facts_of(old).review is Review.NEEDS_WORK and doubt not in comments
    return (*comments, doubt) if forgotten else comments
