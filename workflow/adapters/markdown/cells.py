"""Where the cells of one table row stand in its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Span = tuple[int, int]
_CONTAINERS = re.compile(r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*")
_BLANKS = " \t"


def escaped(text: str) -> str:
    """A text as it stands in a cell: its bars cannot end the cell, nor can what follows it."""
    bars = text.replace("|", "\\|")
    return f"{bars} " if bars.endswith("\\") else bars


def cell_spans(line: str, contents: Sequence[str]) -> list[Span] | None:
    """The place of each cell's text in the raw line, None if the line does not match them.

    Cells that the row lacks stand at the end of the line, empty.
    """
    columns = list(_columns(line))
    start, end = columns[0]
    if len(columns) > 1 and _CONTAINERS.fullmatch(line, start, end):
        columns = columns[1:]
    spans = [
        _trimmed(line, columns[number] if number < len(columns) else None, text)
        for number, text in enumerate(contents)
    ]
    found = [span for span in spans if span]
    return found if len(found) == len(spans) else None


def _columns(line: str) -> Iterator[Span]:
    """The stretches between bars; a bar after a backslash is text."""
    start = 0
    for bar in re.finditer(r"(?<!\\)\|", line):
        yield start, bar.start()
        start = bar.end()
    yield start, len(line)


def _trimmed(line: str, column: Span | None, text: str) -> Span | None:
    if column is None:
        return (len(line), len(line)) if not text else None
    raw = line[column[0] : column[1]].rstrip(_BLANKS)
    end = column[0] + len(raw)
    length = len(escaped(text).rstrip(_BLANKS)) if text else 0
    found = line[end - length : end].replace("\\|", "|") == text
    return (end - length, end) if found else None
