"""Open the database, bring its tables up to date, and say clearly when it is damaged."""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.adapters.sqlite.schema import SCHEMA, VERSION
from workflow.errors import OutsideError, Place

WRITTEN_BACK = 8192
"""Pages (of 4 KiB) in the write-ahead log before they are written back and synced."""
PATIENCE = 30.0
"""Seconds to wait for another process that writes."""


class Database:
    """One SQLite file in WAL mode; a connection is opened for each piece of work.

    Raises OutsideError when the file is damaged, from a newer version, or the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ready: tuple[int, int] | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection whose writes are kept together if the block ends well."""
        try:
            connection = self._open()
            try:
                with connection:
                    yield connection
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise OutsideError(
                f"the database cannot be used: {error}",
                fix="free some disk, or move the file away: it is made again, only history is lost",
                place=Place(path=str(self.path)),
            ) from error

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that has the write lock from the start.

        So nobody changes what it reads before it writes; `transaction` locks at the first write.
        """
        with self.transaction() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def check(self) -> str:
        """What is damaged in the file, by SQLite's own quick check; empty if nothing is."""
        with self.transaction() as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return "" if said == "ok" else str(said)

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE)
        if self._ready is None or self._ready != _identity(self.path):
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._keep_open()
            self._ready = _identity(self.path)
        connection.execute("PRAGMA synchronous = NORMAL")  # in WAL mode a power cut damages nothing
        connection.execute(f"PRAGMA wal_autocheckpoint = {WRITTEN_BACK:d}")
        return connection

    def _keep_open(self) -> None:
        """Keep one connection idle: SQLite writes all back and syncs whenever the last one closes.

        It is closed with this object, but never in a child process, which would free the locks.
        """
        idle = sqlite3.connect(self.path, check_same_thread=False)
        idle.execute("SELECT 1 FROM sqlite_master").fetchone()  # only now the file is open
        weakref.finalize(self, _close, idle, os.getpid())

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise sqlite3.DatabaseError(f"made by a newer Polypress (schema {version})")
        if version < VERSION:
            _write_ahead(connection)
            connection.executescript(SCHEMA)
            connection.execute(f"PRAGMA user_version = {VERSION:d}")


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that was put in its place."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL mode; SQLite does not wait for others by itself here."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _close(connection: sqlite3.Connection, owner: int) -> None:
    if os.getpid() == owner:
        connection.close()
