"""A published folder on the same machine: no server is needed between a project and its site."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import IO

from workflow.adapters.bundles.writing import LARGEST_OBJECT, LARGEST_RELEASE, BodyWriter
from workflow.bundle import RELEASE
from workflow.errors import BundleError, OutsideError, Place
from workflow.ports.pulling import Pointer

_CHUNK = 1 << 16


class FolderRemote:
    """Implements `ports.pulling.Remote` over a folder."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder)
        self.moved = 0
        self._folder = folder
        self._counting = threading.Lock()

    def close(self) -> None:
        """Nothing is open."""

    def release(self, etag: str = "") -> Pointer | None:
        """The pointer; a folder knows no ETags."""
        del etag
        into = io.BytesIO()
        if not self._copied(RELEASE, BodyWriter(into, LARGEST_RELEASE)):
            fix = "check the path: it is that of the folder that `polypress publish` writes"
            raise OutsideError("there is no release.json", fix=fix, place=self._place(RELEASE))
        return Pointer(into.getvalue())

    def fetch(self, digest: str, into: IO[bytes]) -> bool:
        """An object."""
        path = f"objects/{digest}"
        body = BodyWriter(into, LARGEST_OBJECT)
        if not self._copied(path, body):
            return False
        if body.digest != digest:
            what, fix = "this is not what its digest says", "run `polypress publish --all` there"
            raise BundleError(what, fix=fix, place=self._place(path))
        return True

    def _copied(self, path: str, body: BodyWriter) -> bool:
        """False if there is no such file. Raises BundleError for one that is too large."""
        try:
            with (self._folder / path).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    body.write(chunk)
                    with self._counting:
                        self.moved += len(chunk)
        except FileNotFoundError:
            return False
        except OSError as error:
            what, fix = f"cannot read: {error.strerror}", "mend the path or the permissions"
            raise OutsideError(what, fix=fix, place=self._place(path)) from error
        except ValueError as error:
            raise BundleError(str(error), place=self._place(path)) from None
        return True

    def _place(self, path: str) -> Place:
        return Place(path=str(self._folder / path))
