"""Settling: drafts go where nobody has written, and an old text of a person's stays beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from workflow.catalog.aside import as_previous
from workflow.catalog.facts import facts_of, persons_comments
from workflow.catalog.state import Key
from workflow.model import Freshness, Message, Origin, Review
from workflow.pseudo import is_pseudo

_OURS = {Origin.MACHINE, Origin.MIXED}
"""A mixed text of ours is made from an older one of a person's, which stands aside already."""


def settle(messages: Iterable[Message], results: Mapping[Key, Message]) -> tuple[Message, ...]:
    """The entries with each result (from `draft`, `withheld` or `approved`) where it may go.

    Only entries that are empty, our untouched draft, or stale are replaced; an approved current
    text or one that a person works on never is. Pseudo text gives way to any result, and replaces
    nothing but its own kind. What does not fit any more is ignored.
    """
    return tuple(_settled(message, results.get(message.key)) for message in messages)


def _settled(message: Message, result: Message | None) -> Message:
    if result is None or not may_replace(message, pseudo=is_pseudo(facts_of(result))):
        return message
    aside = previous_lines(message)
    if aside and not any(result.translations):
        return message  # a person's old text is better than nothing
    return replace(
        message,
        translations=result.translations,
        comments=(*_without(persons_comments(message), aside), *aside, *result.comments),
        flags=(message.flags - {"fuzzy"}) | result.flags,
        previous_source=result.previous_source or message.previous_source,
    )


def may_replace(message: Message, *, pseudo: bool = False) -> bool:
    """Whether a result may take this entry's place without touching a person's work.

    With `pseudo` it is pseudo text, which may take no other text's place either.
    """
    facts = facts_of(message)
    if message.obsolete or message.plural is not None or facts.review is Review.NEEDS_WORK:
        return False
    if pseudo and any(message.translations) and not is_pseudo(facts):
        return False
    return facts.review is Review.NONE or facts.freshness is not Freshness.CURRENT


def previous_lines(message: Message) -> tuple[str, ...]:
    """The `previous: …` comments that keep a person's stale text, one per line of the text."""
    if not any(message.translations) or facts_of(message).origin in _OURS:
        return ()
    if facts_of(message).freshness is not Freshness.STALE:
        return ()
    return as_previous(message.translation)


def _without(comments: tuple[str, ...], aside: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in comments if line not in aside)
