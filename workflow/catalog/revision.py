"""The revision of an entry: what somebody names who changes a text that they were shown."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from workflow.catalog.facts import facts_of
from workflow.model import Message, Review

DIGITS = 8
_FUZZY = {"fuzzy"}


def revision(message: Message) -> str:
    """8 hex digits of a SHA-256 over the msgstr (all forms), the flags, and the mark needs-work.

    Other comments are no part of it: a note that is added to an entry takes no approval back.
    """
    doubted = facts_of(message).review is Review.NEEDS_WORK
    return _revision(message, message.flags, doubted=doubted)


def revisions_of_text(message: Message) -> frozenset[str]:
    """The revisions that an entry with this very text has as draft, in doubt, and approved."""
    draft, firm = message.flags | _FUZZY, message.flags - _FUZZY
    marks = ((draft, False), (draft, True), (firm, False))
    return frozenset(_revision(message, flags, doubted=doubted) for flags, doubted in marks)


def _revision(message: Message, flags: Collection[str], *, doubted: bool) -> str:
    told = repr((message.translations, sorted(flags), doubted))
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:DIGITS]
