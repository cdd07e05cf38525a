"""A segment without its markup: what the engine sees, and between which words each span stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from workflow.segments.parts import Protected
from workflow.segments.tokens import TOKEN

WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span round the words `first` to `last` of a clean text; its ends are numbers of tokens.

    `head` and `tail` tell whether marks of punctuation at its two ends stand inside; `whole` is
    false for a span that starts or ends within a word.
    """

    opening: int
    closing: int
    first: int
    last: int
    head: bool = False
    tail: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Clean:
    """A segment without its markup: what the engine sees, and the marks, outer ones first.

    `atoms` are the numbers that the tokens of `protected` have in the segment with its markup.
    """

    protected: Protected
    marks: tuple[Mark, ...]
    atoms: tuple[int, ...]


def cleaned(protected: Protected) -> Clean | None:
    """The segment without its markup; None if it has none."""
    text, atoms, spans = _without_marks(protected)
    if not spans:
        return None
    pieces = tuple(protected.pieces[number - 1] for number in atoms)
    words = [(found.start(), found.end()) for found in WORD.finditer(text)]
    marks = tuple(_mark(text, words, span) for span in spans)
    return Clean(Protected(protected.source, text, pieces), marks, tuple(atoms))


_Span = tuple[int, int, int, int]
"""Start and end in the clean text, and the tokens that open and close it."""


def _without_marks(protected: Protected) -> tuple[str, list[int], list[_Span]]:
    cut = TOKEN.split(protected.text)
    text, atoms, spans = "", list[int](), list[_Span]()
    still_open: list[tuple[int, int]] = []
    for words, found in zip_longest(cut[::2], cut[1::2]):
        text += words
        number = int(found or 0)
        kind = protected.pieces[number - 1].kind if number else ""
        if kind == "atom":
            atoms.append(number)
            text += f"⟦{len(atoms)}⟧"
        elif kind == "open":
            still_open.append((len(text), number))
        elif kind == "close":
            start, opening = still_open.pop()
            spans.append((start, len(text), opening, number))
    return text, atoms, sorted(spans, key=lambda span: (span[0], -span[1], span[2]))


def _mark(text: str, words: Sequence[tuple[int, int]], span: _Span) -> Mark:
    start, end, opening, closing = span
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end -= len(inner) - len(inner.rstrip())
    touched = [at for at, (left, right) in enumerate(words) if left < end and right > start]
    if not touched or start >= end:
        return Mark(opening, closing, 0, 0, whole=False)
    first, last = touched[0], touched[-1]
    outside = text[words[first][0] : start] + text[end : words[last][1]]
    return Mark(
        opening,
        closing,
        first,
        last,
        head=not _is_of_a_word(text[start]),
        tail=not _is_of_a_word(text[end - 1]),
        whole=not any(map(_is_of_a_word, outside)),
    )


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character in "⟦⟧%€$£°"
