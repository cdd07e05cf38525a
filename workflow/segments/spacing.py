"""Blanks around tokens as the source had them; engines add and drop them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from workflow.segments.parts import Piece
from workflow.segments.tokens import TOKEN

_OPENERS = frozenset("([{¿¡«“\u2018")
_CLOSERS = frozenset(".,)]}…،")
_BEFORE_BLANK = frozenset(".,;:!?)]}…،؛؟»”")
_WIDE = frozenset("WF")
_PREFIX = re.compile(r"(?<!\w)[\u0621-\u064a]{1,2}$")


def spaced(
    source: str, words: Sequence[str], numbers: Sequence[int], pieces: Sequence[Piece]
) -> list[str]:
    """The stretches between tokens with mended edges.

    `source` is the text with tokens; `words` are the answer's stretches, one more than `numbers`
    and `pieces`. Only what the source shows for certain is mended, so the source itself comes back
    as it is.
    """
    result = list(words)
    around = _neighbours(source)
    for position, (number, piece) in enumerate(zip(numbers, pieces, strict=True)):
        before, after = around[number]
        left, right = result[position], result[position + 1]
        if not left and position and _were_apart(source, numbers[position - 1], number):
            left = _between(pieces[position - 1], piece)
            result[position] = left
        if piece.kind == "close":
            result[position] = _inner_left(left, before)
        else:
            result[position] = _apart_left(_left(left, before), before, piece)
        if piece.kind == "open":
            result[position + 1] = _inner_right(right, after)
        else:
            result[position + 1] = _apart_right(_right(right, after), after, piece)
    return result


def _were_apart(source: str, one: int, other: int) -> bool:
    """Whether something stands between two tokens in the source, be it the other way round."""
    return f"⟦{one}⟧⟦{other}⟧" not in source


def _between(one: Piece, other: Piece) -> str:
    """A blank between two pieces that end and begin with text of their own.

    An address reads on into an entity behind it, so one that stands alone is enough.
    """
    apart = one.kind != "open" and other.kind != "close"
    return " " if apart and (_stands_alone(one) or _stands_alone(other)) else ""


def _apart_left(text: str, before: str, piece: Piece) -> str:
    """No word stands glued to a piece that stands alone in the source; an Arabic prefix may."""
    if not text or not _is_word(text[-1]) or before.isalnum() or not _stands_alone(piece):
        return text
    return text if _PREFIX.search(text) else f"{text} "


def _apart_right(text: str, after: str, piece: Piece) -> str:
    if not text or not _is_word(text[0]) or after.isalnum() or not _stands_alone(piece):
        return text
    return f" {text}"


def _stands_alone(piece: Piece) -> bool:
    """Whether a piece is a word among others; a tag, an entity or an escaped sign is none."""
    return piece.kind != "atom" or not piece.raw.startswith(("<", "&", "\\"))


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
