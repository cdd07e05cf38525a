"""Sentence boundaries by sentencex: rules only, nothing to download."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

_LINE_BREAK = re.compile(r"(\s*\n\s*)")


def split(text: str, language: str) -> tuple[str, ...]:
    """Sentences and the blanks between them, each a string of its own; joined they are the text.

    `language` is a BCP 47 tag; an unknown one is split by common rules. A line break always ends
    a sentence.
    """
    pieces = tuple(piece for piece in _pieces(text, language) if piece)
    return pieces if "".join(pieces) == text else (text,)


def _pieces(text: str, language: str) -> Iterator[str]:
    for line in _LINE_BREAK.split(text) if "\n" in text else (text,):
        if not line or line.isspace():
            yield line
            continue
        for sentence in sentencex.segment(language.partition("-")[0].lower(), line):
            yield from edges(sentence)


def edges(text: str) -> tuple[str, str, str]:
    """Leading blanks, the text itself, trailing blanks."""
    bare = text.strip()
    start = text.find(bare) if bare else len(text)
    return text[:start], bare, text[start + len(bare) :]


def starts(text: str, language: str) -> list[int]:
    """The offsets at which the second and later sentences start."""
    found: list[int] = []
    position = 0
    for piece in split(text, language):
        if not piece.isspace():
            found.append(position)
        position += len(piece)
    return found[1:]
