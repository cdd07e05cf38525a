"""A file as `zipfile` may see it: it cannot be made to read much at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO
from zipfile import BadZipFile

LARGEST_READ = 1 << 20
"""Bytes. `zipfile` reads the whole directory at once: 1 MiB is twice what 2,000 members need."""


@dataclass(slots=True)
class GuardedFile:
    """What `zipfile` uses of a file, over an open file of `size` bytes."""

    file: IO[bytes]
    size: int

    def read(self, count: int = -1) -> bytes:
        """Up to `count` bytes (all that are left if negative); refuses to read over 1 MiB."""
        left = max(0, self.size - self.file.tell())
        wanted = left if count < 0 else min(count, left)
        if wanted > LARGEST_READ:
            raise BadZipFile(f"its directory takes {wanted:,} bytes")
        return self.file.read(wanted)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Like a file's; a place outside the file is damage, not a failure of the disk."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.file.tell(), os.SEEK_END: self.size}[whence]
        if not 0 <= start + offset <= self.size:
            if whence == os.SEEK_END:
                raise OSError("shorter than that")  # zipfile expects this of a short file
            raise BadZipFile("cut short, or it points outside itself")
        return self.file.seek(start + offset)

    def tell(self) -> int:
        """The place in the file."""
        return self.file.tell()

    def seekable(self) -> bool:
        """True: `zipfile` asks."""
        return True
