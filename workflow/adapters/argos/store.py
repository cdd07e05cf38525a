"""The folder of installed packages: `<from>_<to>-<version>/` each, with a record of its files."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workflow.adapters.argos.archive import Archive
from workflow.adapters.argos.metadata import Metadata
from workflow.adapters.argos.naming import (
    RECORD,
    folder_name,
    parse_asked,
    parse_folder,
    quoted,
    version_numbers,
)
from workflow.adapters.argos.probed import Probe, probed, probed_first
from workflow.adapters.argos.record import make_record, read_record, record_bytes
from workflow.adapters.argos.swapping import INCOMING, put_in_place, sweep, sync_tree, take_away
from workflow.adapters.argos.verifying import compare
from workflow.adapters.files import locked, write_atomically
from workflow.errors import OutsideError, PackageError, Place, PolypressError, UsageError
from workflow.model import PackageRef
from workflow.ports import InstalledPackage

State = Literal["installed", "replaced", "already installed"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a package that was given to the store."""

    package: InstalledPackage
    state: State


class ArgosStore:
    """The port `PackageStore` on a folder, which is made when something is first installed.

    With `probe` every package is tried before it is put in place, and what it keeps is recorded.
    """

    def __init__(self, folder: Path, *, probe: Probe | None = None) -> None:
        self.folder = folder
        self._probe = probe

    def installed(self) -> tuple[InstalledPackage, ...]:
        """All packages, sorted by languages and version; does not hash their files.

        A package whose record is damaged is among them, with no SHA-256: `verify` says what is
        wrong with it, where leaving it out would quietly choose another route.
        """
        found = [self._read(name) for name in self._names()]
        return tuple(sorted(found, key=lambda package: _order(package.ref)))

    def verify(self, package: InstalledPackage) -> None:
        """Compare every file with the record: size, SHA-256, none missing, none too many.

        This finds damage and mix-ups; whoever can write to the store can write the record, too.
        Raises PackageError that names the file and how to mend it.
        """
        try:
            compare(package.folder, package.ref, read_record(package.folder))
        except PackageError as error:
            raise _mendable(error, package) from error

    def find(self, name: str) -> InstalledPackage:
        """The package that a person names: `en_es@1.0`, or `en_es` if one version is installed.

        The name is compared, never made a path. Raises UsageError.
        """
        asked, packages = parse_asked(name), self.installed()
        found = [package for package in packages if _is_asked(package.ref, asked)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(package.ref.name for package in found or packages) or "none"
        raise UsageError(
            f"several versions of {name} are installed: {names}"
            if found
            else f"no package {quoted(name)} is installed; installed: {names}",
            fix="name one as `polypress models list` shows it",
        )

    def remove(self, name: str) -> InstalledPackage:
        """Remove a package by its name (see `find`). Raises UsageError or OutsideError."""
        self.find(name)  # a name that is not there makes no lock file
        with self._changing("remove"):
            sweep(self.folder)
            package = self.find(name)
            take_away(package.folder)
        return package

    def add(
        self,
        archive: Archive,
        about: Metadata,
        ref: PackageRef,
        *,
        replace: bool = False,
        progress: Callable[[int], None],
    ) -> Added:
        """Unpack beside, flush, then rename: the package is there as a whole or not at all.

        The same pair and version stays as it is if the archive is the same, and is refused if it is
        another, unless `replace`. `progress` gets the bytes just written. Raises PackageError, also
        for a package that cannot translate, or OutsideError if the disk refuses (nothing of the
        package stays then).
        """
        with self._changing("install into"):
            sweep(self.folder)
            before = self._present(ref)
            if before and not replace:
                return kept(before, ref, archive.name)
            target = self.folder / folder_name(ref)
            self._refuse_other(before, target)
            with self._incoming(archive.size) as incoming:
                record = make_record(about, ref.sha256, archive.unpack(incoming, progress))
                record = probed_first(record, incoming, self._probe, archive=archive.name)
                write_atomically(incoming / RECORD, record_bytes(record))
                sync_tree(incoming)
                put_in_place(incoming, target)
            return Added(record.installed(target), "replaced" if before else "installed")

    def probe(self, package: InstalledPackage) -> InstalledPackage:
        """Find out again what an installed package keeps, and record that; its files stay.

        Raises PackageError if it is damaged or cannot translate, OutsideError if the disk refuses.
        """
        with self._changing("write to"):
            sweep(self.folder)
            self.verify(package)
            record = probed(read_record(package.folder), package.folder, self._probe)
            with self._incoming(0) as incoming:  # a file in the package's folder would be damage
                write_atomically(incoming / RECORD, record_bytes(record))
                (incoming / RECORD).replace(package.folder / RECORD)
                sync_tree(package.folder)
                incoming.rmdir()
        return record.installed(package.folder)

    @contextmanager
    def _changing(self, what: str) -> Iterator[None]:
        """One process at a time; what the disk refuses becomes an error with a way out."""
        try:
            with locked(self.folder / ".lock"):
                yield
        except PolypressError:
            raise
        except OSError as error:
            raise OutsideError(
                f"cannot {what} the package store: {error.strerror or error}",
                fix="free some space or mend the permissions, then run the command again",
                place=Place(path=str(self.folder)),
            ) from error

    def _refuse_other(self, before: InstalledPackage | None, target: Path) -> None:
        if before is None and os.path.lexists(target):
            raise OutsideError(
                "what is here is no package, and is left alone",
                fix="move it away, then run the command again",
                place=Place(path=str(target)),
            )

    @contextmanager
    def _incoming(self, size: int) -> Iterator[Path]:
        free = shutil.disk_usage(self.folder).free
        if size > free:
            raise OutsideError(
                f"the package takes {size:,} bytes, the disk has {free:,} left",
                fix="free some space, or set [models] path to another disk",
                place=Place(path=str(self.folder)),
            )
        incoming = self.folder / f"{INCOMING}{secrets.token_hex(8)}"
        incoming.mkdir()
        try:
            yield incoming
        except BaseException:
            shutil.rmtree(incoming, ignore_errors=True)
            raise

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.folder) as entries:
                folders = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        except OSError as error:
            place = Place(path=str(self.folder))
            raise OutsideError(f"cannot read: {error.strerror}", place=place) from error
        return [name for name in folders if parse_folder(name)]

    def _present(self, ref: PackageRef) -> InstalledPackage | None:
        name = folder_name(ref)
        return self._read(name) if name in self._names() else None

    def _read(self, name: str) -> InstalledPackage:
        folder = self.folder / name
        try:
            return read_record(folder).installed(folder)
        except PackageError:
            source, target, version = parse_folder(name) or ("", "", "")
            return InstalledPackage(PackageRef(source, target, version, sha256=""), folder)


def kept(before: InstalledPackage, ref: PackageRef, name: str) -> Added:
    """What is there stays: all is well if `ref` is the same. Raises PackageError if it is another.

    `name` says in a message where `ref` comes from.
    """
    if before.ref == ref:
        return Added(before, "already installed")
    raise PackageError(
        f"another {ref.name} is installed, with the SHA-256 {before.ref.sha256[:12] or 'unknown'}…;"
        f" this one has {ref.sha256[:12]}…",
        fix="`polypress models install --replace` puts this one in its place",
        place=Place(path=name),
    )


def _mendable(error: PackageError, package: InstalledPackage) -> PackageError:
    return PackageError(
        f"package {package.ref.name} is not what was installed: {error.what}",
        fix=f"`polypress models install --replace` with the archive of {package.ref.name},"
        f" or `polypress models remove {package.ref.name}`",
        place=error.place,
    )


def _is_asked(ref: PackageRef, asked: tuple[str, str, str] | None) -> bool:
    if asked is None:
        return False
    source, target, version = asked
    return (ref.source, ref.target) == (source, target) and version in {"", ref.version}


def _order(ref: PackageRef) -> tuple[str, str, tuple[int, ...], str]:
    return ref.source, ref.target, version_numbers(ref.version), ref.version
