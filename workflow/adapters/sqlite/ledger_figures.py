"""The ledger as people watch it: the figures of jobs, and what the hub last said of itself."""

from __future__ import annotations

import sqlite3

from workflow.adapters.sqlite.ledger_rows import Row, Rows, package_of, question_of, request_of
from workflow.jobs import Aside, Failure, JobFigures, JobState, Waiting


class FigureRows(Rows):
    """The part of `ports.Ledger` that only looks."""

    def figures(self, job: int | None = None) -> tuple[JobFigures, ...]:
        """All jobs, or one, the newest first; failures and what is aside only for one."""
        query = "SELECT id, state, request, created FROM jobs WHERE ? IS NULL OR id = ?"
        with self._database.transaction() as connection:
            rows = connection.execute(f"{query} ORDER BY id DESC", (job, job)).fetchall()
            return tuple(_figures(connection, row, whole=job is not None) for row in rows)

    def states(self) -> dict[JobState, int]:
        """How many jobs there are in each state."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT state, count(*) FROM jobs GROUP BY state")
            return {JobState(state): count for state, count in rows}

    def write_snapshot(self, name: str, body: str) -> None:
        """Keep what a part says of itself, for those who cannot ask it."""
        with self._database.change() as connection:
            connection.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?)", (name, body))

    def snapshot(self, name: str) -> str:
        """What a part last said of itself; empty if nothing."""
        query = "SELECT body FROM snapshot WHERE name = ?"
        with self._database.transaction() as connection:
            found = connection.execute(query, (name,)).fetchone()
            return str(found[0]) if found else ""


def _figures(connection: sqlite3.Connection, row: Row, *, whole: bool) -> JobFigures:
    number, state, request, created = row
    batches, done, segments, segments_done, again = _sums(
        connection,
        "count(*), sum(state = 'done'), sum(segments), sum(segments * (state = 'done')),"
        " sum(attempt - 1) FROM batches WHERE job = ? AND state <> 'cancelled'",
        number,
    )
    units, units_done, machine, withheld = _sums(
        connection,
        "sum(units), sum(units * settled), sum(machine), sum(withheld) FROM chunks WHERE job = ?",
        number,
    )
    (failed,) = _sums(connection, "count(*) FROM failures WHERE job = ?", number)
    return JobFigures(
        number,
        JobState(state),
        request_of(request),
        created,
        batches=batches,
        batches_done=done,
        segments=segments,
        segments_done=segments_done,
        units=units,
        units_done=units_done,
        machine=machine,
        withheld=withheld,
        again=again,
        failed=failed,
        waiting=_waiting(connection, number),
        failures=_failures(connection, number) if whole else (),
        aside=_aside(connection, number) if whole else (),
        notes=_notes(connection, number),
    )


def _sums(connection: sqlite3.Connection, query: str, job: int) -> list[int]:
    row = connection.execute(f"SELECT {query}", (job,)).fetchone()
    return [value or 0 for value in row]


def _failures(connection: sqlite3.Connection, job: int) -> tuple[Failure, ...]:
    query = "SELECT locale, unit, reason FROM failures WHERE job = ? ORDER BY locale, unit, reason"
    return tuple(Failure(*row) for row in connection.execute(query, (job,)))


def _waiting(connection: sqlite3.Connection, job: int) -> tuple[Waiting, ...]:
    query = (
        "SELECT package, count(*), sum(segments) FROM batches WHERE state IN ('ready', 'sent')"
        " AND id IN (SELECT batch FROM waits JOIN chunks ON chunks.id = waits.chunk"
        " WHERE chunks.job = ? AND chunks.settled = 0) GROUP BY package ORDER BY package"
    )
    rows = connection.execute(query, (job,))
    return tuple(Waiting(package_of(package), *counts) for package, *counts in rows)


def _aside(connection: sqlite3.Connection, job: int) -> tuple[Aside, ...]:
    query = "SELECT id, question FROM batches WHERE job = ? AND state = 'aside' ORDER BY id"
    asked = [(batch, question_of(text)) for batch, text in connection.execute(query, (job,))]
    return tuple(Aside(batch, one.package, text) for batch, one in asked for text in one.texts)


def _notes(connection: sqlite3.Connection, job: int) -> tuple[str, ...]:
    """Why something waits: of the chunks that cannot be settled, and the batches sent again."""
    query = (
        "SELECT DISTINCT note FROM chunks WHERE job = ?1 AND note <> '' UNION"
        " SELECT DISTINCT note FROM batches WHERE job = ?1 AND note <> ''"
        " AND state IN ('ready', 'sent') ORDER BY 1 LIMIT 20"
    )
    return tuple(note for (note,) in connection.execute(query, (job,)))
