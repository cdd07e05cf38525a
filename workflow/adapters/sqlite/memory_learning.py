"""How the memory's tables take over lessons: only what differs is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from workflow.adapters.sqlite.memory_index import word_key
from workflow.memory import Lesson, index_words

AT_ONCE = 500
"""Texts in one query."""

_NUMBERS = "SELECT source, id FROM memory_sources WHERE locale = ? AND source IN"

Text = tuple[int, str, int, int, str]
"""A row of `memory_texts`: source, place, unit, position (0: the whole unit), target."""


class Learning:
    """One transaction over the tables `memory_sources`, `memory_texts` and `memory_words`."""

    def __init__(self, connection: sqlite3.Connection, locale: str) -> None:
        self._connection = connection
        self._locale = locale

    def take(self, lessons: Sequence[Lesson]) -> int:
        """Take over lessons, each for another place and source; how many made a difference."""
        texts = {text for lesson in lessons for text in _sources(lesson)}
        numbers = self._known(texts | {lesson.source for lesson in lessons})
        old = {id(lesson): self._rows(lesson, numbers) for lesson in lessons}
        numbers |= self._added(sorted(texts - numbers.keys()))
        gone: set[int] = set()
        new: list[Text] = []
        changed = 0
        for lesson in lessons:
            before, after = old[id(lesson)], _texts(lesson, numbers)
            if before == after:
                continue
            changed += 1
            gone |= {row[0] for row in before}
            self._connection.executemany(
                "DELETE FROM memory_texts"
                " WHERE source = ? AND place = ? AND unit = ? AND position = ?",
                [row[:4] for row in before],
            )
            new += after
        self._connection.executemany("INSERT INTO memory_texts VALUES (?, ?, ?, ?, ?)", sorted(new))
        self._drop(gone - {row[0] for row in new})
        return changed

    def _known(self, texts: Iterable[str]) -> dict[str, int]:
        wanted = sorted(texts)
        found: dict[str, int] = {}
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(f"{_NUMBERS} ({marks})", (self._locale, *part))
            found.update(rows)
        return found

    def _rows(self, lesson: Lesson, numbers: dict[str, int]) -> list[Text]:
        """What is held for a unit, in the order of its positions."""
        if lesson.source not in numbers:
            return []
        query = (
            "SELECT source, place, unit, position, target FROM memory_texts"
            " WHERE place = ? AND unit = ? ORDER BY position"
        )
        return list(self._connection.execute(query, (lesson.place, numbers[lesson.source])))

    def _added(self, texts: Sequence[str]) -> dict[str, int]:
        """New source texts with their words in the index; their numbers."""
        query = "SELECT coalesce(max(id), 0) + 1 FROM memory_sources"
        (first,) = self._connection.execute(query).fetchone()
        numbers = {text: first + offset for offset, text in enumerate(texts)}
        self._connection.executemany(
            "INSERT INTO memory_sources VALUES (?, ?, ?)",
            [(number, self._locale, text) for text, number in numbers.items()],
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO memory_words VALUES (?, ?, ?)",
            sorted(
                (word_key(self._locale, word), number, len(text))
                for text, number in numbers.items()
                for word in index_words(text)
            ),
        )
        return numbers

    def _drop(self, numbers: Iterable[int]) -> None:
        """Forget source texts that no text is held for any more."""
        query = (
            "SELECT source FROM memory_sources WHERE id = ?"
            " AND NOT EXISTS (SELECT 1 FROM memory_texts WHERE source = memory_sources.id)"
        )
        for number in sorted(numbers):
            row = self._connection.execute(query, (number,)).fetchone()
            if row is None:
                continue
            self._connection.execute("DELETE FROM memory_sources WHERE id = ?", (number,))
            self._connection.executemany(
                "DELETE FROM memory_words WHERE key = ? AND source = ?",
                [(word_key(self._locale, word), number) for word in index_words(row[0])],
            )


def _sources(lesson: Lesson) -> list[str]:
    """The source texts for which a lesson has a translation."""
    if lesson.target is None:
        return []
    return [lesson.source, *(source for source, _ in lesson.pairs)]


def _texts(lesson: Lesson, numbers: dict[str, int]) -> list[Text]:
    if lesson.target is None:
        return []
    unit = numbers[lesson.source]
    pairs = [pair for pair in lesson.pairs if pair[0] != lesson.source]
    return [(unit, lesson.place, unit, 0, lesson.target)] + [
        (numbers[source], lesson.place, unit, position, target)
        for position, (source, target) in enumerate(pairs, start=1)
    ]
