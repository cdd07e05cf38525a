"""The ledger's jobs and chunks: what was asked for, and what is settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from workflow.adapters.sqlite.ledger_asking import ask, over
from workflow.adapters.sqlite.ledger_rows import (
    Rows,
    chunk_of,
    question_of,
    request_of,
    request_text,
    work_text,
)
from workflow.errors import CancelledError
from workflow.jobs import OVER, BatchState, Chunk, Failure, JobState, Question, Request, Work

KEPT = 200
"""How many jobs that are over the ledger remembers."""


class JobRows(Rows):
    """The part of `ports.Ledger` about jobs and chunks."""

    def begin(self, request: Request, at: str) -> int:
        """A new job that is being planned; its number. Of those that are over, 200 are kept."""
        row = (at, request_text(request), JobState.PLANNING)
        with self._database.change() as connection:
            _prune(connection)
            done = connection.execute(
                "INSERT INTO jobs (created, request, state) VALUES (?, ?, ?)", row
            )
            return done.lastrowid or 0

    def add(self, job: int, work: Work, questions: Iterable[Question]) -> None:
        """A chunk of a job, waiting for the answers to these questions. Raises CancelledError."""
        with self._database.change() as connection:
            urgent = _urgent(connection, job)
            row = (job, urgent, work.segments, len(work.units), work_text(work))
            done = connection.execute(
                "INSERT INTO chunks (job, urgent, segments, units, work) VALUES (?, ?, ?, ?, ?)",
                row,
            )
            ask(connection, done.lastrowid or 0, job, questions, urgent=urgent)

    def planned(self, job: int, state: JobState) -> None:
        """Say what became of the planning of a job; nothing is changed if it was cancelled."""
        query = "UPDATE jobs SET state = ? WHERE id = ? AND state = 'planning'"
        with self._database.change() as connection:
            connection.execute(query, (state, job))

    def fail(self, job: int, failures: Iterable[Failure]) -> None:
        """Remember why something of a job gets no text."""
        with self._database.change() as connection:
            _fail(connection, job, failures)

    def cancel(self, job: int) -> bool:
        """Settle nothing more of a job; False if it is over."""
        with self._database.change() as connection:
            found = connection.execute("SELECT state FROM jobs WHERE id = ?", (job,)).fetchone()
            if found is None or found[0] in OVER:
                return False
            _drop_unsettled(connection, job)
            _stand(connection, job, JobState.CANCELLED)
            _forget_texts(connection, job)
            return True

    def again(self, job: int, *, forget: bool) -> None:
        """Plan a job anew: without its failures and unfinished chunks."""
        with self._database.change() as connection:
            _drop_unsettled(connection, job)
            connection.execute("DELETE FROM failures WHERE job = ?", (job,))
            connection.execute(  # what failed is planned anew, and would count twice
                "UPDATE chunks SET units = machine + withheld WHERE job = ?", (job,)
            )
            if forget:
                connection.execute("DELETE FROM aside")
                connection.execute("UPDATE batches SET state = 'cancelled' WHERE state = 'aside'")
            _stand(connection, job, JobState.PLANNING)

    def ready(self, limit: int) -> tuple[Chunk, ...]:
        """Chunks that wait for nothing: first those not held, urgent ones, and the oldest."""
        query = (
            "SELECT id, job, segments, work, note FROM chunks WHERE settled = 0"
            " AND NOT EXISTS (SELECT 1 FROM waits JOIN batches ON batches.id = waits.batch"
            " WHERE waits.chunk = chunks.id AND batches.state IN ('ready', 'sent'))"
            " ORDER BY note <> '', urgent DESC, id LIMIT ?"
        )
        with self._database.transaction() as connection:
            return tuple(chunk_of(row) for row in connection.execute(query, (limit,)))

    def ask(self, chunk: int, questions: Iterable[Question]) -> None:
        """Let a chunk wait for answers."""
        with self._database.change() as connection:
            query = "SELECT job, urgent FROM chunks WHERE id = ? AND settled = 0"
            found = connection.execute(query, (chunk,)).fetchone()
            if found:
                connection.execute("UPDATE chunks SET note = '' WHERE id = ?", (chunk,))
                ask(connection, chunk, found[0], questions, urgent=bool(found[1]))

    def settle(
        self, chunk: int, *, machine: int, withheld: int, failures: Iterable[Failure]
    ) -> None:
        """A chunk is in its catalog: how many units got a text, and which ones none."""
        query = "UPDATE chunks SET settled = 1, machine = ?, withheld = ?, note = '' WHERE id = ?"
        with self._database.change() as connection:
            connection.execute(query, (machine, withheld, chunk))
            found = connection.execute("SELECT job FROM chunks WHERE id = ?", (chunk,)).fetchone()
            if found:
                _fail(connection, found[0], failures)

    def hold(self, chunks: Iterable[int], reason: str) -> None:
        """Say why chunks that are ready cannot be settled now."""
        with self._database.change() as connection:
            connection.executemany(
                "UPDATE chunks SET note = ? WHERE id = ?", [(reason, chunk) for chunk in chunks]
            )

    def reopen(self, job: int, chunks: Iterable[int]) -> None:
        """Let settled chunks of a job be settled once more."""
        with self._database.change() as connection:
            connection.executemany(
                "UPDATE chunks SET settled = 0 WHERE id = ? AND job = ?",
                [(chunk, job) for chunk in chunks],
            )

    def chunks(self, job: int) -> Iterator[Chunk]:
        """The settled chunks of a job, one after the other, so that few are in memory."""
        query = (
            "SELECT id, job, segments, work, note FROM chunks"
            " WHERE job = ? AND settled = 1 AND work <> '' AND id > ? ORDER BY id LIMIT 1"
        )
        last = 0
        while True:
            with self._database.transaction() as connection:
                row = connection.execute(query, (job, last)).fetchone()
            if row is None:
                return
            chunk = chunk_of(row)
            last = chunk.id
            yield chunk

    def finished(self) -> tuple[int, ...]:
        """Running jobs that have nothing left to settle."""
        query = (
            "SELECT id FROM jobs WHERE state = 'running'"
            " AND NOT EXISTS (SELECT 1 FROM chunks WHERE job = jobs.id AND settled = 0)"
        )
        with self._database.transaction() as connection:
            return tuple(number for (number,) in connection.execute(query))

    def planning(self) -> tuple[int, ...]:
        """Jobs that are being planned, or whose planning was cut off."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT id FROM jobs WHERE state = 'planning'")
            return tuple(number for (number,) in rows)

    def close(self, job: int, state: JobState) -> bool:
        """End a job that runs and has nothing left, and forget its texts; False if it does not."""
        query = (
            "UPDATE jobs SET state = ? WHERE id = ? AND state = 'running'"
            " AND NOT EXISTS (SELECT 1 FROM chunks WHERE job = jobs.id AND settled = 0)"
        )
        with self._database.change() as connection:
            if not connection.execute(query, (state, job)).rowcount:
                return False
            _forget_texts(connection, job)
            return True

    def mend(self, job: int, units: Iterable[tuple[str, str]]) -> None:
        """Forget the failures of (locale, unit id) pairs that got their texts after all."""
        with self._database.change() as connection:
            connection.executemany(
                "DELETE FROM failures WHERE job = ? AND locale = ? AND unit = ?",
                [(job, locale, unit) for locale, unit in units],
            )


