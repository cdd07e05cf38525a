"""The base and the past versions of every catalog entry, in SQLite."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any

from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.lookup import rows_with
from workflow.catalog.reconcile import Past
from workflow.catalog.state import Key, Version, key_digest, state_of
from workflow.catalog.threeway import is_ours
from workflow.model import Message
from workflow.ports.review import Difference

_VERSIONS = "SELECT key, id, generation, body FROM history_versions"


class SqliteHistory:
    """Implements `ports.History`.

    Each catalog counts its own generations. What is meant to be written is kept as a version of
    the generation to come; the base tells which generation is known to stand in the file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def difference(self, locale: str, domain: str, messages: Sequence[Message]) -> Difference:
        """Compare a catalog as it was read with its base."""
        catalog = f"{locale}/{domain}"
        with self._database.transaction() as connection:
            base = _base(connection, catalog)
            differing, new, newest = [], [], 0
            for message in messages:
                key = key_digest(message.key, catalog)
                generation, state, unheard = base.pop(key, (0, b"", 0))
                if not generation:
                    new.append(message.key)
                elif state != state_of(message):
                    differing.append((key, generation))
                elif unheard and generation > newest:
                    newest = generation
            lost = [(key, row[0]) for key, row in base.items()]
            pasts = _pasts(connection, dict([*differing, *lost]))
        return Difference(pasts, frozenset(new), newest)

    def intend(
        self, locale: str, domain: str, messages: Collection[Message], gone: Collection[Key] = ()
    ) -> None:
        """Keep what is about to be written as versions of the generation to come.

        What is about to be taken out is an empty one.
        """
        if messages or gone:
            catalog = f"{locale}/{domain}"
            with self._database.change() as connection:
                following = _generation(connection, catalog) + 1
                _forget_from(connection, catalog, following)
                _keep(connection, catalog, following, messages)
                _keep_gone(connection, catalog, following, gone)

    def record(
        self, locale: str, domain: str, messages: Collection[Message], gone: Collection[Key] = ()
    ) -> None:
        """Make these entries the base, in a new generation; forget the base of what is gone."""
        if messages or gone:
            catalog = f"{locale}/{domain}"
            with self._database.change() as connection:
                following = _generation(connection, catalog) + 1
                _forget_from(connection, catalog, following)
                _rebase(connection, catalog, following, messages)
                _without(connection, catalog, gone)

    def mark(self) -> str:
        """`<database>.<number of the last version>`: what all catalogs hold now."""
        with self._database.change() as connection:
            (last,) = connection.execute("SELECT max(id) FROM history_versions").fetchone()
            return f"{_token(connection)}.{last or 0}"

    def as_of(
        self, mark: str, locale: str, domain: str, keys: Iterable[Key]
    ) -> dict[Key, Message] | None:
        """The entries as they were at a mark, by key; None for a mark of another database."""
        token, _, number = mark.partition(".")
        with self._database.change() as connection:
            if token != _token(connection) or not (number.isascii() and number.isdigit()):
                return None
            wanted = [key_digest(key, f"{locale}/{domain}") for key in keys]
            rows = rows_with(connection, _VERSIONS, wanted)
            old = sorted(row for row in rows if row[1] <= int(number))
            messages = (_decoded(row[3]) for row in old if row[3])
            return {message.key: message for message in messages}


def _base(connection: sqlite3.Connection, catalog: str) -> dict[bytes, tuple[int, bytes, int]]:
    """Generation, state, and whether that state was new then, by the digest of the key."""
    rows = connection.execute(
        "SELECT key, generation, state, unheard FROM history_base WHERE catalog = ?", (catalog,)
    )
    return {key: (generation, state, unheard) for key, generation, state, unheard in rows}


def _pasts(connection: sqlite3.Connection, generations: dict[bytes, int]) -> dict[Key, Past]:
    """What entries were, of those whose base is of the given generation."""
    rows = sorted(rows_with(connection, _VERSIONS, list(generations)))
    pasts = {}
    for key, group in groupby(rows, key=lambda row: bytes(row[0])):
        told = list(group)
        versions = [Version(row[2], _decoded(row[3])) for row in told if row[3]]
        at = generations[key]
        before = tuple(one for one in versions if one.generation < at)
        base = [one for one in versions if one.generation == at]
        meant = tuple(one for one in versions if one.generation > at)
        if base:
            leaving = not told[-1][3]
            pasts[base[-1].message.key] = Past(base[-1], before, meant, leaving)
    return pasts


