"""Entries to text and back: the only door to polib, which sees nothing but checked lines.

polib guesses whether a string is a path, splits lines at U+2028, folds long comments and drops
parts of obsolete entries; so it gets only the string lines, and comments are read and written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

import polib

from workflow.adapters.pofile.block import Block
from workflow.adapters.pofile.width import USUAL
from workflow.model import Message

_NO_PATH = "# \0\n"  # no path holds NUL, so polib cannot take the content for one
_REFERENCE = re.compile(
    "\u2068(?P<name>[^\u2068\u2069]+)\u2069(?P<line>:[0-9]+)?|(?P<plain>[^ \t]+)"
)


class _Lines(str):
    """Text whose lines end at line feeds only, whatever Python thinks of U+2028 and U+0085."""

    __slots__ = ()

    def splitlines(self, keepends: bool = False) -> list[str]:  # noqa: FBT001, FBT002 - str's own
        """The lines without their ends."""
        return self.split("\n") if not keepends else super().splitlines(keepends=True)


def parse(blocks: Sequence[Block]) -> list[Message]:
    """The entries of blocks (none of them a header), in order."""
    entries = _entries(block.strings for block in blocks)
    return [_message(block, entry) for block, entry in zip(blocks, entries, strict=True)]


def header_text(block: Block) -> str:
    """The msgstr of a header block."""
    _, _, text = block.strings.rpartition("\nmsgstr ")
    [entry] = _entries([f'msgid "-"\nmsgstr {text}'])  # polib hides an entry without a msgid
    return entry.msgstr


def _entries(strings: Iterable[str]) -> list[polib.POEntry]:
    content = _Lines("".join(chain([_NO_PATH], strings)))
    return list(polib.pofile(content, encoding="utf-8"))


def _message(block: Block, entry: polib.POEntry) -> Message:
    forms = tuple(entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural))
    said = _said(block.comments)
    flags = chain.from_iterable(_flags(line) for line in said["#,"])
    return Message(
        context=entry.msgctxt,
        source=entry.msgid,
        translations=forms or (entry.msgstr,),
        plural=entry.msgid_plural if forms else None,
        comments=tuple(said["#"]),
        notes=tuple(said["#."]),
        references=tuple(_references(" ".join(said["#:"]))),
        flags=frozenset(filter(None, flags)),
        previous_context=entry.previous_msgctxt,
        previous_source=entry.previous_msgid,
        previous_plural=entry.previous_msgid_plural,
        obsolete=block.obsolete,
    )


def _flags(line: str) -> Iterable[str]:
    """The flags of a line; `fuzzy` counts for gettext with only blanks around it, too."""
    for flag in line.split(","):
        words = flag.split()
        yield from ["fuzzy"] * ("fuzzy" in words)
        yield " ".join(word for word in words if word != "fuzzy")


def _references(line: str) -> Iterable[str]:
    for found in _REFERENCE.finditer(line):
        yield found["plain"] or f"{found['name']}{found['line'] or ''}"


def _reference(name: str) -> str:
    """A reference as gettext writes it: a name with a space stands between U+2068 and U+2069."""
    if " " not in name:
        return name
    path, colon, line = name.rpartition(":")
    if not (path and line.isdecimal()):
        path, colon, line = name, "", ""
    return f"\u2068{path}\u2069{colon}{line}"


def _said(lines: Iterable[str]) -> dict[str, list[str]]:
    """The comment lines by kind, without their marks, and without blanks at their ends.

    No writer keeps such blanks, so an entry that holds some could not be read back as it was.
    """
    said: dict[str, list[str]] = {"#": [], "#.": [], "#:": [], "#,": []}
    for line in lines:
        mark = "#," if line.startswith("#!") else line[:2]  # gettext's older sign for flags
        kind, text = (mark, line[2:]) if mark in said else ("#", line[1:])
        said[kind].append(text.removeprefix(" ").rstrip(" \t\r"))
    return said


def text_of(message: Message, width: int = USUAL) -> str:
    """An entry as PO text, every line with its line feed; `width` is one of `width.width_of`."""
    comments = (_closed(line) for line in _comment_lines(message))
    lines = chain(comments, _string_lines(message, width))
    return "".join(f"{line}\n" for line in lines)


def _closed(comment: str) -> str:
    """A comment line that swallows nothing: gettext joins the next line to a backslash at its end.

    That line may say `fuzzy`. Blanks at the end are no part of a comment, see `_said`.
    """
    return f"{comment} " if comment.endswith("\\") else comment


def _comment_lines(message: Message) -> Iterable[str]:
    yield from (f"# {line}".rstrip(" ") for line in message.comments)
    yield from (f"#. {line}".rstrip(" ") for line in message.notes)
    yield from (f"#: {_reference(name)}" for name in message.references)
    if message.flags:
        rest = sorted(message.flags - {"fuzzy"})
        yield "#, " + ", ".join(["fuzzy"] * message.fuzzy + rest)


def _string_lines(message: Message, width: int) -> list[str]:
    entry = polib.POEntry(
        msgid=message.source,
        msgctxt=message.context,
        msgstr=message.translation,
        msgid_plural=message.plural or "",
        msgstr_plural=dict(enumerate(message.translations)) if message.plural else {},
        previous_msgctxt=message.previous_context,
        previous_msgid=message.previous_source,
        previous_msgid_plural=message.previous_plural,
        obsolete=message.obsolete,
        flags=[],
        occurrences=[],
    )
    return entry.__unicode__(width).rstrip("\n").split("\n")
