"""Checks of a file before it is trusted: size, encoding, duplicates."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from workflow.errors import CatalogError, Place
from workflow.model import Message

LARGEST_FILE = 128 * 1024 * 1024
"""Bytes; a catalog of 100,000 units has about half of that."""
MOST_ENTRIES = 200_000
"""Entries of one file; more would take minutes in every PO editor, too."""

LONGEST_LINE = 256 * 1024
"""Bytes of one line; gettext's tools fold at 80 columns."""
LONGEST_HEADER = 64 * 1024
"""Characters of the header entry with its comments."""

_NEVER = {b"\0": "a NUL byte", b"\4": "the byte 4, which gettext puts behind a context"}
_SPLIT = "split the collection into smaller ones"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(raw: bytes, path: str) -> str:
    """The text of a PO file. A UTF-8 byte order mark is left out: gettext refuses it.

    Raises CatalogError for a file that is too large or not UTF-8 text.
    """
    check_size(len(raw), path)
    if not raw.removeprefix(codecs.BOM_UTF8).strip():
        fix = "take it from its last good state, or delete it to start a new one"
        raise CatalogError("the file is empty", fix=fix, place=Place(path=path))
    if raw.startswith(_UTF16):
        raise CatalogError("the file is UTF-16", fix="save it as UTF-8", place=Place(path=path))
    check_count(raw.count(b"msgid "), path)
    _check_lines(raw, path)
    for byte, name in _NEVER.items():
        if (at := raw.find(byte)) >= 0:
            fix = "take the byte out, or the file from its last good state"
            raise CatalogError(name, fix=fix, place=_place(raw, at, path))
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        at = error.start + len(raw) - len(error.object)
        raise CatalogError(
            "not UTF-8", fix="save the file as UTF-8", place=_place(raw, at, path)
        ) from None


def check_size(size: int, path: str) -> None:
    """Raise CatalogError for a file of more than LARGEST_FILE bytes."""
    if size > LARGEST_FILE:
        raise CatalogError(f"more than {LARGEST_FILE} bytes", fix=_SPLIT, place=Place(path=path))


def check_count(entries: int, path: str) -> None:
    """Raise CatalogError for more than MOST_ENTRIES entries."""
    if entries > MOST_ENTRIES:
        raise CatalogError(f"more than {MOST_ENTRIES} entries", fix=_SPLIT, place=Place(path=path))


def check_header_size(header: str, path: str) -> None:
    """Raise CatalogError for a header of more than LONGEST_HEADER characters."""
    if len(header) > LONGEST_HEADER:
        fix = "take out what is no header field; a header has some twenty short lines"
        place = Place(path=path, line=1)
        raise CatalogError(
            f"a header of more than {LONGEST_HEADER} characters", fix=fix, place=place
        )


def _check_lines(raw: bytes, path: str) -> None:
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if len(line) > LONGEST_LINE:
            fix = "fold it with `msgcat`"
            place = Place(path=path, line=number)
            raise CatalogError(f"a line of more than {LONGEST_LINE} bytes", fix=fix, place=place)


def check_unique(messages: Iterable[tuple[Message, int]], path: str) -> None:
    """Raise CatalogError for two active or two obsolete entries with one context and msgid.

    An obsolete twin of an active entry passes: the merge makes a comment of it.
    """
    lines: dict[tuple[object, ...], int] = {}
    for message, line in messages:
        first = lines.setdefault((message.obsolete, *message.key), line)
        if first != line:
            raise CatalogError(
                f"the entry of line {first} once more",
                fix="take one of the two out; `msguniq` does it, too",
                place=Place(path=path, line=line),
            )


def _place(raw: bytes, at: int, path: str) -> Place:
    return Place(path=path, line=raw.count(b"\n", 0, at) + 1)
