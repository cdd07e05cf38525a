"""Cutting a PO file into raw blocks, one per entry, so that untouched entries keep their bytes.

The grammar is gettext's, kept strict: one string a line, comments only before an entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.errors import CatalogError, Place

LONGEST_LINE = 200_000
"""Characters in one line; gettext's tools fold at 80, so more is no catalog of ours."""

_STRING = re.compile(
    r"[ \t]*(?P<lead>#~\||#~|#\|)?[ \t]*"
    r"(?:(?P<word>msgctxt|msgid_plural|msgid|msgstr(?:\[(?P<form>[0-9])\])?)[ \t]+)?"
    r'(?P<text>"[^"\\]*(?:\\["\\abfnrtv0-7x][^"\\]*)*")[ \t]*\r?\n?'
)
_LETTERS = {"msgctxt": "c", "msgid": "i", "msgid_plural": "l", "msgstr": "s"}
_ENTRY = re.compile(r"(?:C\.*)?(?:I\.*)?(?:L\.*)?(?:c\.*)?i\.*(?:s\.*|l\.*(?:[0-9]\.*)+)")
_FOREIGN_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[a0-7x]")
_CONFLICT = re.compile(r"<{7}|={7}|>{7}|\|{7}")


@dataclass(frozen=True, slots=True)
class Block:
    """One entry as it stands in the file.

    `before` is the blank lines above it, `raw` all its lines with their line ends, `line` where
    it starts (from 1); `strings` are its keyword and string lines without `#~` and `#|`, previous
    ones under `#| `; `comments` its comment lines without line ends.
    """

    before: str
    raw: str
    line: int
    obsolete: bool
    strings: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """The block that is being read; `shape` has a letter per string line, see _LETTERS."""

    path: str
    line: int = 0
    before: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    shape: str = ""
    strings: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    leads: set[bool] = field(default_factory=set)

    def ends_before(self, letter: str) -> bool:
        """Whether a line with this letter begins the next block."""
        told = self.shape.rstrip(".")[-1:]
        return told in set("s0123456789") and bool(told) and letter not in ".s0123456789"

    def take(self, gap: list[str], line: str, number: int) -> None:
        """Add a line to the block, and the blank ones above it."""
        if self.lines:
            self.lines += gap
        else:
            self.before, self.line = gap, number
        self.lines.append(line)

    def block(self) -> Block:
        """The finished block. Raises CatalogError if it is no whole entry."""
        forms = [letter for letter in self.shape if letter.isdigit()]
        whole = _ENTRY.fullmatch(self.shape) and forms == [str(n) for n in range(len(forms))]
        if not whole or len(self.leads) > 1:
            raise _error(self.path, self.line, "this entry is not whole or its lines are mixed up")
        return Block(
            before="".join(self.before),
            raw="".join(self.lines),
            line=self.line,
            obsolete=True in self.leads,
            strings=tuple(self.strings),
            comments=tuple(self.comments),
        )


def cut(text: str, path: str) -> tuple[tuple[Block, ...], str]:
    """The blocks of a PO file, and what is left behind the last one (blank lines and comments).

    Raises CatalogError with path and line for anything that is not an entry of a PO file.
    """
    blocks: list[Block] = []
    draft, gap = _Draft(path), list[str]()
    for number, line in enumerate(_lines(text), start=1):
        if not line.strip(" \t\r\n"):
            gap.append(line)
            continue
        letter, found = _letter(line, path, number)
        if draft.ends_before(letter):
            blocks.append(draft.block())
            draft = _Draft(path)
        draft.take(gap, line, number)
        gap = []
        _add(draft, letter, found, line, number)
    if draft.shape:
        blocks.append(draft.block())
        draft = _Draft(path)
    return tuple(blocks), "".join((*draft.before, *draft.lines, *gap))


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends; only a line feed ends one (U+2028 may stand inside strings)."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _letter(line: str, path: str, number: int) -> tuple[str, re.Match[str] | None]:
    """What a line is: `#` for a comment, else its letter in a block's shape."""
    if len(line) > LONGEST_LINE:
        raise _error(path, number, f"a line of more than {LONGEST_LINE} characters")
    found = _STRING.fullmatch(line)
    if not found:
        start = line.lstrip(" \t")
        if start.startswith("#") and start[1:2] not in {"~", "|"}:
            return "#", None
        raise _not_a_string(line, path, number)
    if "\\" in line and _FOREIGN_ESCAPE.search(line):
        raise _error(path, number, "a numeric or \\a escape", "write the character itself")
    letter = "." if not found["word"] else found["form"] or _LETTERS[found["word"]]
    return (letter.upper() if (found["lead"] or "").endswith("|") else letter), found


def _add(draft: _Draft, letter: str, found: re.Match[str] | None, line: str, number: int) -> None:
    if found is None:
        if draft.shape.strip(".CIL"):
            raise _error(draft.path, number, "a comment inside an entry", "move it above the entry")
        draft.comments.append(line.strip(" \t\r\n"))
        return
    lead = found["lead"] or ""
    draft.shape += letter
    mark = "#| " if lead.endswith("|") else ""
    draft.strings.append(f"{mark}{found['word'] or ''} {found['text']}".lstrip())
    if not mark:
        draft.leads.add(lead == "#~")


def _not_a_string(line: str, path: str, number: int) -> CatalogError:
    if _CONFLICT.match(line):
        return _error(path, number, "a conflict that git left", "choose one side and save")
    if line.count('"') == 1:
        return _error(path, number, "a string without its closing quote")
    return _error(path, number, "this line is not PO syntax")


def _error(path: str, line: int, what: str, fix: str = "") -> CatalogError:
    return CatalogError(
        what,
        fix=fix or "mend the line in an editor; `msgfmt --check` shows it, too",
        place=Place(path=path, line=line),
    )
