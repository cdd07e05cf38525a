"""One package from a file or from an index into the store."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from workflow.adapters.argos.archive import Archive, Limits, open_archive
from workflow.adapters.argos.fetching import Patience, fetch, is_web, shown
from workflow.adapters.argos.index import Entry, Index
from workflow.adapters.argos.metadata import (
    LARGEST_METADATA,
    METADATA,
    Metadata,
    parse_metadata,
)
from workflow.adapters.argos.naming import in_archive
from workflow.adapters.argos.store import Added, ArgosStore, kept
from workflow.errors import OutsideError, PackageError, Place, PolypressError
from workflow.model import PackageRef

MODEL = "model/model.bin"
TOKENIZERS = ("sentencepiece.model", "bpe.model")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one package is: `step` is `download` or `unpack`; bytes, `total` 0 if unknown."""

    name: str
    step: str
    done: int
    total: int


Report = Callable[[Progress], None]


def ignore(_progress: Progress) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Installer:
    """Puts packages into a store; `replace` exchanges one that is there with other content."""

    store: ArgosStore
    replace: bool = False
    report: Report = ignore
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)

    def from_file(self, path: Path) -> Added:
        """Install an archive on disk. Raises PackageError, OutsideError or LockedError."""
        with _opened(path) as file:
            return self._install(file, str(path))

    def from_index(self, index: Index, entry: Entry) -> Added:
        """Download an entry's archive from the first link that serves it, then install it.

        A version that is there already is not downloaded again, unless to replace it. Raises
        OutsideError if no link serves it, PackageError if what came is not what the index says.
        """
        before = None if self.replace else self._present(entry)
        if before:
            return before
        failures: list[PolypressError] = []
        for link in index.places(entry):
            try:
                return self._from_link(link, entry)
            except (OutsideError, PackageError) as error:
                failures.append(error)
        raise failures[0] if failures else _nowhere(entry, index)

    def _present(self, entry: Entry) -> Added | None:
        """The installed package; only a checksum in the index can tell that it is another one."""
        name = entry.name
        for package in self.store.installed():
            if package.ref.name == name:
                ref = replace(package.ref, sha256=entry.sha256 or package.ref.sha256)
                return kept(package, ref, name)
        return None

    def _from_link(self, link: str, entry: Entry) -> Added:
        if not is_web(link):
            with _opened(Path(link)) as file:
                return self._install(file, link, entry)
        with self._unnamed_file() as file:
            fetch(
                link,
                file,
                limit=self.limits.archive,
                patience=self.patience,
                progress=lambda done, total: self.report(
                    Progress(entry.name, "download", done, total)
                ),
            )
            return self._install(file, shown(link), entry)

    def _install(self, file: IO[bytes], name: str, expected: Entry | None = None) -> Added:
        with open_archive(file, name, self.limits) as archive:
            about = _checked(archive)
            sha256 = _sha256(file)
            if expected:
                _compare(about, sha256, expected, name)
            ref = PackageRef(about.from_code, about.to_code, about.package_version, sha256)
            counter = _Counter(ref.name, archive.size, self.report)
            return self.store.add(archive, about, ref, replace=self.replace, progress=counter)

    @contextmanager
    def _unnamed_file(self) -> Iterator[IO[bytes]]:
        """A file on the store's disk that is gone when it is closed, even by a kill."""
        try:
            self.store.folder.mkdir(parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=self.store.folder)  # noqa: SIM115 - closed below
        except OSError as error:
            place = Place(path=str(self.store.folder))
            raise OutsideError(f"cannot write: {error.strerror}", place=place) from error
        with file:
            yield file


@dataclass(slots=True)
class _Counter:
    """Adds up the bytes written and reports them."""

    name: str
    total: int
    report: Report
    done: int = 0

    def __call__(self, count: int) -> None:
        self.done += count
        self.report(Progress(self.name, "unpack", self.done, self.total))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Without waiting for a pipe's other end; what is no plain file is no archive."""
    try:
        if not path.is_file():
            raise FileNotFoundError(2, "there is no such file")
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutsideError(f"cannot read: {reason}", place=Place(path=str(path))) from error
    with file:
        yield file


def _checked(archive: Archive) -> Metadata:
    """The metadata of an archive that has what an engine needs. Raises PackageError."""
    raw = archive.read(METADATA, limit=LARGEST_METADATA)
    try:
        for choice in ((MODEL,), TOKENIZERS):
            _require(archive, choice)
        return parse_metadata(raw)
    except PackageError as error:
        raise in_archive(error, archive.name) from None


def _nowhere(entry: Entry, index: Index) -> PackageError:
    return PackageError(
        f"the index names no place for {entry.name} that can be read",
        fix="install the package from a file",
        place=Place(path=shown(index.address)),
    )


def _require(archive: Archive, names: tuple[str, ...]) -> None:
    if not any(name in archive.members and archive.members[name].file_size for name in names):
        raise PackageError(f"has no {' and no '.join(names)} (or an empty one)")


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _compare(about: Metadata, sha256: str, expected: Entry, name: str) -> None:
    """Raise PackageError unless this is the package that the index promised."""
    if about.name != expected.name:
        what = f"this is the package {about.name}, the index promised {expected.name}"
    elif expected.sha256 and expected.sha256 != sha256:
        what = f"its SHA-256 is {sha256[:12]}…, the index promised {expected.sha256[:12]}…"
    else:
        return
    fix = "tell whoever keeps the index; or get the package from elsewhere, as a file"
    raise PackageError(what, fix=fix, place=Place(path=name))
