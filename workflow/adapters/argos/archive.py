"""A package's zip file: all of it checked before anything is written, then unpacked and counted."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from workflow.adapters.argos.guarded import GuardedFile
from workflow.adapters.argos.naming import (
    RECORD,
    checked_member,
    in_archive,
    quoted,
    refuse_collisions,
)
from workflow.errors import PackageError

CHUNK = 1 << 18
_ENCRYPTED = 0x1
_DAMAGE = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""All that `zipfile` raises on hostile input; OSError is the disk's and goes through."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a package may be, in bytes.

    Unpacked it may have `unpacked` bytes, and beyond `small` at most `ratio` times its archive.
    """

    archive: int = 2_000_000_000
    unpacked: int = 4_000_000_000
    small: int = 10_000_000
    ratio: int = 200
    members: int = 2_000

    def allowed(self, archive: int) -> int:
        """The bytes to which an archive of so many bytes may unpack."""
        return min(self.unpacked, max(self.small, self.ratio * archive))


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was unpacked: its bytes counted, and their SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive whose directory is sound; paths are relative to its one top folder."""

    name: str
    members: Mapping[str, ZipInfo]
    zip: ZipFile

    @property
    def size(self) -> int:
        """The bytes to which it unpacks, as its headers say; more than that is never written."""
        return sum(info.file_size for info in self.members.values())

    def read(self, path: str, *, limit: int) -> bytes:
        """One small file. Raises PackageError if it is missing, damaged, or beyond `limit`."""
        info = self.members.get(path)
        with refused(self.name):
            if info is None:
                raise PackageError(f"has no {path}")
            if info.file_size > limit:
                raise PackageError(f"{path} is larger than {limit:,} bytes")
            return b"".join(_chunks(self.zip, info))

    def unpack(self, folder: Path, progress: Callable[[int], None]) -> dict[str, Written]:
        """Write every file below an empty folder and flush it to disk.

        `progress` gets the bytes just written. Raises PackageError for a damaged member, OSError
        if the disk refuses; what is written by then stays for the caller to remove.
        """
        written: dict[str, Written] = {}
        for path, info in sorted(self.members.items()):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with refused(self.name), target.open("xb") as file:
                written[path] = _copied(_chunks(self.zip, info), file, progress)
        return written


@contextmanager
def open_archive(file: IO[bytes], name: str, limits: Limits) -> Iterator[Archive]:
    """Check an archive's size and its whole directory; nothing is unpacked yet.

    Raises PackageError with `name` as its place. The directory is read into memory, so one of more
    than 1 MiB is refused before that.
    """
    with refused(name):
        size = file.seek(0, os.SEEK_END)
        if size > limits.archive:
            raise PackageError(f"larger than the {limits.archive:,} bytes that are allowed")
        opened = ZipFile(GuardedFile(file, size))
    with opened:
        with refused(name):
            infos = opened.infolist()
            _check_directory(infos, limits.members, limits.allowed(size))
            members = _below_top(infos)
        yield Archive(name, members, opened)


@contextmanager
def refused(name: str) -> Iterator[None]:
    """Turn what `zipfile` raises on damage into one error that names the archive."""
    try:
        yield
    except PackageError as error:
        raise in_archive(error, name) from error.__cause__
    except _DAMAGE as error:
        reason = str(error) or type(error).__name__
        damage = PackageError(f"no zip file, or a damaged one: {reason}")
        raise in_archive(damage, name) from error


def _check_directory(infos: list[ZipInfo], most: int, allowed: int) -> None:
    if len(infos) > most:
        raise PackageError(f"has {len(infos):,} members, more than {most:,}")
    for info in infos:
        _check_member(info)
    total = sum(info.file_size for info in infos)
    if total > allowed:
        raise PackageError(f"unpacks to {total:,} bytes; {allowed:,} are allowed at its size")


def _check_member(info: ZipInfo) -> None:
    """Only plain files and folders, in the two usual compressions (the others have no bound)."""
    name = quoted(info.orig_filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.filename != info.orig_filename:
        raise PackageError(f"a file name that is not allowed: {name}")
    if kind not in {0, stat.S_IFDIR if _is_folder(info) else stat.S_IFREG}:
        raise PackageError(f"{name} is neither a plain file nor a folder (a link, a device?)")
    if info.flag_bits & _ENCRYPTED:
        raise PackageError(f"{name} is encrypted")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise PackageError(f"{name} is compressed in a way that Argos packages do not use")
    if _is_folder(info) and info.file_size:
        raise PackageError(f"the folder {name} has content")


def _is_folder(info: ZipInfo) -> bool:
    return info.filename.endswith("/")  # its own `is_dir` fails on an empty name


def _below_top(infos: list[ZipInfo]) -> dict[str, ZipInfo]:
    """The files by their path below the one top folder that every member lies in."""
    paths = {info: checked_member(info.filename.removesuffix("/")) for info in infos}
    files = {info: path for info, path in paths.items() if not _is_folder(info)}
    folders = [path for info, path in paths.items() if _is_folder(info)]
    refuse_collisions(files.values(), folders)
    tops = {path.parts[0] for path in paths.values()}
    loose = [str(path) for path in files.values() if len(path.parts) == 1]
    if len(tops) != 1 or loose:
        shown = ", ".join(quoted(name) for name in sorted(loose or tops)[:4]) or "nothing"
        raise PackageError(f"must hold exactly one folder with everything in it, holds {shown}")
    return {_inside(path): info for info, path in files.items()}


def _inside(path: PurePosixPath) -> str:
    inside = "/".join(path.parts[1:])
    if inside.lower() == RECORD:
        raise PackageError(f"holds {RECORD}, which only the store may write")
    return inside


def _chunks(opened: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """A member's bytes in pieces, never more than its header says (`zipfile` cuts there)."""
    count = 0
    with opened.open(info) as member:
        while chunk := member.read(CHUNK):
            count += len(chunk)
            yield chunk
    if count != info.file_size:
        raise PackageError(f"{quoted(info.filename)} has {count:,} bytes, not {info.file_size:,}")


def _copied(chunks: Iterator[bytes], file: IO[bytes], progress: Callable[[int], None]) -> Written:
    size, digest = 0, hashlib.sha256()
    for chunk in chunks:
        file.write(chunk)
        digest.update(chunk)
        size += len(chunk)
        progress(len(chunk))
    file.flush()
    os.fsync(file.fileno())
    return Written(size, digest.hexdigest())
