"""The segment cache in SQLite: what a package answered is never decoded again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.lookup import rows_with
from workflow.model import Hypothesis, PackageRef, answer_key
from workflow.ports import Hypotheses


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
            rows = rows_with(connection, "SELECT key, answer FROM segment_cache", list(wanted))
            return {wanted[found]: _decoded(answer) for found, answer in rows}

    def put(self, package: PackageRef, key: str, answers: Mapping[str, Hypotheses]) -> None:
        """Keep answers for good."""
        rows = [
            (answer_key(package, key, text), encoded(answer)) for text, answer in answers.items()
        ]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany("INSERT OR REPLACE INTO segment_cache VALUES (?, ?)", rows)


def encoded(answer: Hypotheses) -> str:
    """An answer as its row holds it: a JSON list of hypotheses."""
    return json.dumps([astuple(one) for one in answer], ensure_ascii=False)


def _hypothesis(row: Sequence[Any]) -> Hypothesis:
    one = Hypothesis(*row)
    return replace(one, alignment=tuple(one.alignment)) if one.alignment else one


def _decoded(answer: str) -> Hypotheses:
    try:
        return tuple(_hypothesis(one) for one in json.loads(answer))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"an answer in the segment cache is damaged: {error}") from None
