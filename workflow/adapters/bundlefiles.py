"""The public folder: objects named by their digest, and one pointer that is switched."""

from __future__ import annotations

import re
from pathlib import Path

from workflow.adapters.files import write_atomically
from workflow.errors import BundleError, OutsideError, Place
from workflow.model import digest_of

DIGEST = re.compile(r"[0-9a-f]{64}")


class BundleFolder:
    """Implements `ports.BundleStore` in a folder that any static server can serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, body: bytes) -> str:
        """Store an object if it is not there yet; a damaged one is mended."""
        digest = digest_of(body)
        path = self._path(digest)
        if _read(path) != body:
            write_atomically(path, body)
        return digest

    def get(self, digest: str) -> bytes:
        """An object's bytes, compared with its digest."""
        path = self._path(digest)
        fix = "run `polypress publish` again: it writes what is missing"
        body = _read(path)
        if body is None:
            raise BundleError("object missing", fix=fix, place=Place(path=str(path)))
        if digest_of(body) != digest:
            raise BundleError("object damaged", fix=fix, place=Place(path=str(path)))
        return body

    def release(self) -> bytes | None:
        """The live release, None before the first one."""
        return _read(self._pointer)

    def switch(self, release: bytes) -> bool:
        """Make a release live by one rename."""
        if self.release() == release:
            return False
        write_atomically(self._pointer, release)
        return True

    @property
    def _pointer(self) -> Path:
        return self.folder / "release.json"

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            fix = "do not use this bundle; publish it again from its project"
            raise BundleError(f"{digest[:80]!r} is no SHA-256 digest", fix=fix)
        return self.folder / "objects" / digest


def _read(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none. Raises OutsideError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        fix = "mend the permissions, or move away what stands in the way"
        place = Place(path=str(path))
        raise OutsideError(f"cannot read: {error.strerror}", fix=fix, place=place) from error