def _generation(connection: sqlite3.Connection, catalog: str) -> int:
    row = connection.execute(
        "SELECT generation FROM history_catalogs WHERE name = ?", (catalog,)
    ).fetchone()
    return int(row[0]) if row else 0


def _forget_from(connection: sqlite3.Connection, catalog: str, generation: int) -> None:
    """Forget what was meant to be written and is not known to have been."""
    connection.execute(
        "DELETE FROM history_versions WHERE catalog = ? AND generation >= ?", (catalog, generation)
    )


def _keep(
    connection: sqlite3.Connection, catalog: str, generation: int, messages: Iterable[Message]
) -> None:
    connection.executemany(
        "INSERT INTO history_versions (key, catalog, generation, state, body)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            (key_digest(one.key, catalog), catalog, generation, state_of(one), _encoded(one))
            for one in messages
        ),
    )


def _keep_gone(
    connection: sqlite3.Connection, catalog: str, generation: int, gone: Iterable[Key]
) -> None:
    connection.executemany(
        "INSERT INTO history_versions (key, catalog, generation, state, body)"
        " VALUES (?, ?, ?, x'', '')",
        ((key_digest(key, catalog), catalog, generation) for key in gone),
    )


def _rebase(
    connection: sqlite3.Connection, catalog: str, generation: int, messages: Iterable[Message]
) -> None:
    """The new base of those whose state differs from the old one."""
    keyed = {key_digest(message.key, catalog): message for message in messages}
    known = _states(connection, list(keyed))
    changed = {
        key: message
        for key, message in keyed.items()
        if (known.get(key) or [b""])[-1] != state_of(message)
    }
    _keep(connection, catalog, generation, changed.values())
    connection.executemany(
        "INSERT OR REPLACE INTO history_base VALUES (?, ?, ?, ?, ?)",
        (
            (catalog, key, generation, state, _is_unheard(message, state, known.get(key, ())))
            for key, message in changed.items()
            for state in [state_of(message)]
        ),
    )
    connection.execute(
        "INSERT OR REPLACE INTO history_catalogs VALUES (?, ?)", (catalog, generation)
    )


def _is_unheard(message: Message, state: bytes, known: Collection[bytes]) -> bool:
    """Whether no older copy can hold this; a draft may be made again after history was lost."""
    return state not in known and not is_ours(message)


def _states(connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, list[bytes]]:
    """All states that entries were ever in, the last one last."""
    found: dict[bytes, list[bytes]] = {}
    rows = rows_with(connection, "SELECT key, id, state FROM history_versions", keys)
    for key, _, state in sorted(rows):
        found.setdefault(key, []).append(state)
    return found


def _without(connection: sqlite3.Connection, catalog: str, gone: Iterable[Key]) -> None:
    connection.executemany(
        "DELETE FROM history_base WHERE catalog = ? AND key = ?",
        ((catalog, key_digest(key, catalog)) for key in gone),
    )


def _token(connection: sqlite3.Connection) -> str:
    """What tells this database from another one, or from itself before it was lost."""
    row = connection.execute("SELECT token FROM history_identity").fetchone()
    if row:
        return str(row[0])
    token = secrets.token_hex(4)
    connection.execute("INSERT INTO history_identity VALUES (?)", (token,))
    return token


def _encoded(message: Message) -> str:
    told = [
        message.context, message.source, message.translations, message.plural, message.comments,
        message.notes, message.references, sorted(message.flags), message.previous_context,
        message.previous_source, message.previous_plural, message.obsolete,
    ]  # fmt: skip
    return json.dumps(told)


def _decoded(body: str) -> Message:
    try:
        told: list[Any] = [tuple(one) if isinstance(one, list) else one for one in json.loads(body)]
        told[7] = frozenset(told[7])
        return Message(*told)
    except (ValueError, TypeError, IndexError) as error:
        raise sqlite3.DatabaseError(f"a version of an entry is damaged: {error}") from None
