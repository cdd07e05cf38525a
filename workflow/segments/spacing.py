"""Blanks around tokens as the source had them; engines add and drop them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from workflow.segments.tokens import TOKEN

_OPENERS = frozenset("([{¿¡«“\u2018")
_CLOSERS = frozenset(".,)]}…،")
_BEFORE_BLANK = frozenset(".,;:!?)]}…،؛؟»”")
_WIDE = frozenset("WF")


def spaced(
    source: str, words: Sequence[str], numbers: Sequence[int], kinds: Sequence[str]
) -> list[str]:
    """The stretches between tokens with mended edges.

    `source` is the text with tokens; `words` are the answer's stretches, one more than `numbers`
    and `kinds` (open, close, atom). Only what the source shows for certain is mended, so the
    source itself comes back as it is.
    """
    result = list(words)
    around = _neighbours(source)
    for position, (number, kind) in enumerate(zip(numbers, kinds, strict=True)):
        before, after = around[number]
        left, right = result[position], result[position + 1]
        result[position] = _inner_left(left, before) if kind == "close" else _left(left, before)
        result[position + 1] = (
            _inner_right(right, after) if kind == "open" else _right(right, after)
        )
    return result


def _neighbours(source: str) -> dict[int, tuple[str, str]]:
    """The characters before and after each token; empty at an end of the text."""
    return {
        int(found[1]): (
            source[found.start() - 1 : found.start()] if found.start() else "",
            source[found.end() : found.end() + 1],
        )
        for found in TOKEN.finditer(source)
    }


def _inner_left(text: str, before: str) -> str:
    return text if before.isspace() else text.rstrip()


def _inner_right(text: str, after: str) -> str:
    return text if after.isspace() else text.lstrip()


def _left(text: str, before: str) -> str:
    """What stands before an opening token or an atom."""
    last = text[-1:]
    if before.isspace() and last and (last in _BEFORE_BLANK or _is_word(last)):
        return f"{text} "
    if not before.isspace() and text.rstrip()[-1:] in _OPENERS:
        return text.rstrip()
    return text


def _right(text: str, after: str) -> str:
    """What stands after a closing token or an atom."""
    first = text[:1]
    if after.isspace() and first and (first in _OPENERS or _is_word(first)):
        return f" {text}"
    if not after.isspace() and text.lstrip()[:1] in _CLOSERS:
        return text.lstrip()
    return text


def _is_word(character: str) -> bool:
    """A letter or digit of a script that parts its words with blanks."""
    return character.isalnum() and unicodedata.east_asian_width(character) not in _WIDE
