"""Rows by their keys, however many keys there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

AT_ONCE = 500
"""Keys in one query; SQLite's default limit of variables is 32,766."""


def rows_with(
    connection: sqlite3.Connection, select: str, keys: Sequence[bytes] | Sequence[int]
) -> list[tuple[Any, ...]]:
    """The rows of `SELECT … FROM …` (our own text, never input) with one of these in `key`."""
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        marks = ",".join("?" * len(part))
        rows += connection.execute(f"{select} WHERE key IN ({marks})", part)
    return rows
