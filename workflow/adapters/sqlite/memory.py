"""The translation memory in SQLite: approved units and sentences, by exact text and by likeness."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.memory_index import Finder
from workflow.adapters.sqlite.memory_learning import Learning
from workflow.memory import LEAST, Lesson, MemoryMatch, shelves

AT_ONCE = 500
"""Texts in one query."""
_TEXTS = """
SELECT s.source, t.place, t.target, t.position = 0
FROM memory_sources s JOIN memory_texts t ON t.source = s.id
WHERE s.locale = ? AND s.source IN
"""
_UNITS = """
SELECT t.place, s.source, t.target FROM memory_texts t JOIN memory_sources s ON s.id = t.source
WHERE t.place >= ? AND t.place < ? AND t.position = 0 AND s.locale = ?
"""
_NEXT = """
INSERT INTO memory_versions VALUES (?, 1) ON CONFLICT (locale) DO UPDATE SET version = version + 1
"""

Row = tuple[str, str, str, bool]


class SqliteMemory:
    """Implements `ports.Memory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def exact(self, locale: str, sources: Sequence[tuple[str, str]]) -> dict[int, MemoryMatch]:
        """Exact matches for (place, source) pairs, by their index."""
        with self._database.transaction() as connection:
            found = shelves(_held(connection, locale, {source for _, source in sources}))
        matches = {
            index: found[source].match(place)
            for index, (place, source) in enumerate(sources)
            if source in found
        }
        return {index: match for index, match in matches.items() if match is not None}

    def targets(self, locale: str, sources: Iterable[str]) -> dict[str, frozenset[str]]:
        """All approved translations of each text that has any."""
        told: dict[str, set[str]] = {}
        with self._database.transaction() as connection:
            for source, _, target, _ in _held(connection, locale, set(sources)):
                told.setdefault(source, set()).add(target)
        return {source: frozenset(texts) for source, texts in told.items()}

    def similar(
        self, locale: str, sources: Sequence[tuple[str, str]], *, least: float = LEAST
    ) -> dict[int, tuple[MemoryMatch, ...]]:
        """Similar texts for (place, source) pairs, by their index; see the port for the bound."""
        with self._database.transaction() as connection:
            finder = Finder(connection, locale, least)
            return {index: found for index, found in finder.all(sources) if found}

    def news(self, locale: str, collection: str, lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
        """The lessons of a collection that differ from what is held; pairs are not compared.

        When they are the same as last time, a digest of them says so without a closer look.
        """
        digest = _digest(lessons)
        with self._database.transaction() as connection:
            if digest == _learned(connection, locale, collection):
                return ()
            bounds = (f"{collection}:", f"{collection};", locale)
            known = {
                (place, source): text for place, source, text in connection.execute(_UNITS, bounds)
            }
            said = {(one.place, one.source): one for one in lessons}
            found = tuple(one for key, one in said.items() if known.get(key) != one.target)
            if not found:
                connection.execute(
                    "INSERT OR REPLACE INTO memory_learned VALUES (?, ?, ?)",
                    (locale, collection, digest),
                )
            return found

    def learn(self, locale: str, lessons: Iterable[Lesson]) -> int:
        """Take over lessons, the last word on a place and source; how many made a difference."""
        said = {(one.place, one.source): one for one in lessons}
        if not said:
            return 0
        with self._database.change() as connection:
            changed = Learning(connection, locale).take(list(said.values()))
            if changed:
                connection.execute("DELETE FROM memory_learned WHERE locale = ?", (locale,))
                connection.execute(_NEXT, (locale,))
            return changed

    def version(self, locale: str) -> int:
        """How often what is held for a locale has changed."""
        query = "SELECT version FROM memory_versions WHERE locale = ?"
        with self._database.transaction() as connection:
            row = connection.execute(query, (locale,)).fetchone()
            return int(row[0]) if row else 0


def _held(connection: sqlite3.Connection, locale: str, sources: set[str]) -> Iterable[Row]:
    wanted = sorted(sources)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        marks = ",".join("?" * len(part))
        yield from connection.execute(f"{_TEXTS} ({marks})", (locale, *part))


def _learned(connection: sqlite3.Connection, locale: str, collection: str) -> bytes:
    query = "SELECT digest FROM memory_learned WHERE locale = ? AND collection = ?"
    row = connection.execute(query, (locale, collection)).fetchone()
    return bytes(row[0]) if row else b""


def _digest(lessons: Iterable[Lesson]) -> bytes:
    told = hashlib.blake2b(digest_size=16)
    for one in lessons:
        text = repr((one.place, one.source, one.target))
        told.update(text.encode(errors="surrogatepass"))
    return told.digest()
