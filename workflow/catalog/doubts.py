"""Doubts: comment lines that name a text which a person said needs work.

The facts of an entry are about the text that stands in it. Where it has a history (an older source,
an older text above it), a doubt must outlive the text: else an older approval of the very same text
would count again as soon as somebody begins to write another one.
"""

from __future__ import annotations

from workflow.catalog.aside import PREVIOUS
from workflow.catalog.facts import safe_hash8
from workflow.model import Message

REVIEW = "review:"
_DOUBT = f"{REVIEW} needs work: text "


def doubt_of(text: str) -> str:
    """The comment line that says of a text that it needs work; blanks at its ends are no part."""
    return f"{_DOUBT}{safe_hash8(text.strip())}"


def is_doubt(line: str) -> bool:
    """Whether a comment line is such a one."""
    return line.startswith(_DOUBT)


def has_history(message: Message) -> bool:
    """Whether an entry tells of an older source or an older text."""
    older = any(line.startswith(PREVIOUS) for line in message.comments)
    return older or message.previous_source is not None
