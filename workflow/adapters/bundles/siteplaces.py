"""Where things lie in the folder of a site, and what may stand in a name there.

Names come from a release that its publisher signed and whose form was checked. They are checked
once more here, at the door to the disk, by what a name in a folder may be.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from workflow.errors import BundleError, OutsideError, Place

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
_NO_SYMLINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS}
_FREE = "free some space or mend the permissions; the last good release stays"


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of a site, and what is in it."""

    root: Path

    @property
    def objects(self) -> Path:
        """One file an object, by SHA-256."""
        return self.root / "objects"

    @property
    def sections(self) -> Path:
        """One folder a section."""
        return self.root / "sections"

    @property
    def trees(self) -> Path:
        """One folder a release."""
        return self.root / "trees"

    @property
    def building(self) -> Path:
        """What a pull has in hand; gone when it has come to its end, or has changed nothing."""
        return self.root / "building"

    @property
    def current(self) -> Path:
        """The link to the current tree."""
        return self.root / "current"

    @property
    def memory(self) -> Path:
        """What is remembered from pull to pull."""
        return self.root / "pull.json"

    @property
    def lock(self) -> Path:
        """Held by a pull."""
        return self.root / "pull.lock"

    def prepare(self) -> bool:
        """Make what is not there; says whether an earlier pull left something unfinished.

        Raises OutsideError for a link or a file in the place of a folder: nothing is written
        through a link that leads who knows where.
        """
        for folder in (self.objects, self.sections, self.trees):
            _folder(folder)
        if os.path.lexists(self.current) and not self.current.is_symlink():
            raise in_the_way(self.current)
        with outside(self.building, "clear"):
            left = os.path.lexists(self.building)
            remove(self.building)
        return left

    def beside(self, name: str) -> Path:
        """Where something is built that shall have this name; in the same file system as all.

        Raises OSError, BundleError.
        """
        self.building.mkdir(exist_ok=True)
        return self.building / named(name)


def flush(root: Path) -> None:
    """Wait until the file system of a folder has all on the disk: one question for many files.

    Raises OSError.
    """
    handle = os.open(root, os.O_RDONLY)
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if call is None:  # not Linux
            os.sync()
        elif call(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(root))
    finally:
        os.close(handle)


def named(name: str) -> str:
    """A name as it may stand in a folder. Raises BundleError for any other."""
    if not _NAME.fullmatch(name):
        fix = "do not use this bundle; publish it again from its project"
        raise BundleError(f"the bundle has {name[:80]!r} for a name", fix=fix)
    return name


def _folder(path: Path) -> None:
    with outside(path, "make"):
        path.mkdir(parents=True, exist_ok=True)
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise in_the_way(path)


def in_the_way(path: Path) -> OutsideError:
    """What to say of something that Polypress did not put there, and does not follow."""
    fix = "move it away, or pull into another folder"
    return OutsideError("this stands in the way", fix=fix, place=Place(path=str(path)))


def lead(path: Path, target: str) -> None:
    """Make a symbolic link. Raises OSError, and OutsideError where there can be none."""
    try:
        path.symlink_to(target)
    except OSError as error:
        if error.errno not in _NO_SYMLINKS:
            raise
        what = "this file system has no symbolic links, by which a site is switched"
        fix = "pull into a folder on another one (not FAT, exFAT or a share without links)"
        raise OutsideError(what, fix=fix, place=Place(path=str(path))) from error


def remove(path: Path) -> None:
    """Remove a folder with all in it, a file, or a link (not what it leads to). Raises OSError."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISDIR(found.st_mode):
        shutil.rmtree(path)
    else:
        path.unlink()


@contextmanager
def cleared_on_error(path: Path) -> Iterator[None]:
    """What is not finished takes no room on the disk."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            remove(path)
        raise


@contextmanager
def outside(path: Path, what: str) -> Iterator[None]:
    """What the disk refuses, as an OutsideError."""
    try:
        yield
    except OSError as error:
        told = f"cannot {what}: {error.strerror or error}"
        raise OutsideError(told, fix=_FREE, place=Place(path=str(path))) from error
