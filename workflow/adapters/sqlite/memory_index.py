"""Similar texts in SQLite: an index of words, of which a query takes its rarest."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from workflow.likeness import closest
from workflow.memory import (
    MemoryMatch,
    Shelf,
    index_words,
    lengths,
    rarest,
    shelves,
    similar,
)

TEXTS = 128
"""Texts that are looked at for one word: the first that the memory learned with it."""
CANDIDATES = 16
"""Texts that are compared with a query: those with most rare words, then with the rarest."""
AT_ONCE = 500
"""Queries, or texts in one SELECT."""

_BITS = 16
_LONGEST = (1 << _BITS) - 1
_BY_WORD = "SELECT source, length FROM memory_words WHERE key = ? ORDER BY source LIMIT ?"
_SOURCES = "SELECT id, source FROM memory_sources WHERE id IN"
_TEXTS = """
SELECT s.source, t.place, t.target, t.position = 0, s.id
FROM memory_sources s JOIN memory_texts t ON t.source = s.id WHERE s.id IN
"""

Texts = tuple[int, ...]
"""Texts with a word: the number of each, and in the lowest 16 bits its length in characters."""


@lru_cache(maxsize=100_000)
def word_key(locale: str, word: str) -> int:
    """The number of a word in the index: 63 bits of a hash of locale and word."""
    digest = hashlib.blake2b(f"{locale}\0{word}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class Finder:
    """Looks up many queries over one connection; what it read once it keeps."""

    def __init__(self, connection: sqlite3.Connection, locale: str, least: float) -> None:
        self._connection = connection
        self._locale = locale
        self._least = least
        self._words: dict[str, Texts] = {}

    def all(
        self, sources: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[int, tuple[MemoryMatch, ...]]]:
        """The index of each query that has something similar, and what that is."""
        for start in range(0, len(sources), AT_ONCE):
            part = sources[start : start + AT_ONCE]
            numbers = [self._candidates(source) for _, source in part]
            texts = dict(self._select(_SOURCES, {number for row in numbers for number in row}))
            near = [
                {
                    row[at]
                    for at, _ in closest(source, [texts[one] for one in row], least=self._least)
                }
                for (_, source), row in zip(part, numbers, strict=True)
            ]
            held = self._held({number for row in near for number in row})
            for offset, ((place, source), row) in enumerate(zip(part, near, strict=True)):
                if row:
                    chosen = {held[one].source: held[one] for one in row}
                    yield start + offset, similar(place, source, chosen, least=self._least)

    def _candidates(self, source: str) -> list[int]:
        """The numbers of the texts that are worth comparing."""
        found = {word: self._with_word(word) for word in index_words(source)}
        rows = [found[word] for word in rarest(found)]
        common = Counter(chain.from_iterable(rows))
        size = min(len(source), _LONGEST)
        low, high = lengths(size, self._least)
        ranked = sorted(
            (-count, abs((text & _LONGEST) - size), text)
            for text, count in common.items()
            if count > 1 and low <= text & _LONGEST <= high
        )
        alone = (
            text
            for text in chain.from_iterable(rows)
            if common[text] == 1 and low <= text & _LONGEST <= high
        )
        chosen = islice(chain((rank[2] for rank in ranked), alone), CANDIDATES)
        return [text >> _BITS for text in chosen]

    def _with_word(self, word: str) -> Texts:
        known = self._words.get(word)
        if known is None:
            rows = self._connection.execute(_BY_WORD, (word_key(self._locale, word), TEXTS))
            known = tuple(number << _BITS | min(length, _LONGEST) for number, length in rows)
            self._words[word] = known
        return known

    def _held(self, numbers: set[int]) -> dict[int, Shelf]:
        rows = list(self._select(_TEXTS, numbers))
        by_text = shelves(row[:4] for row in rows)
        return {row[4]: by_text[row[0]] for row in rows}

    def _select(self, query: str, numbers: set[int]) -> Iterator[Any]:
        wanted = sorted(numbers)
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            yield from self._connection.execute(f"{query} ({marks})", part)
