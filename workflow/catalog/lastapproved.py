"""The last text that a person approved, for a unit whose source has changed since.

When the source of an approved text changes, ingest gives its text to the new entry as a stale one
(or, of a machine's text, nothing), and leaves the approved entry itself at the end of the file as
an obsolete one that is not fuzzy: context, old source, text and facts as they were. That entry is
the proof, and there is no other: a fuzzy text with `#|` may be what somebody has just begun. What
leads to it is the new entry's `#|` (the source it was before), also when a draft has taken its
place; and where a draft that was made meanwhile has become stale in its turn, the `previous:`
lines, which hold the person's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workflow.catalog.aside import PREVIOUS, as_previous
from workflow.catalog.doubts import doubt_of
from workflow.catalog.facts import facts_of, is_approved
from workflow.model import Freshness, Message, Review

Retired = Mapping[str | None, Sequence[Message]]
"""The obsolete entries that a person had approved, by their context."""


def retired(messages: Iterable[Message]) -> dict[str | None, list[Message]]:
    """The obsolete entries of a catalog that a person had approved, by their context."""
    found: dict[str | None, list[Message]] = {}
    for message in messages:
        if message.obsolete and message.plural is None and is_approved(message):
            found.setdefault(message.context, []).append(message)
    return found


def last_approved(message: Message, old: Retired) -> Message | None:
    """The entry with the last approved text of a unit as it stood, its own source as msgid.

    None if nothing in the catalog proves that there was one: if the entry does not say that its
    source has changed, and if the person who is at work on it doubts this very text.
    """
    before = message.previous_source
    if before is None or message.previous_context not in {None, message.context}:
        return None
    candidates = [one for one in old.get(message.context, ()) if one.source != message.source]
    twin = next((one for one in candidates if one.source == before), None)
    found = twin or _by_text(message, candidates)
    return None if found is None or _is_doubted(message, found) else found


def _by_text(message: Message, candidates: Iterable[Message]) -> Message | None:
    """The retired entry whose text stands in this one or above it, if it is but one.

    A text that was approved for two sources is retired but once.
    """
    found = [one for one in candidates if _stands(message, one)]
    longest = max((len(one.translation) for one in found), default=0)
    best = [one for one in found if len(one.translation) == longest]
    return best[0] if len(best) == 1 else None


def _stands(message: Message, old: Message) -> bool:
    """Whether a text is the stale text of an entry, or the last one that stands above it."""
    if facts_of(message).freshness is Freshness.STALE and message.translation == old.translation:
        return True
    lines = [_plain(line) for line in message.comments if line.startswith(PREVIOUS)]
    told = [_plain(line) for line in as_previous(old.translation)]
    return lines[-len(told) :] == told


def _plain(line: str) -> str:
    return " ".join(line.split())


def _is_doubted(message: Message, found: Message) -> bool:
    """Whether a person has said of this very text that it needs work, and approved none since."""
    doubted = facts_of(message).review is Review.NEEDS_WORK
    same = message.translations == found.translations
    return (doubted and same) or doubt_of(found.translation) in message.comments
