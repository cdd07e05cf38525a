"""Contents: the items of a collection as they lie on disk today, and what could not be read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workflow import catalog
from workflow.errors import ContentError, Place, PolypressError
from workflow.model import Diagnostic, Item, Unit
from workflow.steps.listing import walked
from workflow.steps.project import Collection

LARGEST_FILE = 8_000_000
"""Bytes; a source file beyond this is refused before it is read."""

ISOLATES = "\u2068\u2069"
"""What gettext puts round a file name with spaces, so no name may hold it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a collection holds today.

    `failures` says what could not be read; `unread` are the paths and `unsure` the item ids whose
    entries must therefore stay in the catalogs as they are.
    """

    collection: Collection
    items: tuple[Item, ...]
    failures: tuple[PolypressError, ...] = ()
    unread: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units in the order of the items."""
        return tuple(unit for item in self.items for unit in item.units)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the readers found and could live with."""
        return tuple(warning for item in self.items for warning in item.warnings)


def read(root: Path, collection: Collection) -> Contents:
    """Read all files of a collection, in the order of their paths."""
    items: list[Item] = []
    failures: list[PolypressError] = []
    unread: set[str] = set()
    for path in sorted(_found(root, collection)):
        name = path.relative_to(root).as_posix()
        try:
            found = collection.format.read(name, _body(root, path, name), collection.spec)
            _refuse_endless(name, [unit for item in found for unit in item.units])
            items += found
        except PolypressError as error:
            failures.append(error)
            unread.add(name)
    return _without_twins(Contents(collection, tuple(items), tuple(failures), frozenset(unread)))


def _found(root: Path, collection: Collection) -> Iterator[Path]:
    """The files of a collection but for hidden ones, and the folders that cannot be read."""
    base = root / collection.spec.path
    if not _is_folder(base):
        yield base
        return
    refused: list[OSError] = []
    yield from (Path(entry) for entry in walked(base, collection.format.suffixes, refused))
    yield from (Path(error.filename) for error in refused)


def _is_folder(path: Path) -> bool:
    """False if it cannot be looked at: whoever reads it then says why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _body(root: Path, path: Path, name: str) -> bytes:
    """The bytes of a source file that lies in the project and is of a sane size."""
    place = Place(path=_shown(name))
    try:
        found = path.stat()
        _refuse_strange(root, path, found, place)
        return path.read_bytes()
    except OSError as error:
        fix = "mend the path or its permissions; the collection's `path` is in polypress.toml"
        raise ContentError(f"cannot read: {error.strerror}", fix=fix, place=place) from error


def _refuse_strange(root: Path, path: Path, found: os.stat_result, place: Place) -> None:
    if not path.resolve().is_relative_to(root.resolve()):
        fix = "put the file itself there, not a link"
        raise ContentError("the file lies outside the project", fix=fix, place=place)
    if stat.S_ISFIFO(found.st_mode) or stat.S_ISSOCK(found.st_mode):
        raise ContentError("this is no file", fix="move it away", place=place)
    if place.path != path.relative_to(root).as_posix():
        what = "the name of the file holds control characters, or is not UTF-8"
        raise ContentError(what, fix="rename the file", place=place)
    if found.st_size > LARGEST_FILE:
        what = f"{found.st_size:,} bytes, more than {LARGEST_FILE:,}"
        raise ContentError(what, fix="cut the file into several items", place=place)


def _refuse_endless(name: str, units: Iterable[Unit]) -> None:
    """Refuse a unit that no catalog could hold: it would stop all others of the collection."""
    for unit in units:
        if catalog.holds_longer_word(unit.source):
            what = f"more than {catalog.LONGEST_WORD:,} characters without a blank"
            where = Place(path=name, line=unit.line)
            raise ContentError(what, fix="break them up, or put them into a file", place=where)


def _shown(name: str) -> str:
    """A name as a message and a catalog can hold it: what no text may hold is escaped."""
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in {"Cc", "Cs"} or character in ISOLATES
        else character
        for character in name
    )


def _without_twins(contents: Contents) -> Contents:
    """Without the items that share an id: none of them is surely the one that is meant."""
    seen = Counter(item.id for item in contents.items)
    twins = [item for item in contents.items if seen[item.id] > 1]
    errors = [
        ContentError(
            f"the id {item.id!r} is used by {seen[item.id]} items",
            fix="give each a different `id` in its front matter, or rename a file",
            place=Place(path=item.path),
        )
        for item in twins
    ]
    return Contents(
        contents.collection,
        tuple(item for item in contents.items if seen[item.id] == 1),
        (*contents.failures, *errors),
        contents.unread,
        frozenset(item.id for item in twins),
    )
