"""The public folder as files: what can be opened in it, and nothing else."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from workflow.model import digest_of
from workflow.web.answers import RefusedError

DIGEST = re.compile(r"[0-9a-f]{64}")
RECORD = re.compile(r"(0|[1-9][0-9]{0,14})\.json")
MOST_RELEASE = 16 * 2**20
"""Bytes of a release; one with a thousand locales has some 90 KB."""
MOST_RECORDS = 32
"""Past releases that are kept in memory."""
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Small:
    """A file that was read whole; `digest` is the SHA-256 of its bytes."""

    stamp: Stamp
    body: bytes
    digest: str


class PublicFolder:
    """The three kinds of files, by names that cannot lead out of the folder.

    No link is followed at the end of a path, and no pipe is waited for. Every method raises
    RefusedError if the file is there and cannot be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = str(root / "release.json")
        self._objects = f"{root / 'objects'}{os.sep}"
        self._records = f"{root / 'releases'}{os.sep}"
        self._known: OrderedDict[str, Small] = OrderedDict()

    def pointer(self) -> Small | None:
        """`release.json`; it is read when its size, time or inode have changed."""
        return self._small(self._pointer)

    def record(self, name: str) -> Small | None:
        """A release that was live, by the name of its file."""
        return self._small(self._records + name) if RECORD.fullmatch(name) else None

    def has(self, digest: str) -> bool:
        """Whether an object is there; it is not opened."""
        return self._stamp(self._object(digest, "")) is not None

    def open(self, digest: str, suffix: str) -> tuple[int, int] | None:
        """An object or a compressed form of it: an open file and its size, None if it is not there.

        The caller closes it.
        """
        return _opened(self._object(digest, suffix))

    def _object(self, digest: str, suffix: str) -> str:
        if not DIGEST.fullmatch(digest):
            raise ValueError("this is no digest")
        return f"{self._objects}{digest}{suffix}"

    def _small(self, path: str) -> Small | None:
        stamp = self._stamp(path)
        known = self._known.get(path)
        if stamp is None or (known and known.stamp == stamp):
            return known if stamp else None
        read = _read(path)
        if read:
            self._known[path] = read
            self._known.move_to_end(path)
            if len(self._known) > MOST_RECORDS:
                self._known.popitem(last=False)
        return read

    def _stamp(self, path: str) -> Stamp | None:
        try:
            found = os.lstat(path)
        except OSError as error:
            _not_there(error)
            return None
        return _stamp(found) if stat.S_ISREG(found.st_mode) else None


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_size, found.st_ino


def _opened(path: str) -> tuple[int, int] | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        _not_there(error)
        return None
    found = os.fstat(handle)
    if stat.S_ISREG(found.st_mode):
        return handle, found.st_size
    os.close(handle)
    return None


def _read(path: str) -> Small | None:
    opened = _opened(path)
    if opened is None:
        return None
    with os.fdopen(opened[0], "rb") as file:
        stamp = _stamp(os.fstat(file.fileno()))
        body = file.read(MOST_RELEASE)
    return Small(stamp, body, digest_of(body))


def _not_there(error: OSError) -> None:
    """Raises RefusedError for what is there and cannot be read."""
    if error.errno not in _NOT_THERE:
        fix = "ask again later; the operator of this server finds the reason in its log"
        raise RefusedError(503, "the public folder cannot be read", fix) from error
