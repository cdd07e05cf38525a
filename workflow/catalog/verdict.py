"""What a reviewer's word does to an entry: approval takes the mark off, needs-work puts it on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workflow.catalog.aside import CONFLICT, PREVIOUS
from workflow.catalog.doubts import REVIEW, doubt_of, has_history, is_doubt
from workflow.catalog.facts import (
    FactsComment,
    comment_of,
    facts_of,
    persons_comments,
    safe_hash8,
    text_hash,
    vouches_for_pseudo,
)
from workflow.model import Freshness, Message, Origin

LONGEST = 200
"""Characters of a reviewer's reason that stand in a catalog."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_MADE = {Origin.MACHINE, Origin.MEMORY, Origin.MIXED}


def approve(message: Message) -> Message:
    """The entry as a person stands for it: no longer fuzzy, nothing left that is about a draft.

    The facts stay if the text is ours unchanged, now as made from today's source. A text that
    stood aside in a conflict stays as `previous:` line: the matter is settled, and nothing is lost.
    Pseudo text becomes the person's own: with its facts it would still be pseudo text.
    """
    facts, said = facts_of(message), comment_of(message)
    kept = tuple(_settled(message))
    if said and _stays(said, message) and facts.origin in _MADE:
        made = replace(said.for_source(message.source), kind=facts.origin.value)
        kept = (*kept, str(made))
    return replace(
        message,
        comments=kept,
        flags=message.flags - {"fuzzy"},
        previous_context=None,
        previous_source=None,
        previous_plural=None,
    )


def doubt(message: Message, *, why: str = "") -> Message:
    """The entry as one that needs work: fuzzy, with facts that say so, and the reason if any.

    The text stays, and what it was made from: a stale text is still stale.
    """
    facts, old = facts_of(message), comment_of(message)
    made_from = safe_hash8(message.source)
    if facts.freshness is Freshness.STALE:
        made_from = old.source_hash if old else safe_hash8(message.previous_source or "")
    told = FactsComment("needs-work", made_from, text_hash(message), facts.packages, facts.risk)
    mine = tuple(line for line in persons_comments(message) if not line.startswith(REVIEW))
    reason = (f"{REVIEW} {_one_line(why)}",) if _one_line(why) else ()
    said = tuple(dict.fromkeys((*reason, *_doubts(message))))
    return replace(message, comments=(*mine, *said, str(told)), flags=message.flags | {"fuzzy"})


def _doubts(message: Message) -> Iterator[str]:
    """The texts that are in doubt: those that were, and this one if the entry has a history."""
    yield from filter(is_doubt, message.comments)
    if has_history(message):
        yield doubt_of(message.translation)


def _stays(said: FactsComment, message: Message) -> bool:
    """Whether the facts are those of the text as it stands, and hold when a person approves it."""
    return said.text_hash == text_hash(message) and not vouches_for_pseudo(said, message)


def _settled(message: Message) -> Iterator[str]:
    """The comments without those of an open matter."""
    for line in persons_comments(message):
        if line.startswith(CONFLICT):
            yield f"{PREVIOUS}{line.removeprefix(CONFLICT)}"
        elif not line.startswith(REVIEW):
            yield line


def _one_line(why: str) -> str:
    return " ".join(_CONTROL.sub(" ", why).split())[:LONGEST]
