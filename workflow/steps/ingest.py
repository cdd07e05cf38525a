"""Ingest: read the content, cut it into units, and merge them into the template and catalogs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from workflow import catalog
from workflow.errors import PolypressError
from workflow.model import Message
from workflow.steps.contents import Contents, read
from workflow.steps.project import Project, catalog_name
from workflow.steps.traced import Unchanged


@dataclass(frozen=True, slots=True)
class Ingested:
    """What ingest found and changed.

    `written` names the files that changed, relative to `locales/`; `failures` are all problems,
    those of the contents too. `changes` are the source texts that changed, by locale and
    collection. `unchanged` are the collections that were left out.
    """

    contents: tuple[Contents, ...]
    written: tuple[str, ...]
    failures: tuple[PolypressError, ...]
    changes: tuple[Changed, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What the change of source texts did to a catalog; `moves` are items under a new id."""

    locale: str
    collection: str
    changes: tuple[catalog.Change, ...]
    moves: Mapping[str, str]


def ingest(project: Project, *, unchanged: Iterable[Unchanged] = ()) -> Ingested:
    """Read all collections and bring every catalog up to date; nothing changed writes nothing.

    Those that are `unchanged` (`workflow.steps.unchanged`) are left out. One bad file, item or
    catalog is reported and never stops the others.
    """
    known = tuple(unchanged)
    names = {one.collection for one in known}
    changed = (one for one in project.collections if one.name not in names)
    contents = tuple(read(project.root, collection) for collection in changed)
    written: list[str] = []
    changes: list[Changed] = []
    failures = [failure for one in contents for failure in one.failures]
    for name, write in (job for one in contents for job in _writes(project, one, changes)):
        try:
            written += [name] * write()
        except PolypressError as error:
            failures.append(error)
    return Ingested(contents, tuple(written), tuple(failures), tuple(changes), known)


def _writes(
    project: Project, contents: Contents, changes: list[Changed]
) -> list[tuple[str, Callable[[], bool]]]:
    """The files that ingest brings up to date: the template, then a catalog for each locale."""
    domain = contents.collection.domain
    merges = [
        (catalog_name(locale, domain), partial(_merge, project, contents, locale, changes))
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
    keep = _kept(contents, before)
    merged = catalog.merge(before, contents.items, keep=keep)
    return tuple(
        fresh.get(message.key, message)
        for message in merged
        if message.key in fresh or catalog.item_of(message) in keep
    )


def _merge(project: Project, contents: Contents, locale: str, changes: list[Changed]) -> bool:
    merged = catalog.Merged(())

    def change(messages: tuple[Message, ...]) -> tuple[Message, ...]:
        nonlocal merged
        merged = catalog.merged(
            messages,
            contents.items,
            keep=_kept(contents, messages),
            language=project.source,
            names=project.names(locale),
        )
        return merged.messages

    written = project.catalogs.update(locale, contents.collection.domain, change)
    if merged.changes or merged.moves:
        name = contents.collection.name
        changes.append(Changed(locale, name, merged.changes, merged.moves))
    return written


def _kept(contents: Contents, messages: Iterable[Message]) -> frozenset[str]:
    """The items whose entries stay: unsure ones, and those from files that cannot be read."""
    unread = {" ".join(path.split()) for path in contents.unread}
    found = (catalog.item_of(one) for one in messages if unread and unread & set(_from(one)))
    return contents.unsure | frozenset(item for item in found if item is not None)


def _from(message: Message) -> Iterator[str]:
    """The files of an entry and the folders above; a template's references end in a line number."""
    for reference in message.references:
        path, colon, line = reference.rpartition(":")
        file = path if colon and line.isdigit() else reference
        yield file
        yield from map(str, PurePosixPath(file).parents)
