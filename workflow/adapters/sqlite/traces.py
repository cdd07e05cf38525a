"""Traces of runs in SQLite: one row for each collection's content, and for each of its catalogs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from workflow.adapters.sqlite.connection import Database
from workflow.ports.traces import Trace


class SqliteTraces:
    """Implements `ports.traces.Traces`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[tuple[str, str], Trace]:
        """All traces by collection and locale."""
        select = "SELECT collection, locale, inputs, drafted, memory, told FROM traces"
        with self._database.transaction() as connection:
            traces = [Trace(*row) for row in connection.execute(select)]
        return {(trace.collection, trace.locale): trace for trace in traces}

    def keep(self, traces: Iterable[Trace]) -> None:
        """Keep these, each in place of the one before."""
        rows = [astuple(trace) for trace in traces]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?, ?, ?)", rows
                )
