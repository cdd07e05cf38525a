"""Tables that people keep in git: CSV (RFC 4180) with a header, checked record by record.

Every complaint names its line, and a file that is not sound gives nothing at all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.errors import Place, SettingsError

MOST_BYTES = 2**20
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class TableFile:
    """One such file: its path for messages, its columns, and what its rows are called.

    Columns stand in any order; those that are not `needed` may be missing.
    """

    path: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    rows_are: str

    def error(self, line: int, what: str, fix: str = "") -> SettingsError:
        """A complaint about a line."""
        fix = fix or "mend the row, or take it out; nothing was done"
        return SettingsError(what, fix=fix, place=Place(path=self.path, line=line))

    def rows(self, raw: bytes) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row with the line (from 1) where it starts, as stripped cells by column.

        Raises SettingsError with path and line for what is not as the format says.
        """
        columns: Sequence[str] = ()
        for count, (line, cells) in enumerate(self._records(raw)):
            if count > MOST_ROWS:
                what = f"more than {MOST_ROWS:,} {self.rows_are}"
                raise self.error(line, what, f"keep only {self.rows_are} in it")
            if not columns:
                columns = self._header(line, cells)
            elif any(cell.strip() for cell in cells):
                yield line, self._row(line, columns, cells)

    def _records(self, raw: bytes) -> Iterator[tuple[int, list[str]]]:
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
            what = f"larger than {MOST_BYTES:,} bytes"
            raise self.error(1, what, f"keep only {self.rows_are} in it")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise self.error(line, "this is not UTF-8", "save the file as UTF-8") from None

    def _header(self, line: int, cells: Sequence[str]) -> tuple[str, ...]:
        """The names of the columns."""
        names = tuple(cell.strip().lower() for cell in cells)
        wrong = [name for name in names if name not in self.columns or names.count(name) > 1]
        missing = [name for name in self.needed if name not in names]
        if wrong or missing:
            what = f"unknown or doubled column {wrong[0]!r}" if wrong else f"no column {missing[0]}"
            raise self.error(line, what, f"the first line has to be {','.join(self.columns)}")
        return names

    def _row(self, line: int, columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
        if len(cells) != len(columns):
            fix = "put a text with a comma into double quotes"
            raise self.error(line, f"{len(cells)} cells, not {len(columns)}", fix)
        return {name: text.strip() for name, text in zip(columns, cells, strict=True)}
