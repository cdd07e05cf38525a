"""The catalogs of a project on disk: one writer at a time, and no save of anybody's is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workflow.adapters.files import clear_beside, locked, write_atomically
from workflow.adapters.pofile import places, sheet, soundness
from workflow.adapters.pofile.header import new_header
from workflow.adapters.pofile.standing import CatalogStanding
from workflow.adapters.pofile.switch import clear_leftovers, switch
from workflow.errors import CatalogError, LockedError, OutsideError, Place
from workflow.model import Message

Change = Callable[[tuple[Message, ...]], Iterable[Message]]
Key = tuple[str | None, str]
_TRIES = 20


def nothing_between(_path: Path) -> None:
    """What happens between writing beside and the switch, outside of tests."""


def nothing_more() -> None:
    """What else is done under the lock, where nothing is."""


class FileCatalogStore:
    """`ports.CatalogStore` over `<project>/locales`.

    `plural_forms` gives the Plural-Forms of a BCP 47 tag; `name` goes to the header of new files;
    `between` is called right before a switch, so that a test can save there; a lock is waited for
    `patience` seconds. `standing` tells what the files hold when a run is done with them.
    """

    def __init__(
        self,
        project: Path,
        *,
        plural_forms: Callable[[str], str],
        name: str = "Polypress",
        between: Callable[[Path], None] = nothing_between,
        patience: float = 10.0,
    ) -> None:
        self._project = project
        self._plural_forms = plural_forms
        self._name = name
        self._between = between
        self._patience = patience
        self.standing = CatalogStanding(project)

    def read(self, locale: str, domain: str) -> tuple[Message, ...]:
        """All entries in file order; see `ports.CatalogStore`."""
        path = places.catalog_path(self._project, locale, domain)
        with _outside(path):
            raw = _content(path, self._told(path))
            self.standing.saw(path, raw)
            return self._sheet(path, raw).messages

    def lines(self, locale: str, domain: str) -> dict[Key, int]:
        """Where each active entry starts in its file; see the port."""
        path = places.catalog_path(self._project, locale, domain)
        with _outside(path):
            found = self._sheet(path, _content(path, self._told(path)))
        pairs = zip(found.messages, found.blocks, strict=True)
        return {message.key: block.line for message, block in pairs if not message.obsolete}

    def update(
        self,
        locale: str,
        domain: str,
        change: Change,
        *,
        settled: Callable[[], None] = nothing_more,
    ) -> bool:
        """Read again under the lock, apply `change`, write what differs; see the port."""
        path = places.catalog_path(self._project, locale, domain)
        lock = places.lock_path(self._project, locale, domain)
        with _outside(path), locked(lock, seconds=self._patience):
            clear_leftovers(path)
            before, after = self._changed(path, change, self._header(locale))
            settled()
            self.standing.left(path, after)
            return after is not before

    def read_template(self, domain: str) -> tuple[Message, ...]:
        """The entries of a template; see the port."""
        path = places.template_path(self._project, domain)
        with _outside(path):
            return self._sheet(path, _content(path, self._told(path))).messages

    def write_template(self, domain: str, messages: Sequence[Message]) -> bool:
        """Write `locales/<domain>.pot` whole; True if its bytes changed."""
        path = places.template_path(self._project, domain)
        lock = places.lock_path(self._project, "", domain)
        with _outside(path), locked(lock, seconds=self._patience):
            clear_beside(path)
            blank = sheet.Sheet(path=self._told(path))
            header = new_header(self._name, "", "")
            body = sheet.splice(blank, messages, new_header=header) or header.encode()
            written = _content(path, self._told(path)) != body
            if written:
                write_atomically(path, body)
            self.standing.left(path, body)
            return written

    def _changed(
        self, path: Path, change: Change, header: str
    ) -> tuple[bytes | None, bytes | None]:
        """The bytes that were read, and those that stand now: the very same if nothing differs."""
        for _ in range(_TRIES):
            raw = _content(path, self._told(path))
            self.standing.saw(path, raw)
            before = self._sheet(path, raw)
            body = sheet.splice(before, tuple(change(before.messages)), new_header=header)
            if body is None:
                return raw, raw
            if switch(path, body, expected=raw, between=self._between):
                return raw, body
        raise LockedError(
            "somebody keeps saving this catalog",
            fix="close it in other programs, then run the command again",
            place=Place(path=self._told(path)),
        )

    def _header(self, locale: str) -> str:
        return new_header(self._name, places.folder_name(locale), self._plural_forms(locale))

    def _sheet(self, path: Path, raw: bytes | None) -> sheet.Sheet:
        told = self._told(path)
        return sheet.Sheet(path=told) if raw is None else sheet.read(raw, told)

    def _told(self, path: Path) -> str:
        """The path as messages say it: relative to the project."""
        return path.relative_to(self._project).as_posix()


def _content(path: Path, told: str) -> bytes | None:
    """The bytes of a file, None if there is none. Raises CatalogError if it is too large."""
    try:
        with path.open("rb") as file:
            soundness.check_size(os.fstat(file.fileno()).st_size, told)
            raw = file.read(soundness.LARGEST_FILE + 1)
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        fix = "move the folder away"
        raise CatalogError("a folder stands here", fix=fix, place=Place(path=told)) from None
    soundness.check_size(len(raw), told)
    return raw


@contextmanager
def _outside(path: Path) -> Iterator[None]:
    """Say what the system refused as OutsideError."""
    try:
        yield
    except OSError as error:
        raise OutsideError(
            f"cannot read or write the catalog: {error.strerror or error}",
            fix="free some space or mend the permissions, then run the command again",
            place=Place(path=str(path)),
        ) from error
