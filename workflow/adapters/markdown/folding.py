"""Line breaks of inline text: soft ones fold to a space, hard ones stay."""

from __future__ import annotations

import re

_BREAK = re.compile(r"([ \t]*)\n[ \t]*")
_ODD_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*\\$")


def folded(content: str) -> str:
    """Inline content on one line, but for hard breaks: two spaces or a backslash, and `\\n`."""
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


def hard_lines(text: str, source: str) -> list[str]:
    """A translation's lines without their break marks.

    Where the source breaks lines every line break counts, marked or not (editors of catalogs
    lose two blanks at a line's end); elsewhere only a marked one does.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if hard_break(source):
        lines = unified.split("\n")
    else:
        lines = folded(unified).split("\n")
    last = len(lines) - 1
    bare = [_unmarked(line) if number < last else line for number, line in enumerate(lines)]
    return [line.strip(" \t") for line in bare if line.strip(" \t")]


def _unmarked(line: str) -> str:
    stripped = line.rstrip(" \t")
    return stripped[:-1] if stripped == line and _ODD_BACKSLASH.search(line) else stripped
