"""Line breaks of inline text: soft ones fold to a space, hard ones stay."""

from __future__ import annotations

import re

_BREAK = re.compile(r"([ \t]*)\n[ \t\n]*")
_ODD_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*\\$")


def folded(content: str) -> str:
    """Inline content on one line, but for hard breaks (two blanks or a backslash before them)."""
    pieces: list[str] = []
    position = 0
    for found in _BREAK.finditer(content):
        before = content[position : found.start()]
        pieces.extend((before, _kept(before, found[1])))
        position = found.end()
    return "".join((*pieces, content[position:])).strip(" \t\n")


def _kept(before: str, blanks: str) -> str:
    if blanks.endswith("  "):
        return "  \n"
    if not blanks and _ODD_BACKSLASH.search(before):
        return "\n"
    return " "


def hard_break(source: str) -> str:
    """The form in which a source breaks lines: `  `, a backslash, or empty if it does not."""
    if "  \n" in source:
        return "  "
    return "\\" if "\n" in source else ""


def hard_lines(text: str, source: str) -> list[tuple[str, str]]:
    """A translation's lines, each with the mark of the break after it (none after the last).

    Where the source breaks lines every line break counts, marked or not (editors of catalogs
    lose two blanks at a line's end); elsewhere only a marked one does.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    usual = hard_break(source)
    *broken, last = (unified if usual else folded(unified)).split("\n")
    marked = [*(_line_and_mark(line, usual or "  ") for line in broken), (last.strip(" \t"), "")]
    return [(line, mark) for line, mark in marked if line]


def _line_and_mark(line: str, usual: str) -> tuple[str, str]:
    if _ODD_BACKSLASH.search(line):
        return line[:-1].strip(" \t"), "\\"
    return line.strip(" \t"), "  " if line.endswith("  ") else usual
