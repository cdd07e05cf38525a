"""Word alignment of two sentences whose chunks say what they translate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.demo_packages.chunks import Chunk, joined

WORD = re.compile(r"⟦\d+⟧|[\w\u064b-\u0652]+(?:[-'’.:,@/][\w\u064b-\u0652]+)*|\S")
PUNCTUATION = {"،": ",", "؛": ";", "؟": "?", "«": '"', "»": '"', "“": '"', "”": '"'}

Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number, token or punctuation mark and what it translates."""

    start: int
    end: int
    text: str
    keys: frozenset[str]
    copied: bool

    def translates(self, other: Word) -> bool:
        """Say whether the words share a key; what is copied only goes with its own copy."""
        copies = self.copied and other.copied
        return bool(self.keys & other.keys) and (not copies or self.text == other.text)


def words(sentence: tuple[Chunk, ...]) -> tuple[Word, ...]:
    """Cut a sentence into words; a word takes the keys of every chunk that it touches."""
    spans = list(_spans(sentence))
    return tuple(_word(found, spans) for found in WORD.finditer(joined(sentence)))


def _spans(sentence: tuple[Chunk, ...]) -> Iterator[tuple[int, int, Chunk]]:
    start = 0
    for chunk in sentence:
        yield start, start + len(chunk.text), chunk
        start += len(chunk.text)


def _word(found: re.Match[str], spans: list[tuple[int, int, Chunk]]) -> Word:
    start, end = found.span()
    touched = [chunk for first, last, chunk in spans if first < end and start < last]
    keys = frozenset[str]().union(*(chunk.keys for chunk in touched))
    return Word(start, end, found[0], keys, all(chunk.copied for chunk in touched))


def align(source: tuple[Word, ...], target: tuple[Word, ...]) -> tuple[Link, ...]:
    """Link words that share a key, and equal punctuation marks in order."""
    by_key = {
        (i, j)
        for i, one in enumerate(source)
        for j, other in enumerate(target)
        if one.translates(other)
    }
    linked = {j for _, j in by_key}
    by_mark = {link for link in _marks(source, target) if link[1] not in linked}
    return tuple(sorted(by_key | by_mark))


def _marks(source: tuple[Word, ...], target: tuple[Word, ...]) -> Iterator[Link]:
    """Pair the n-th comma with the n-th comma, and so on, where both sides have as many."""
    here, there = _positions(source), _positions(target)
    for mark in here.keys() & there.keys():
        if len(here[mark]) == len(there[mark]):
            yield from zip(here[mark], there[mark], strict=True)


def _positions(sentence: tuple[Word, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, word in enumerate(sentence):
        mark = PUNCTUATION.get(word.text, word.text)
        if mark.startswith("⟦") or (len(mark) == 1 and not mark.isalnum()):
            found.setdefault(mark, []).append(index)
    return found
