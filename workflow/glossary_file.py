"""The glossary's file: CSV with a header, checked row by row; every complaint names its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workflow.errors import LocaleError, Place, SettingsError

COLUMNS = ("term", "locale", "translation", "case", "note")
NEEDED = COLUMNS[:3]
MOST_BYTES = 2**20
MOST_ROWS = 10_000
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
    reading = _Reading(path)
    seen: dict[tuple[str, str], int] = {}
    columns: Sequence[str] = ()
    for count, (line, cells) in enumerate(reading.lines(raw)):
        if count > MOST_ROWS:
            raise reading.error(line, f"more than {MOST_ROWS:,} terms", "keep only terms in it")
        if not columns:
            columns = reading.header(line, cells)
        elif any(cell.strip() for cell in cells):
            row = reading.row(line, columns, cells, locale)
            known = seen.setdefault(_key(row), line)
            if known != line:
                raise reading.error(line, f"{row.term!r} for {row.locale} is in line {known}, too")
            yield row


def _key(row: Row) -> tuple[str, str]:
    return (row.term if row.match_case else row.term.casefold()), row.locale


@dataclass(frozen=True, slots=True)
class _Reading:
    path: str

    def error(self, line: int, what: str, fix: str = "") -> SettingsError:
        fix = fix or "mend the row, or take it out; nothing was done"
        return SettingsError(what, fix=fix, place=Place(path=self.path, line=line))

    def lines(self, raw: bytes) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line where it starts."""
        reader = csv.reader(io.StringIO(self._text(raw), newline=""), strict=True)
        start = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.error(start, f"this is no CSV: {error}") from None
            yield start, cells
            start = reader.line_num + 1

    def _text(self, raw: bytes) -> str:
        if len(raw) > MOST_BYTES:
            raise self.error(1, f"larger than {MOST_BYTES:,} bytes", "keep only terms in it")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise self.error(line, "this is not UTF-8", "save the file as UTF-8") from None

    def header(self, line: int, cells: Sequence[str]) -> tuple[str, ...]:
        """The names of the columns, in any order; `case` and `note` may be missing."""
        names = tuple(cell.strip().lower() for cell in cells)
        wrong = [name for name in names if name not in COLUMNS or names.count(name) > 1]
        missing = [name for name in NEEDED if name not in names]
        if wrong or missing:
            what = f"unknown or doubled column {wrong[0]!r}" if wrong else f"no column {missing[0]}"
            raise self.error(line, what, f"the first line has to be {','.join(COLUMNS)}")
        return names

    def row(
        self, line: int, columns: Sequence[str], cells: Sequence[str], locale: Callable[[str], str]
    ) -> Row:
        """One record, checked."""
        if len(cells) != len(columns):
            fix = "put a text with a comma into double quotes"
            raise self.error(line, f"{len(cells)} cells, not {len(columns)}", fix)
        cell = {name: text.strip() for name, text in zip(columns, cells, strict=True)}
        self._check(line, cell)
        case = cell.get("case", "").lower()
        if case not in _CASE:
            raise self.error(line, f"case is {case[:20]!r}", "use yes or no")
        try:
            tag = locale(cell["locale"])
        except LocaleError as error:
            raise self.error(line, error.what, f"{error.fix}, or * for all locales") from None
        note = cell.get("note", "")[:MOST_NOTE]
        return Row(cell["term"], tag, cell["translation"], _CASE[case], note, line)

    def _check(self, line: int, cell: dict[str, str]) -> None:
        if not any(character.isalnum() for character in cell["term"]):
            raise self.error(line, "no term")
        for name in ("term", "translation"):
            text = cell[name]
            if len(text) > MOST_CHARACTERS:
                raise self.error(line, f"a {name} of more than {MOST_CHARACTERS} characters")
            if not text.isprintable() or any(sign in text for sign in _BRACKETS):
                raise self.error(line, f"a {name} with a character that cannot stand in one")
