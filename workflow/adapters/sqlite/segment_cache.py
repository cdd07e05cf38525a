"""The segment cache in SQLite: what a package answered is never decoded again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple

from workflow.adapters.sqlite.connection import Database
from workflow.model import Hypothesis, PackageRef, answer_key
from workflow.ports import Hypotheses

AT_ONCE = 500
"""Keys in one query; SQLite's default limit of variables is 32,766."""


class SqliteSegmentCache:
    """Implements `ports.SegmentCache`; a key is the hash of package, parameters and text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, package: PackageRef, key: str, segments: Sequence[str]) -> dict[str, Hypotheses]:
        """The known answers, by segment text."""
        wanted = {answer_key(package, key, segment): segment for segment in segments}
        if not wanted:
            return {}
        with self._database.transaction() as connection:
            return {
                wanted[found]: _decoded(answer)
                for part in _parts(list(wanted))
                for found, answer in connection.execute(_select(len(part)), part)
            }

    def put(self, package: PackageRef, key: str, answers: Mapping[str, Hypotheses]) -> None:
        """Keep answers for good."""
        rows = [
            (answer_key(package, key, text), encoded(answer)) for text, answer in answers.items()
        ]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany("INSERT OR REPLACE INTO segment_cache VALUES (?, ?)", rows)


def _select(count: int) -> str:
    marks = ", ".join("?" * count)
    return f"SELECT key, answer FROM segment_cache WHERE key IN ({marks})"  # noqa: S608 (only marks)


def _parts(keys: list[bytes]) -> Iterator[list[bytes]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def encoded(answer: Hypotheses) -> str:
    """An answer as its row holds it: a JSON list of hypotheses."""
    return json.dumps([astuple(one) for one in answer], ensure_ascii=False)


def _decoded(answer: str) -> Hypotheses:
    try:
        return tuple(Hypothesis(*one) for one in json.loads(answer))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"an answer in the segment cache is damaged: {error}") from None
