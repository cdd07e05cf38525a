"""What reviewers said, in SQLite: rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from workflow.adapters.sqlite.connection import Database
from workflow.ports.reviews import Note

_INSERT = (
    "INSERT INTO reviews (locale, unit, revision, review, by, at, why) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_SELECT = (
    "SELECT locale, unit, revision, review, by, at, why FROM reviews"
    " WHERE unit = ? AND (locale = ? OR ? = '') ORDER BY id"
)


class SqliteReviews:
    """Implements `ports.reviews.ReviewLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, notes: Iterable[Note]) -> None:
        """Keep these notes."""
        rows = [astuple(one) for one in notes]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(_INSERT, rows)

    def of(self, unit: str, locale: str = "") -> tuple[Note, ...]:
        """The notes on a unit."""
        with self._database.transaction() as connection:
            return tuple(Note(*row) for row in connection.execute(_SELECT, (unit, locale, locale)))
