"""The public folder: objects named by their digest, and one pointer that is switched."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from workflow.adapters.bundles.compression import FORMS, compressed, is_form
from workflow.adapters.files import write_atomically, write_lazily
from workflow.errors import BundleError, OutsideError, Place
from workflow.model import digest_of

DIGEST = re.compile(r"[0-9a-f]{64}")
SUFFIXES = ("", *FORMS)
_TEMPORARY = ".tmp"
_SETTLED = 120.0
"""Seconds after which the system has put a file on the disk by itself (Linux: after 35). A younger
one may be of a process that was killed before it flushed anything."""


class BundleFolder:
    """Implements `ports.BundleStore` in a folder that any static server can serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced: list[Path] = []

    def put(self, body: bytes) -> str:
        """Store an object if it is not there yet; what is damaged of it is mended.

        A power cut may take a compressed form alone, and servers give it out unread.
        """
        digest = digest_of(body)
        path = self._path(digest)
        if _read(path) != body or not _forms_are_sound(path, body):
            forms = dict(compressed(body))
            for suffix in FORMS:
                beside = path.with_name(f"{digest}{suffix}")
                if suffix in forms:
                    self._write(beside, forms[suffix])
                else:
                    _unlink(beside)
            self._write(path, body)
        elif time.time() - _seconds(path) < _SETTLED:
            self._unsynced += [path.with_name(f"{digest}{suffix}") for suffix in SUFFIXES]
        return digest

    def _write(self, path: Path, body: bytes) -> None:
        write_lazily(path, body)
        self._unsynced.append(path)

    def get(self, digest: str) -> bytes:
        """An object's bytes, compared with its digest."""
        path = self._path(digest)
        fix = "run `polypress publish --all` again: it writes what is missing"
        body = _read(path)
        if body is None:
            raise BundleError("object missing", fix=fix, place=Place(path=str(path)))
        if digest_of(body) != digest:
            raise BundleError("object damaged", fix=fix, place=Place(path=str(path)))
        return body

    def has(self, digest: str) -> bool:
        """Whether there is such an object."""
        return self._path(digest).is_file()

    def release(self) -> bytes | None:
        """The live release, None before the first one."""
        return _read(self._pointer)

    def switch(self, release: bytes, serial: int) -> bool:
        """Make a release live by one rename; its time of change is later than the last one's.

        A static server makes the pointer's ETag from its size and its time in whole seconds.
        """
        if self.release() == release:
            return False
        self._sync()
        before = _seconds(self._pointer)
        write_atomically(self._pointer, release, at=max(int(time.time()), before + 1))
        self.record(serial, release)
        return True

    def record(self, serial: int, release: bytes) -> None:
        """Keep the bytes of a release that was live."""
        write_atomically(self._record(serial), release)

    def serials(self) -> tuple[int, ...]:
        """The serials of all releases that are recorded, lowest first."""
        names = [path.stem for path in self._records.glob("*.json")]
        return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit()))

    def recorded(self) -> Mapping[int, bytes]:
        """The releases that were live, by serial."""
        bodies = {serial: _read(self._record(serial)) for serial in self.serials()}
        return {serial: body for serial, body in bodies.items() if body is not None}

    def forget(self, serial: int) -> None:
        """Remove the record of a release."""
        _unlink(self._record(serial))

    def digests(self) -> Iterator[str]:
        """All objects there are, also those of which only a compressed form was written."""
        with suppress(FileNotFoundError), os.scandir(self._objects) as found:
            names = {entry.name.partition(".")[0] for entry in found}
            yield from (name for name in names if DIGEST.fullmatch(name))

    def size(self, digest: str) -> int:
        """How many bytes an object and its compressed forms take."""
        path = self._path(digest)
        return sum(_bytes(path.with_name(f"{digest}{suffix}")) for suffix in SUFFIXES)

    def remove(self, digest: str) -> int:
        """Remove an object, its compressed forms first."""
        path = self._path(digest)
        return sum(_unlink(path.with_name(f"{digest}{suffix}")) for suffix in reversed(SUFFIXES))

    def sweep(self, seconds: float) -> int:
        """Remove what a killed process left half written, if it is this old."""
        folders = (self.folder, self._objects, self._records)
        found = [path for folder in folders for path in folder.glob(f".*{_TEMPORARY}")]
        old = [path for path in found if time.time() - _seconds(path) > seconds]
        return sum(1 for path in old if _unlink(path) >= 0)

    def _sync(self) -> None:
        """Flush all that was put since the last switch, so that a power cut takes none of it."""
        for path in self._unsynced:
            with suppress(FileNotFoundError):
                _flush(path)
        if self._unsynced:
            _flush(self._objects)
        self._unsynced.clear()

    @property
    def _objects(self) -> Path:
        return self.folder / "objects"

    @property
    def _records(self) -> Path:
        return self.folder / "releases"

    @property
    def _pointer(self) -> Path:
        return self.folder / "release.json"

    def _record(self, serial: int) -> Path:
        return self._records / f"{serial:d}.json"

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            fix = "do not use this bundle; publish it again from its project"
            raise BundleError(f"{digest[:80]!r} is no SHA-256 digest", fix=fix)
        return self._objects / digest


def _read(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none. Raises OutsideError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused("read", path, error) from error


def _forms_are_sound(path: Path, body: bytes) -> bool:
    """Whether the compressed forms that lie beside an object are of its bytes."""
    found = {suffix: _read(path.with_name(f"{path.name}{suffix}")) for suffix in FORMS}
    return all(form is None or is_form(body, suffix, form) for suffix, form in found.items())


def _unlink(path: Path) -> int:
    """Remove a file; how many bytes it had. Raises OutsideError."""
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise _refused("remove", path, error) from error
    return size


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _flush(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _refused("flush", path, error) from error


def _seconds(path: Path) -> int:
    try:
        return int(path.stat().st_mtime)
    except OSError:
        return 0


def _refused(what: str, path: Path, error: OSError) -> OutsideError:
    fix = "mend the permissions, or move away what stands in the way"
    return OutsideError(f"cannot {what}: {error.strerror}", fix=fix, place=Place(path=str(path)))
