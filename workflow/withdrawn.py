"""Withdrawn items: what must not be shown any more, in a table that lies in git with the content.

>>> held = {"notices:pool": Withdrawal("notices", "pool", why="wrong date")}
>>> parse(written(held), "locales/withdrawn.csv") == held
True
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from workflow.tablefile import TableFile

COLUMNS = ("collection", "item", "at", "why")
NEEDED = COLUMNS[:2]
MOST_WHY = 200
"""Characters of a reason."""
_COLLECTION = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_ITEM = re.compile(r"(?![.-])[a-z0-9._-]{1,120}")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One item that is withdrawn in every locale; `at` is ISO 8601 in UTC, or empty."""

    collection: str
    item: str
    at: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        """`<collection>:<item>`, as a release names it."""
        return f"{self.collection}:{self.item}"


def parse(raw: bytes, path: str) -> dict[str, Withdrawal]:
    """The withdrawn items of a file by `<collection>:<item>`; `path` is for messages.

    Raises SettingsError, with the line, for whatever is not as the format says: a row that is
    passed over would bring an item back.
    """
    file = TableFile(path, COLUMNS, NEEDED, "withdrawn items")
    held: dict[str, Withdrawal] = {}
    lines: dict[str, int] = {}
    for line, cell in file.rows(raw):
        one = _row(file, line, cell)
        if one.key in held:
            raise file.error(line, f"{one.key} is in line {lines[one.key]}, too")
        held[one.key], lines[one.key] = one, line
    return held


def written(held: Mapping[str, Withdrawal]) -> bytes:
    """The file's bytes: sorted, one line each, so that two who withdraw meet in few merges."""
    body = io.StringIO()
    writer = csv.writer(body, lineterminator="\n")
    writer.writerow(COLUMNS)
    for _, one in sorted(held.items()):
        writer.writerow([getattr(one, column) for column in COLUMNS])
    return body.getvalue().encode()


def one_line(why: str) -> str:
    """A reason as it can stand in a row."""
    clean = "".join(sign if sign.isprintable() else " " for sign in why)
    return " ".join(clean.split())[:MOST_WHY].strip()


def _row(file: TableFile, line: int, cell: Mapping[str, str]) -> Withdrawal:
    collection, item, at = cell["collection"], cell["item"], cell.get("at", "")
    if not _COLLECTION.fullmatch(collection):
        raise file.error(line, f"{collection[:60]!r} is no collection")
    if not _ITEM.fullmatch(item):
        raise file.error(line, f"{item[:60]!r} is no item id")
    if at and _in_utc(at) is None:
        raise file.error(line, f"{at[:60]!r} is no time", "write 2026-01-31T12:00:00+00:00")
    return Withdrawal(collection, item, _in_utc(at) or "", one_line(cell.get("why", "")))


def _in_utc(text: str) -> str | None:
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC).isoformat(timespec="seconds") if time.tzinfo else None
    except (ValueError, OverflowError):
        return None
