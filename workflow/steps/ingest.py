"""Ingest: read the content, cut it into units, and merge them into the template and catalogs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workflow import catalog
from workflow.errors import ContentError, Place, PolypressError
from workflow.model import Diagnostic, Item, Message, Unit
from workflow.steps.project import Collection, Project

LARGEST_FILE = 8_000_000
"""Bytes; a source file beyond this is refused before it is read."""


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


@dataclass(frozen=True, slots=True)
class Ingested:
    """What ingest found and changed.

    `written` names the files that changed, relative to `locales/`; `failures` are all problems,
    those of the contents too.
    """

    contents: tuple[Contents, ...]
    written: tuple[str, ...]
    failures: tuple[PolypressError, ...]


def ingest(project: Project) -> Ingested:
    """Read all collections and bring every catalog up to date; nothing changed writes nothing.

    One bad file, item or catalog is reported and never stops the others.
    """
    contents = tuple(read(project.root, collection) for collection in project.collections)
    written: list[str] = []
    failures = [failure for one in contents for failure in one.failures]
    for name, write in (job for one in contents for job in _writes(project, one)):
        try:
            written += [name] * write()
        except PolypressError as error:
            failures.append(error)
    return Ingested(contents, tuple(written), tuple(failures))


def _writes(project: Project, contents: Contents) -> list[tuple[str, Callable[[], bool]]]:
    """The files that ingest brings up to date: the template, then a catalog for each locale."""
    domain = contents.collection.domain
    merges = [
        (f"{locale}/{domain}.po", partial(_merge, project, contents, locale))
        for locale in project.locales
    ]
    return [(f"{domain}.pot", partial(_write_template, project, contents)), *merges]


def _write_template(project: Project, contents: Contents) -> bool:
    domain = contents.collection.domain
    entries = catalog.template(contents.items)
    if contents.failures:
        entries = _with_kept(entries, contents, project.catalogs.read_template(domain))
    return project.catalogs.write_template(domain, entries)


def _with_kept(
    entries: tuple[Message, ...], contents: Contents, before: tuple[Message, ...]
) -> tuple[Message, ...]:
    """The template's entries in the old order, with those of the files that could not be read."""
    fresh = {entry.key: entry for entry in entries}
    keep = contents.unsure | _items_from(before, contents.unread)
    merged = catalog.merge(before, contents.items, keep=keep)
    return tuple(
        fresh.get(message.key, message)
        for message in merged
        if message.key in fresh or catalog.item_of(message) in keep
    )


def _merge(project: Project, contents: Contents, locale: str) -> bool:
    def change(messages: tuple[Message, ...]) -> tuple[Message, ...]:
        keep = contents.unsure | _items_from(messages, contents.unread)
        return catalog.merge(messages, contents.items, keep=keep)

    return project.catalogs.update(locale, contents.collection.domain, change)


def _items_from(messages: Iterable[Message], paths: frozenset[str]) -> frozenset[str]:
    """The items whose entries came from these files, as the references in a catalog say."""
    ids = (catalog.item_of(one) for one in messages if paths.intersection(_files(one)))
    return frozenset(item for item in ids if item is not None)


def _files(message: Message) -> Iterator[str]:
    """The source files of an entry; a template's references end in a line number."""
    for reference in message.references:
        path, colon, line = reference.rpartition(":")
        yield path if colon and line.isdigit() else reference


def read(root: Path, collection: Collection) -> Contents:
    """Read all files of a collection, in the order of their paths."""
    items: list[Item] = []
    failures: list[PolypressError] = []
    unread: set[str] = set()
    for path in _paths(root, collection):
        name = path.relative_to(root).as_posix()
        try:
            items += collection.format.read(name, _body(root, path, name), collection.spec)
        except PolypressError as error:
            failures.append(error)
            unread.add(name)
    return _without_twins(Contents(collection, tuple(items), tuple(failures), frozenset(unread)))


def _paths(root: Path, collection: Collection) -> list[Path]:
    base = root / collection.spec.path
    if base.is_file():
        return [base]
    if not base.is_dir():
        return []
    suffixes = collection.format.suffixes
    found = (path for path in base.rglob("*") if path.suffix.lower() in suffixes)
    return sorted(path for path in found if path.is_file() and not _hidden(path, base))


def _hidden(path: Path, base: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(base).parts)


def _body(root: Path, path: Path, name: str) -> bytes:
    """The bytes of a source file that lies in the project and is of a sane size."""
    place = Place(path=name)
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            fix = "put the file itself there, not a link"
            raise ContentError("the file lies outside the project", fix=fix, place=place)
        size = path.stat().st_size
        if size > LARGEST_FILE:
            what = f"{size:,} bytes, more than {LARGEST_FILE:,}"
            raise ContentError(what, fix="cut the file into several items", place=place)
        return path.read_bytes()
    except OSError as error:
        fix = "mend the file or its permissions"
        raise ContentError(f"cannot read: {error.strerror}", fix=fix, place=place) from error


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
