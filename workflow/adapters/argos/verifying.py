"""An installed package's files against its record."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from workflow.adapters.argos.naming import RECORD
from workflow.adapters.argos.record import Record, RecordedFile
from workflow.errors import PackageError, Place
from workflow.model import PackageRef


def compare(folder: Path, ref: PackageRef, record: Record) -> None:
    """Raise PackageError for the first file that is missing, too many, or not as recorded.

    The record must be of the package `ref`: another may have been installed in its place.
    """
    if record.ref != ref:
        raise PackageError(f"now it is {record.ref}, not {ref}", place=Place(path=str(folder)))
    there = _files(folder) - {RECORD}
    missing, extra = sorted(set(record.files) - there), sorted(there - set(record.files))
    if missing:
        raise PackageError("the file is missing", place=Place(path=str(folder / missing[0])))
    if extra:
        raise PackageError(
            "the file does not belong to the package", place=Place(path=str(folder / extra[0]))
        )
    for path, recorded in record.files.items():
        _compare_file(folder / path, recorded)


def _files(folder: Path) -> set[str]:
    """All that is no folder, links to folders included, relative to `folder` with `/`."""
    found: set[str] = set()
    for below, folders, files in os.walk(folder):
        here = Path(below)
        links = [name for name in folders if (here / name).is_symlink()]
        found.update((here / name).relative_to(folder).as_posix() for name in (*files, *links))
    return found


def _compare_file(path: Path, recorded: RecordedFile) -> None:
    place = Place(path=str(path))
    try:
        size, sha256 = _measured(path, recorded.size)
    except OSError as error:
        raise PackageError(f"cannot be read: {error.strerror}", place=place) from error
    if size != recorded.size:
        raise PackageError(f"has {size:,} bytes, recorded {recorded.size:,}", place=place)
    if sha256 != recorded.sha256:
        raise PackageError("its SHA-256 is not what was recorded", place=place)


def _measured(path: Path, expected: int) -> tuple[int, str]:
    """Bytes and SHA-256; a file of another size is not hashed, a link or device not opened."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError(0, "it is no plain file")
        if about.st_size != expected:
            return about.st_size, ""
        return about.st_size, hashlib.file_digest(file, "sha256").hexdigest()
