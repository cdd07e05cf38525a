"""A body on its way into a file: counted, hashed, and bounded."""

from __future__ import annotations

import hashlib
from typing import IO

from workflow.errors import OutsideError

LARGEST_RELEASE = 1 << 22
LARGEST_OBJECT = 1 << 26
"""Bytes; an item's file may have eight million, and its object holds its text several times."""


class BodyWriter:
    """Writes a body to a file that is still empty; `largest` is in bytes."""

    def __init__(self, into: IO[bytes], largest: int) -> None:
        self._into = into
        self._largest = largest
        self._written = 0
        self._hash = hashlib.sha256()

    def restart(self) -> None:
        """Forget what was written, for another attempt. Raises OutsideError."""
        self._written = 0
        self._hash = hashlib.sha256()
        try:
            self._into.seek(0)
            self._into.truncate()
        except OSError as error:
            raise _no_room(error) from error

    def write(self, piece: bytes) -> None:
        """Raises ValueError if it is too much, OutsideError if the disk refuses."""
        self._written += len(piece)
        if self._written > self._largest:
            raise ValueError(f"larger than the {self._largest:,} bytes that are allowed")
        self._hash.update(piece)
        try:
            self._into.write(piece)
        except OSError as error:
            raise _no_room(error) from error

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written."""
        return self._hash.hexdigest()


def _no_room(error: OSError) -> OutsideError:
    fix = "free some space or mend the permissions; the last good release stays"
    return OutsideError(f"cannot write: {error.strerror or error}", fix=fix)
