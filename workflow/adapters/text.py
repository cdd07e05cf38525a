"""The guard at the door of content: bytes become text, or one clear error; names become ids."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from workflow.errors import ContentError, Place

MAX_FILE = 8 * 1024 * 1024
MAX_LINE = 1024 * 1024
ITEM_ID = re.compile(r"(?![.-])[a-z0-9._-]{1,120}")
LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BOM = "\ufeff"


def decode(path: str, raw: bytes) -> str:
    """The text of a source file without a byte order mark; line ends stay as they are.

    Raises ContentError (with path and line) for a file over `MAX_FILE` bytes, a line over
    `MAX_LINE` characters, bytes that are not UTF-8, control characters, or no text at all.
    """
    if len(raw) > MAX_FILE:
        raise ContentError(
            f"the file has {len(raw):,} bytes, more than the {MAX_FILE:,} that are read",
            fix="split it into several files",
            place=Place(path=path),
        )
    text = _as_utf8(path, raw).removeprefix(_BOM)
    _refuse_empty(path, text)
    _refuse_control_characters(path, text)
    _refuse_long_lines(path, text)
    return text


def _as_utf8(path: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(
            f"not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start} ({error.reason})",
            fix="save the file as UTF-8",
            place=Place(path=path, line=raw.count(b"\n", 0, error.start) + 1),
        ) from error


def _refuse_empty(path: str, text: str) -> None:
    if not text.strip():
        raise ContentError(
            "the file is empty",
            fix="write its text, or delete the file",
            place=Place(path=path),
        )


def _refuse_control_characters(path: str, text: str) -> None:
    found = _CONTROL.search(text)
    if found:
        raise ContentError(
            f"a control character U+{ord(found[0]):04X} stands in the text",
            fix="delete it; a file with many of them is no text file",
            place=Place(path=path, line=line_at(text, found.start())),
        )


def _refuse_long_lines(path: str, text: str) -> None:
    if len(text) <= MAX_LINE:
        return
    for number, line in enumerate(LINE_END.split(text), start=1):
        if len(line) > MAX_LINE:
            raise ContentError(
                f"the line has {len(line):,} characters, more than the {MAX_LINE:,} that are read",
                fix="break it into paragraphs",
                place=Place(path=path, line=number),
            )


def line_at(text: str, offset: int) -> int:
    """The line of an offset, from 1."""
    return len(LINE_END.findall(text, 0, offset)) + 1


def within(path: str, collection: str) -> PurePosixPath:
    """A file's path within its collection (a folder, or the file itself), without its suffix."""
    file = PurePosixPath(path)
    folder = PurePosixPath(collection)
    inside = file != folder and file.is_relative_to(folder)
    return (file.relative_to(folder) if inside else PurePosixPath(file.name)).with_suffix("")


def checked_id(text: str, *, place: Place, fix: str) -> str:
    """The item id as it is (design, section 4b); raises ContentError for one not allowed."""
    if ITEM_ID.fullmatch(text):
        return text
    raise ContentError(
        f"the item id {text[:140]!r} is not allowed: 1 to 120 of a-z, 0-9, '.', '_' and '-', "
        "not starting with '.' or '-'",
        fix=fix,
        place=place,
    )
