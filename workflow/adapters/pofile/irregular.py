"""Reading one block line by line: obsolete entries, plurals, odd spacing, and what is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.adapters.pofile.block import Block
from workflow.errors import CatalogError, Place

_STRING = re.compile(
    r"[ \t]*+(?P<lead>#~\||#~|#\|)?+[ \t]*+"
    r"(?:(?P<word>msgctxt|msgid_plural|msgid|msgstr(?:\[(?P<form>[0-9])\])?+)[ \t]++)?+"
    r'(?P<text>"[^"\\]*+(?:\\["\\abfnrtv0-7x][^"\\]*+)*+")[ \t]*+\r?\n?'
)
_LETTERS = {"msgctxt": "c", "msgid": "i", "msgid_plural": "l", "msgstr": "s"}
_WHOLE = re.compile(r"(?:(?:C:*+)?+I:*+(?:L:*+)?+)?+(?:c\.*+)?+i\.*+(?:s\.*+|l\.*+(?:[0-9]\.*+)++)")
_LAST = frozenset("s0123456789")
_FOREIGN_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*+\\[a0-7x]")
_CONFLICT = re.compile(r"<{7}|={7}|>{7}|\|{7}")


@dataclass(slots=True)
class _Reading:
    """The block that is being read; `shape` has a letter per string line, see _LETTERS.

    Letters of previous strings are capitals; a line that goes on is `.`, or `:` in those. `told` is
    the last letter that was a keyword; `leads` whether its lines are obsolete.
    """

    path: str
    line: int = 0
    before: str = ""
    lines: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    told: str = ""
    strings: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    leads: set[bool] = field(default_factory=set)

    def add(self, line: str, number: int) -> bool:
        """Take a line into the block; False if it belongs to the next one."""
        found = _STRING.fullmatch(line)
        letter = _letter(found, line, self.path, number)
        if self.told in _LAST and letter != "." and letter not in _LAST:
            return False
        if self.told in _LAST and letter == "s":
            raise _error(self.path, number, "a msgstr that belongs to no msgid")
        if found:
            self._add_string(found, letter)
        elif self.told:
            raise _error(self.path, number, "a comment inside an entry", "move it above the entry")
        else:
            self.comments.append(line.strip(" \t\r\n"))
        return True

    def _add_string(self, found: re.Match[str], letter: str) -> None:
        previous = (found["lead"] or "").endswith("|")
        mark = "#| " if previous else ""
        word = f"{found['word']} " if found["word"] else ""
        self.strings.append(f"{mark}{word}{found['text']}\n")
        self.shape.append(letter)
        self.told = self.told if letter in ".:" else letter
        self.leads.add((found["lead"] or "").startswith("#~"))

    def block(self) -> Block:
        """The finished block. Raises CatalogError if it is no whole entry."""
        forms = [letter for letter in self.shape if letter.isdigit()]
        in_order = forms == [str(number) for number in range(len(forms))]
        if len(self.leads) != 1 or not in_order or not _WHOLE.fullmatch("".join(self.shape)):
            raise _error(self.path, self.line, "this entry is not whole or its lines are mixed up")
        return Block(
            before=self.before,
            raw="".join(self.lines),
            line=self.line,
            strings="".join(self.strings),
            comments=tuple(self.comments),
            obsolete=True in self.leads,
        )


def next_block(text: str, at: int, line: int, path: str) -> Block | None:
    """The block that begins at an offset, where `line` counts from 1; None if only comments follow.

    Raises CatalogError with path and line.
    """
    reading, gap = _Reading(path), list[str]()
    for number, content in enumerate(_lines(text, at), start=line):
        if not content.strip(" \t\r\n"):
            gap.append(content)
            continue
        if not reading.add(content, number):
            return reading.block()
        if not reading.lines:
            reading.before, reading.line, gap = "".join(gap), number, []
        reading.lines += [*gap, content]
        gap = []
    return reading.block() if reading.shape else None


def _lines(text: str, start: int) -> Iterator[str]:
    """Lines with their ends; only a line feed ends one (U+2028 may stand inside strings)."""
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _letter(found: re.Match[str] | None, line: str, path: str, number: int) -> str:
    """What a line is: `#` for a comment, else its letter in a block's shape."""
    if not found:
        start = line.lstrip(" \t")
        if start.startswith("#") and start[1:2] not in {"~", "|"}:
            return "#"
        raise _not_a_string(line, path, number)
    if "\\" in line and _FOREIGN_ESCAPE.search(line):
        raise _error(path, number, "a numeric or \\a escape", "write the character itself")
    previous = (found["lead"] or "").endswith("|")
    if not found["word"]:
        return ":" if previous else "."
    letter = found["form"] or _LETTERS[found["word"]]
    return letter.upper() if previous else letter


def _not_a_string(line: str, path: str, number: int) -> CatalogError:
    if _CONFLICT.match(line):
        return _error(path, number, "a conflict that git left", "choose one side and save")
    if line.count('"') == 1:
        return _error(path, number, "a string without its closing quote")
    return _error(path, number, "this line is not PO syntax")


def _error(path: str, line: int, what: str, fix: str = "") -> CatalogError:
    return CatalogError(
        what,
        fix=fix or "mend it in an editor; `msgfmt --check` shows the line, too",
        place=Place(path=path, line=line),
    )
