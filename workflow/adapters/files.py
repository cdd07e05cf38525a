"""Files as the project writes and locks them: beside first, then renamed; never half a file."""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from workflow.errors import LockedError, OutsideError, Place

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write_atomically(path: Path, body: bytes, *, at: int | None = None) -> None:
    """Write beside the target, flush to disk, then rename over it.

    `at` is the time of change that the file gets (seconds since 1970; by default now). Raises
    OutsideError if the disk refuses; the old file then stands and no temporary file stays.
    """
    with _refused_writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, body, at=at)
        sync_folder(path.parent)


def write_lazily(path: Path, body: bytes) -> None:
    """The same without flushing: for files that nobody reads before the caller has flushed them.

    Raises OutsideError.
    """
    with _refused_writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, body, flush=False)


def clear_beside(path: Path) -> None:
    """Remove what killed processes left half written beside a file; call it under the file's lock.

    What cannot be removed stays: it does no harm.
    """
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with suppress(OSError):
            leftover.unlink()


@contextmanager
def _refused_writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideError(
            f"cannot write: {error.strerror or error}",
            fix="free some space or mend the permissions, then run the command again",
            place=Place(path=str(path)),
        ) from error


def _replace(path: Path, body: bytes, *, flush: bool = True, at: int | None = None) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as beside:
            beside.write(body)
            beside.flush()
            os.fchmod(beside.fileno(), mode_of(path))
            if at is not None:
                os.utime(beside.fileno(), (at, at))
            if flush:
                os.fsync(beside.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def read_plain(path: Path, most: int) -> bytes:
    """The first `most` bytes of a plain file; no link is followed, and no pipe is waited for.

    Raises OSError, also for what is no plain file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "this is no plain file", str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def mode_of(path: Path) -> int:
    """The permissions of a file, or those of a new one."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o644


def sync_folder(folder: Path) -> None:
    """Flush a folder's names to disk (a file's own fsync does not cover them)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two files or folders in one step (renameat2(2), Linux).

    Raises OSError, with ENOSYS where the system has no such call.
    """
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        raise OSError(errno.ENOSYS, "no renameat2") from None
    names = os.fsencode(one), os.fsencode(other)
    if call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


@contextmanager
def locked(path: Path, *, seconds: float = 10.0) -> Iterator[None]:
    """Hold the lock file `path`; raises LockedError if another process keeps it for `seconds`."""
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds)
    except Timeout:
        raise LockedError(
            f"another process has held the lock for {seconds:g} s",
            fix="wait until it is done, then run the command again",
            place=Place(path=str(path)),
        ) from None
    except OSError as error:
        raise OutsideError(
            f"cannot lock: {error.strerror}",
            fix="free some space or mend the permissions, then run the command again",
            place=Place(path=str(path)),
        ) from error
    try:
        yield
    finally:
        lock.release()
