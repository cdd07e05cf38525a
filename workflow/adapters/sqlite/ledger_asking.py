"""Asking: which texts become new batches, and which are under way already."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from workflow.adapters.sqlite.ledger_rows import keys_of, package_text, question_text
from workflow.adapters.sqlite.lookup import rows_with
from workflow.batching import cut
from workflow.jobs import Batch, BatchState, Question


def ask(
    connection: sqlite3.Connection,
    chunk: int,
    job: int,
    questions: Iterable[Question],
    *,
    urgent: bool,
) -> None:
    """Let a chunk wait for the answers to questions, each text asked once in all jobs."""
    for question in questions:
        keys = zip(question.texts, keys_of(question), strict=True)
        short = {text: _short(key) for text, key in keys}
        asked = rows_with(connection, "SELECT key, batch FROM asked", list(short.values()))
        under_way = dict(asked)
        fresh = [text for text, key in short.items() if key not in under_way]
        batches = set(under_way.values())
        _hurry(connection, batches, urgent=urgent)
        for texts in cut(fresh):
            number = insert(connection, job, replace(question, texts=texts), urgent=urgent)
            _mark(connection, number, [short[text] for text in texts])
            batches.add(number)
        connection.executemany(
            "INSERT OR IGNORE INTO waits VALUES (?, ?)", [(batch, chunk) for batch in batches]
        )


def insert(
    connection: sqlite3.Connection,
    job: int,
    question: Question,
    *,
    urgent: bool,
    crashes: int = 0,
) -> int:
    """A new batch to be sent; one with crashes is sent alone."""
    row = (
        job,
        package_text(question.package),
        urgent,
        BatchState.READY,
        len(question.texts),
        crashes,
        bool(crashes),
        question_text(question),
    )
    done = connection.execute(
        "INSERT INTO batches (job, package, urgent, state, segments, crashes, alone, question)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    return done.lastrowid or 0


def replace_by(connection: sqlite3.Connection, batch: Batch, parts: Iterable[Question]) -> None:
    """Put batches of these questions in the place of one; each counts one crash already."""
    waits = connection.execute("SELECT chunk FROM waits WHERE batch = ?", (batch.id,))
    chunks = [chunk for (chunk,) in waits]
    over(connection, batch.id, batch.question, BatchState.CANCELLED)
    for question in parts:
        number = insert(connection, batch.job, question, urgent=batch.urgent, crashes=1)
        _mark(connection, number, [_short(key) for key in keys_of(question)])
        connection.executemany(
            "INSERT INTO waits VALUES (?, ?)", [(number, chunk) for chunk in chunks]
        )


def over(connection: sqlite3.Connection, batch: int, question: Question, state: BatchState) -> None:
    """A batch is over: nobody waits for it any more, and its texts may be asked again."""
    connection.execute("UPDATE batches SET state = ? WHERE id = ?", (state, batch))
    connection.execute("DELETE FROM waits WHERE batch = ?", (batch,))
    connection.executemany(
        "DELETE FROM asked WHERE key = ? AND batch = ?",
        [(_short(key), batch) for key in keys_of(question)],
    )


def _mark(connection: sqlite3.Connection, batch: int, short: Iterable[int]) -> None:
    """These texts are asked by a batch."""
    connection.executemany(
        "INSERT OR REPLACE INTO asked VALUES (?, ?)", [(key, batch) for key in short]
    )


def _short(key: bytes) -> int:
    """A key's first eight bytes: a third of the room, and a million rows stay in memory.

    Should two texts ever share them, one waits for the other's batch and is asked after it.
    """
    return int.from_bytes(key[:8], "big", signed=True)


def _hurry(connection: sqlite3.Connection, batches: Iterable[int], *, urgent: bool) -> None:
    """What an urgent job waits for becomes urgent, too."""
    if urgent:
        connection.executemany(
            "UPDATE batches SET urgent = 1 WHERE id = ? AND state = 'ready'",
            [(batch,) for batch in batches],
        )
