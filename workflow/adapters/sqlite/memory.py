"""The translation memory in SQLite: approved text only, looked up by exact source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workflow.adapters.sqlite.connection import Database
from workflow.ports import MemoryMatch


class SqliteMemory:
    """Implements `ports.Memory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def exact(self, locale: str, sources: Sequence[tuple[str, str]]) -> dict[int, MemoryMatch]:
        """Exact matches for (place, source) pairs; the one from the same place comes first."""
        query = (
            "SELECT place, target FROM memory WHERE locale = ? AND source = ?"
            " ORDER BY place <> ?, place LIMIT 1"
        )
        found = {}
        with self._database.transaction() as connection:
            for index, (place, source) in enumerate(sources):
                row = connection.execute(query, (locale, source, place)).fetchone()
                if row:
                    found[index] = MemoryMatch(source, row[1], same_place=row[0] == place)
        return found

    def learn(self, locale: str, pairs: Iterable[tuple[str, str, str | None]]) -> int:
        """Take over (place, source, target) triples; a target of None is forgotten.

        Only differences are written, the last word on a place and source counts. Returns how many.
        """
        said = {(place, source): target for place, source, target in pairs}
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT place, source, target FROM memory WHERE locale = ?", (locale,)
            )
            known = {(place, source): target for place, source, target in rows}
            changed = [
                (locale, place, source, target)
                for (place, source), target in said.items()
                if known.get((place, source)) != target
            ]
            connection.executemany(
                "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?)",
                [row for row in changed if row[3] is not None],
            )
            connection.executemany(
                "DELETE FROM memory WHERE locale = ? AND place = ? AND source = ?",
                [row[:3] for row in changed if row[3] is None],
            )
            return len(changed)
