"""Texts that stand aside: comment lines that keep a text where it cannot stand as the msgstr.

`previous:` keeps an older text of a person's, `conflict:` one that somebody else wrote at the same
time. Both are comments like others for people: whoever has settled the matter deletes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workflow.model import Message

PREVIOUS = "previous:"
CONFLICT = "conflict:"


def as_previous(text: str) -> tuple[str, ...]:
    """An older text as comment lines, one per line of the text."""
    return tuple(_lines(PREVIOUS, text))


def as_conflict(texts: Iterable[str]) -> tuple[str, ...]:
    """The forms of another text for the same entry as comment lines."""
    return tuple(line for text in texts for line in _lines(CONFLICT, text))


def with_lines(message: Message, lines: Iterable[str]) -> Message:
    """The entry with these comment lines before the facts, each once."""
    new = tuple(line for line in dict.fromkeys(lines) if line not in message.comments)
    return replace(message, comments=(*new, *message.comments)) if new else message


def with_block(message: Message, lines: Iterable[str]) -> Message:
    """The entry with a text that stands aside before the other comments, once and whole."""
    block = tuple(lines)
    starts = range(len(message.comments) - len(block) + 1)
    there = any(message.comments[at : at + len(block)] == block for at in starts)
    return message if there else replace(message, comments=(*block, *message.comments))


def conflicts(message: Message) -> tuple[str, ...]:
    """The lines of other texts that wait for a person's decision."""
    return tuple(
        line.removeprefix(CONFLICT).strip()
        for line in message.comments
        if line.startswith(CONFLICT)
    )


def _lines(mark: str, text: str) -> Iterator[str]:
    yield from (f"{mark} {line}".rstrip() for line in text.split("\n"))
