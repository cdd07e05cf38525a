"""The last text that a person approved, for a unit whose source has changed since.

When the source of an approved text changes, ingest gives its text to the new entry as a stale one
(or, of a machine's text, nothing), and leaves the approved entry itself at the end of the file as
an obsolete one that is not fuzzy: context, old source, text and facts as they were. That entry is
the proof. What leads to it is the new entry's `#|` (the source it was before), also when a draft
has taken its place; and where a draft that was made meanwhile has become stale in its turn, the
`previous:` lines, which hold the person's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workflow.catalog.aside import PREVIOUS, as_previous
from workflow.catalog.facts import comment_of, facts_of, is_approved
from workflow.catalog.verdict import NOT_APPROVED, REVIEW
from workflow.model import Facts, Freshness, Message, Origin, Review

Retired = Mapping[str | None, Sequence[Message]]
"""The obsolete entries that a person had approved, by their context."""
_STALE = Facts(Origin.HUMAN, Freshness.STALE, Review.NONE)


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
    found = twin or _by_text(message, candidates) or _of_itself(message, before)
    return None if found is None or _is_doubted(message, found) else found


def _by_text(message: Message, candidates: Iterable[Message]) -> Message | None:
    """The retired entry whose text stands last in the `previous:` lines, if it is but one."""
    found = [one for one in candidates if _stands_aside(message, one)]
    longest = max((len(one.translation) for one in found), default=0)
    best = [one for one in found if len(one.translation) == longest]
    return best[0] if len(best) == 1 else None


def _stands_aside(message: Message, old: Message) -> bool:
    """Whether a text is the last one that stands above an entry."""
    lines = [_plain(line) for line in message.comments if line.startswith(PREVIOUS)]
    told = [_plain(line) for line in as_previous(old.translation)]
    return lines[-len(told) :] == told


def _plain(line: str) -> str:
    return " ".join(line.split())


def _of_itself(message: Message, before: str) -> Message | None:
    """The entry's own stale text, where tools have taken the obsolete entries away.

    It stands beside its old source, and gettext's tools write that for an approved text alone. What
    ingest made stale before anybody had approved it, it marks.
    """
    said = comment_of(message) or any(line.startswith(REVIEW) for line in message.comments)
    if said or message.plural is not None or facts_of(message) != _STALE:
        return None
    return replace(message, source=before, flags=frozenset(), previous_source=None)


def _is_doubted(message: Message, found: Message) -> bool:
    """Whether a person has said of this very text that it needs work.

    The mark is about the stale text that it stands by, or that a draft has since put aside.
    """
    facts, marked = facts_of(message), NOT_APPROVED in message.comments
    same = message.translations == found.translations
    if same and (facts.review is Review.NEEDS_WORK or marked):
        return True
    return marked and facts != _STALE and _stands_aside(message, found)
