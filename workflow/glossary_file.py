"""The glossary's file: one term a row, checked; every complaint names its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflow.errors import LocaleError
from workflow.tablefile import MOST_BYTES, MOST_ROWS, TableFile

__all__ = ["COLUMNS", "MOST_BYTES", "MOST_CHARACTERS", "MOST_ROWS", "Row", "rows"]

COLUMNS = ("term", "locale", "translation", "case", "note")
NEEDED = COLUMNS[:3]
MOST_CHARACTERS = 200
"""Of a term or a translation."""
MOST_NOTE = 1_000
_CASE = {"": True, "yes": True, "no": False}
_BRACKETS = "⟦⟧"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is meant; `line` counts from 1."""

    term: str
    locale: str
    translation: str
    match_case: bool
    note: str
    line: int


def rows(raw: bytes, path: str, *, locale: Callable[[str], str]) -> Iterator[Row]:
    """The rows of a file; `locale` makes a tag canonical or raises LocaleError.

    Raises SettingsError with path and line for what is not as the format says.
    """
    file = TableFile(path, COLUMNS, NEEDED, "terms")
    seen: dict[tuple[str, str], int] = {}
    for line, cell in file.rows(raw):
        row = _row(file, line, cell, locale)
        known = seen.setdefault(_key(row), line)
        if known != line:
            raise file.error(line, f"{row.term!r} for {row.locale} is in line {known}, too")
        yield row


def _key(row: Row) -> tuple[str, str]:
    return (row.term if row.match_case else row.term.casefold()), row.locale


def _row(file: TableFile, line: int, cell: dict[str, str], locale: Callable[[str], str]) -> Row:
    """One record, checked."""
    _check(file, line, cell)
    case = cell.get("case", "").lower()
    if case not in _CASE:
        raise file.error(line, f"case is {case[:20]!r}", "use yes or no")
    try:
        tag = locale(cell["locale"])
    except LocaleError as error:
        raise file.error(line, error.what, f"{error.fix}, or * for all locales") from None
    note = cell.get("note", "")[:MOST_NOTE]
    return Row(cell["term"], tag, cell["translation"], _CASE[case], note, line)


def _check(file: TableFile, line: int, cell: dict[str, str]) -> None:
    if not any(character.isalnum() for character in cell["term"]):
        raise file.error(line, "no term")
    for name in ("term", "translation"):
        text = cell[name]
        if len(text) > MOST_CHARACTERS:
            raise file.error(line, f"a {name} of more than {MOST_CHARACTERS} characters")
        if not text.isprintable() or any(sign in text for sign in _BRACKETS):
            raise file.error(line, f"a {name} with a character that cannot stand in one")
