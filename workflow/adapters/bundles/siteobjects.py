"""The objects of a site: plain files by their SHA-256, each compared with it when it is read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from workflow.adapters.bundles.folder import DIGEST
from workflow.adapters.bundles.siteplaces import Places, cleared_on_error, outside
from workflow.adapters.bundles.writing import LARGEST_OBJECT
from workflow.adapters.files import read_plain
from workflow.errors import BundleError
from workflow.model import digest_of

_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EACCES}
"""What a file system says that has no hard links, or no more of them for a file."""


class SiteObjects:
    """Implements `ports.pulling.SiteObjects`."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._folder = str(places.objects)

    def has(self, digest: str) -> bool:
        """Whether a plain file has this name."""
        try:
            return stat.S_ISREG(self.path(digest).lstat().st_mode)
        except OSError:
            return False

    def read(self, digest: str) -> bytes | None:
        """An object's bytes; a link, or a file of other bytes, counts as damaged."""
        path = self.path(digest)
        try:
            body = read_plain(path, LARGEST_OBJECT)
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ELOOP, errno.EINVAL, errno.EIO}:
                return None
            with outside(path, "read"):
                raise
        return body if digest_of(body) == digest else None

    @contextmanager
    def keeping(self, digest: str) -> Iterator[IO[bytes]]:
        """Written beside, and renamed when the caller has compared it with its digest."""
        path = self.path(digest)
        with outside(path, "write"):
            beside = self._places.beside(digest)
            with cleared_on_error(beside):
                with beside.open("xb") as file:
                    yield file
                beside.replace(path)

    def digests(self) -> Iterator[str]:
        """All objects there are."""
        with outside(self._places.objects, "read"), os.scandir(self._places.objects) as found:
            yield from [entry.name for entry in found if DIGEST.fullmatch(entry.name)]

    def remove(self, digest: str) -> None:
        """Remove an object."""
        path = self.path(digest)
        with outside(path, "remove"), suppress(FileNotFoundError):
            path.unlink()

    def link(self, digest: str, path: str) -> bool:
        """Make a new name for an object; False where there can be none. Raises OSError."""
        return linked(f"{self._folder}/{_checked(digest)}", path)

    def path(self, digest: str) -> Path:
        """Where an object lies. Raises BundleError for what is no digest."""
        return self._places.objects / _checked(digest)


def _checked(digest: str) -> str:
    if not DIGEST.fullmatch(digest):
        fix = "do not use this bundle; publish it again from its project"
        raise BundleError(f"{digest[:80]!r} is no SHA-256 digest", fix=fix)
    return digest


def linked(there: str, path: str) -> bool:
    """Make a second name for a file; False where there can be none. Raises OSError."""
    try:
        os.link(there, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True
