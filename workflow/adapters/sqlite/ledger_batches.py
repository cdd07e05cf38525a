"""The ledger's batches: what is to be sent, what is under way, and what was answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workflow.adapters.sqlite.ledger_asking import over, replace_by
from workflow.adapters.sqlite.ledger_rows import (
    Rows,
    batch_of,
    keys_of,
    package_of,
    package_text,
)
from workflow.adapters.sqlite.segment_cache import encoded
from workflow.jobs import Batch, BatchState, Question
from workflow.model import PackageRef, answer_key
from workflow.ports.project import Hypotheses

PARTS = 16
"""How many smaller batches `split` makes of one."""


class BatchRows(Rows):
    """The part of `ports.Ledger` about batches."""

    def aside(self, package: PackageRef, parameters: str, texts: Sequence[str]) -> dict[str, str]:
        """The texts that were set aside, and why."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT key, reason FROM aside").fetchall()
        keys = {answer_key(package, parameters, text): text for text in texts} if rows else {}
        return {keys[key]: reason for key, reason in rows if key in keys}

    def outstanding(self) -> dict[PackageRef, tuple[int, int]]:
        """How many batches of each package are to be sent, and how many are sent."""
        query = (
            "SELECT package, sum(state = 'ready'), sum(state = 'sent') FROM batches"
            " WHERE state IN ('ready', 'sent') GROUP BY package"
        )
        with self._database.transaction() as connection:
            rows = connection.execute(query).fetchall()
        return {package_of(package): (ready, sent) for package, ready, sent in rows}

    def unsent(self, package: PackageRef, limit: int) -> tuple[Batch, ...]:
        """The next batches to send, urgent ones first."""
        query = (
            "SELECT * FROM batches WHERE state = 'ready' AND package = ?"
            " ORDER BY urgent DESC, id LIMIT ?"
        )
        with self._database.transaction() as connection:
            rows = connection.execute(query, (package_text(package), max(0, limit)))
            return tuple(batch_of(row) for row in rows)

    def sent(self) -> tuple[Batch, ...]:
        """The batches that are in the queue or at a worker."""
        query = "SELECT * FROM batches WHERE state = 'sent' ORDER BY id"
        with self._database.transaction() as connection:
            return tuple(batch_of(row) for row in connection.execute(query))

    def mark_sent(self, batches: Iterable[int]) -> None:
        """These batches are on their way."""
        self._each("UPDATE batches SET state = 'sent' WHERE id = ? AND state = 'ready'", batches)

    def send_again(self, batches: Iterable[int], *, note: str = "") -> list[int]:
        """Put batches that are sent back to be sent; those that were."""
        query = (
            "UPDATE batches SET state = 'ready', attempt = attempt + 1, note = ?"
            " WHERE id = ? AND state = 'sent'"
        )
        with self._database.change() as connection:
            return [
                batch
                for batch in sorted(batches)
                if connection.execute(query, (note, batch)).rowcount
            ]

    def crash(self, batch: int, *, alone: bool, note: str = "") -> int | None:
        """A worker died with this batch: send it again, alone; its crashes, None if it is over."""
        query = (
            "UPDATE batches SET state = 'ready', attempt = attempt + 1, alone = 1, note = ?,"
            " crashes = crashes + ? WHERE id = ? AND state IN ('sent', 'ready') RETURNING crashes"
        )
        with self._database.change() as connection:
            found = connection.execute(query, (note, alone, batch)).fetchone()
            return int(found[0]) if found else None

    def split(self, batch: int) -> bool:
        """Put smaller batches in the place of one; False if it has one segment.

        Each part counts one crash already: two more of its own decide.
        """
        with self._database.change() as connection:
            one = _batch(connection, batch)
            if one is None or len(one.question.texts) < 2:  # noqa: PLR2004 (a half needs two)
                return one is None
            replace_by(connection, one, _parts(one.question))
            return True

    def set_aside(self, batch: int, reason: str) -> None:
        """Give a batch up: its segments are not asked again until somebody says so."""
        with self._database.change() as connection:
            one = _batch(connection, batch)
            if one is not None:
                over(connection, batch, one.question, BatchState.ASIDE)
                rows = [(key, reason) for key in keys_of(one.question)]
                connection.executemany("INSERT OR REPLACE INTO aside VALUES (?, ?)", rows)

    def answer(self, batch: int, answers: Mapping[str, Hypotheses]) -> bool:
        """Keep the answers of a batch, by the hexadecimal `answer_key`; False if it is over.

        Answers and the batch's end are one transaction, and so are kept or lost together.
        """
        with self._database.change() as connection:
            one = _batch(connection, batch)
            if one is None:
                return False
            asked = {key.hex(): key for key in keys_of(one.question)}
            rows = [(asked[key], encoded(best)) for key, best in answers.items() if key in asked]
            connection.executemany("INSERT OR IGNORE INTO segment_cache VALUES (?, ?)", rows)
            connection.executemany("DELETE FROM aside WHERE key = ?", [(key,) for key, _ in rows])
            if len(rows) == len(set(asked)):
                over(connection, batch, one.question, BatchState.DONE)
            return True

    def _each(self, query: str, batches: Iterable[int]) -> None:
        with self._database.change() as connection:
            connection.executemany(query, [(batch,) for batch in batches])


def _batch(connection: sqlite3.Connection, batch: int) -> Batch | None:
    """A batch that is not over; one that was set aside or cancelled may still be answered."""
    query = "SELECT * FROM batches WHERE id = ? AND state <> 'done' AND question <> ''"
    row = connection.execute(query, (batch,)).fetchone()
    return batch_of(row) if row else None


def _parts(question: Question) -> list[Question]:
    size = -(-len(question.texts) // PARTS)
    return [
        replace(question, texts=question.texts[start : start + size])
        for start in range(0, len(question.texts), size)
    ]