def _urgent(connection: sqlite3.Connection, job: int) -> bool:
    """Whether a job that is being planned is urgent. Raises CancelledError if it is not planned."""
    query = "SELECT request FROM jobs WHERE id = ? AND state = 'planning'"
    found = connection.execute(query, (job,)).fetchone()
    if found is None:
        fix = f"`polypress jobs resume {job}` plans it again"
        raise CancelledError(f"job {job} is planned no more: it was cancelled meanwhile", fix=fix)
    return request_of(found[0]).urgent


def _stand(connection: sqlite3.Connection, job: int, state: JobState) -> None:
    connection.execute("UPDATE jobs SET state = ? WHERE id = ?", (state, job))


def _fail(connection: sqlite3.Connection, job: int, failures: Iterable[Failure]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO failures VALUES (?, ?, ?, ?)",
        [(job, one.locale, one.unit, one.reason) for one in failures],
    )


def _drop_unsettled(connection: sqlite3.Connection, job: int) -> None:
    """Without the chunks of a job that are not settled, and the batches nobody else waits for."""
    waited = (
        "SELECT DISTINCT batch FROM waits"
        " WHERE chunk IN (SELECT id FROM chunks WHERE job = ? AND settled = 0)"
    )
    batches = [batch for (batch,) in connection.execute(waited, (job,))]
    connection.execute(
        "DELETE FROM waits WHERE chunk IN (SELECT id FROM chunks WHERE job = ? AND settled = 0)",
        (job,),
    )
    connection.execute("DELETE FROM chunks WHERE job = ? AND settled = 0", (job,))
    query = (
        "SELECT question FROM batches WHERE id = ? AND state IN ('ready', 'sent')"
        " AND NOT EXISTS (SELECT 1 FROM waits WHERE batch = batches.id)"
    )
    for batch in batches:
        for (question,) in connection.execute(query, (batch,)).fetchall():
            over(connection, batch, question_of(question), BatchState.CANCELLED)


def _forget_texts(connection: sqlite3.Connection, job: int) -> None:
    """Without the texts of a job that is over; a batch that may still be answered keeps its own."""
    connection.execute(
        "UPDATE chunks SET work = '', note = '' WHERE job = ? AND settled = 1", (job,)
    )
    connection.execute("UPDATE batches SET question = '' WHERE job = ? AND state = 'done'", (job,))


def _prune(connection: sqlite3.Connection) -> None:
    """Forget all but the newest jobs that are over, with all that belongs to them."""
    query = "SELECT id FROM jobs WHERE state IN (?, ?, ?) ORDER BY id DESC LIMIT -1 OFFSET ?"
    old = connection.execute(query, (*OVER, KEPT)).fetchall()
    connection.executemany("DELETE FROM failures WHERE job = ?", old)
    connection.executemany("DELETE FROM chunks WHERE job = ?", old)
    connection.executemany(
        "DELETE FROM batches WHERE job = ? AND state IN ('done', 'cancelled')", old
    )
    connection.executemany("DELETE FROM jobs WHERE id = ?", old)
