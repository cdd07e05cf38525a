"""Switching a file to its new bytes in one step, and looking at what was replaced.

Comparing before a rename leaves a gap in which an editor can save. So names are exchanged
(renameat2 of Linux): what was live lies beside afterwards and can be compared in peace. Where
there is no such call, a second name keeps the old file and the gap is as small as can be.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workflow.adapters.files import exchange, mode_of, sync_folder

_NO_SUCH_CALL = {errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.ENOTSUP}


def switch(
    path: Path, body: bytes, *, expected: bytes | None, between: Callable[[Path], None]
) -> bool:
    """Make `body` the content of `path` if that still holds `expected` (None: no file).

    False if somebody saved in between: their file then stands. `between` is called with the path
    right before the step, for tests that save there. Raises OSError; the old file then stands, as
    it does if it is marked read-only, though its folder would let us replace it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_read_only(path)
    beside = _written_beside(path, body)
    try:
        between(path)
        done = _replaced(path, beside, body, expected)
    finally:
        with suppress(OSError):
            beside.unlink()
    sync_folder(path.parent)
    return done


def _refuse_read_only(path: Path) -> None:
    if path.exists() and not path.stat().st_mode & 0o222:
        raise PermissionError(errno.EACCES, "the file is read-only")


def clear_leftovers(path: Path) -> None:
    """Remove what a killed process left beside a catalog; call it under the catalog's lock.

    A leftover that is neither a text we wrote nor one we replaced is a save that came between:
    it stays beside under the name `<file>.rescued-<hash>`.
    """
    for leftover in path.parent.glob(f".{path.name}.*.part"):
        leftover.unlink(missing_ok=True)
    for leftover in path.parent.glob(f".{path.name}.*.ready"):
        _clear(leftover, path)


def _clear(leftover: Path, path: Path) -> None:
    digest = _digest(leftover.read_bytes())
    if digest in leftover.name.split("."):
        leftover.unlink()
    else:
        leftover.rename(path.with_name(f"{path.name}.rescued-{digest[:8]}"))


def _replaced(path: Path, beside: Path, body: bytes, expected: bytes | None) -> bool:
    if expected is None:
        return _linked(path, beside)
    try:
        exchange(path, beside)
    except FileNotFoundError:
        return False  # somebody took the file away; the caller reads again
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
        return _renamed(path, beside, expected)
    if beside.read_bytes() == expected:
        return True
    _give_back(path, beside, body)
    return False


def _give_back(path: Path, beside: Path, body: bytes) -> None:
    """Make a save that came between live again; one that came even later wins, both are kept."""
    exchange(path, beside)
    if beside.read_bytes() != body:
        exchange(path, beside)
        beside.rename(path.with_name(f"{path.name}.rescued-{_digest(beside.read_bytes())[:8]}"))


def _linked(path: Path, beside: Path) -> bool:
    """Give a new file its name, unless somebody has just made it."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    return True


def _renamed(path: Path, beside: Path, expected: bytes) -> bool:
    """The step without an exchange: a second name keeps the old file until it was compared."""
    second = beside.with_suffix(".part")
    os.link(path, second)
    try:
        if path.read_bytes() != expected:
            return False
        beside.rename(path)
        if second.read_bytes() == expected:
            return True
        second.rename(path)
        return False
    finally:
        second.unlink(missing_ok=True)


def _written_beside(path: Path, body: bytes) -> Path:
    """A whole and flushed file beside; its name holds the digests of what it and `path` hold."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fchmod(file.fileno(), mode_of(path))
            os.fsync(file.fileno())
        old = _digest(path.read_bytes()) if path.exists() else "none"
        return part.rename(path.with_name(f".{path.name}.{old}.{_digest(body)}.ready"))
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
