"""Exchange: small catalogs for translators out of the house, and back from an old base."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow.catalog import Key, facts_of
from workflow.catalog.facts import persons_comments
from workflow.catalog.incoming import Incoming, incoming
from workflow.errors import PolypressError, UsageError
from workflow.model import Message
from workflow.ports import CatalogCopies, History
from workflow.ports.review import Copy
from workflow.pseudo import is_pseudo
from workflow.steps.contents import Contents
from workflow.steps.project import Collection, Project, catalog_name


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a copy: how many entries were taken, and the contexts of those to look at.

    `based` says whether the base of the copy was known; without one, doubt becomes a conflict.
    `strange` entries belong to no catalog of this project.
    """

    locale: str
    based: bool = False
    taken: int = 0
    stale: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    failures: tuple[PolypressError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """What came of a copy's entries in one catalog."""

    collection: Collection
    keys: frozenset[Key]
    based: bool
    written: bool
    came: Incoming


@dataclass(frozen=True, slots=True)
class Exchange:
    """A project's way to send catalogs out and take them back."""

    project: Project
    history: History
    copies: CatalogCopies

    def exported(self, locale: str, wanted: Iterable[tuple[str, Key]]) -> bytes:
        """A small PO file with these entries (collection and key) of a locale, in this order.

        The mark in its header names what the catalogs hold now. Pseudo text stays here: nobody
        shall work from it. Raises CatalogError.
        """
        entries = {
            (one.name, message.key): message
            for one in self.project.collections
            for message in self.project.catalogs.read(locale, one.domain)
            if not message.obsolete
        }
        chosen: dict[Key, Message] = {}
        for name, key in wanted:
            if (name, key) in entries:  # of two collections with one context the first goes out
                chosen.setdefault(key, _without_pseudo(entries[name, key]))
        return self.copies.write(locale, list(chosen.values()), mark=self.history.mark())

    def imported(self, contents: Sequence[Contents], copy: Copy, locale: str) -> Imported:
        """Merge a copy into the catalogs of a locale, entry by entry, against its base.

        A catalog that refuses is reported and stops no other. Raises UsageError for a locale that
        the project lacks.
        """
        if locale not in self.project.locales:
            fix = f"this project's locales: {', '.join(self.project.locales)}"
            raise UsageError(f"{locale[:60]!r} is no locale of this project", fix=fix)
        left = {message.key: message for message in copy.messages if message.plural is None}
        parts: list[_Part] = []
        failures: list[PolypressError] = []
        for one in contents:
            try:
                part = self._merged(one, copy, locale, left)
                parts.append(part)
                left = {key: left[key] for key in left if key not in part.keys}
            except PolypressError as error:
                failures.append(error)
        strange = () if failures else tuple(message.context or "" for message in left.values())
        return _told(locale, parts, strange, failures)

    def _merged(self, one: Contents, copy: Copy, locale: str, left: Mapping[Key, Message]) -> _Part:
        domain = one.collection.domain
        mine = self._own(one, locale, left)
        base = self.history.as_of(copy.mark, locale, domain, mine) if copy.mark else None
        came = [Incoming(())]

        def change(messages: tuple[Message, ...]) -> tuple[Message, ...]:
            came[0] = incoming(messages, mine.values(), base, language=self.project.source)
            return came[0].messages

        written = bool(mine) and self.project.catalogs.update(locale, domain, change)
        return _Part(one.collection, frozenset(mine), base is not None, written, came[0])

    def _own(self, one: Contents, locale: str, left: Mapping[Key, Message]) -> dict[Key, Message]:
        """The entries of a copy that belong to a collection: by key, by item, else by file."""
        messages = self.project.catalogs.read(locale, one.collection.domain)
        known = {message.key for message in messages}
        alone = len(self.project.collections) == 1
        return {
            key: message
            for key, message in left.items()
            if alone or self._is_of(message, one, known)
        }

    def _is_of(self, message: Message, one: Contents, known: Group[Key]) -> bool:
        """What the file of an entry says goes first: two collections may have one context."""
        others = [two for two in self.project.collections if two.name != one.collection.name]
        if _is_from(message, one.collection):
            return True
        if any(_is_from(message, two) for two in others):
            return False
        return message.key in known or _item(message) in {item.id for item in one.items}


def _without_pseudo(message: Message) -> Message:
    if not is_pseudo(facts_of(message)):
        return message
    kept, flags = persons_comments(message), message.flags - {"fuzzy"}
    return replace(message, translations=("",), comments=kept, flags=flags)


def _item(message: Message) -> str:
    return (message.context or "").partition("#")[0]


def _is_from(message: Message, collection: Collection) -> bool:
    folder = collection.spec.path
    return any(name == folder or name.startswith(f"{folder}/") for name in message.references)


def _told(
    locale: str,
    parts: Sequence[_Part],
    strange: tuple[str, ...],
    failures: Sequence[PolypressError],
) -> Imported:
    return Imported(
        locale,
        any(part.based for part in parts),
        taken=sum(len(part.came.taken) for part in parts),
        stale=_contexts(key for part in parts for key in part.came.stale),
        conflicts=_contexts(key for part in parts for key in part.came.conflicts),
        retired=_contexts(key for part in parts for key in part.came.retired),
        strange=strange,
        written=tuple(
            catalog_name(locale, part.collection.domain) for part in parts if part.written
        ),
        failures=tuple(failures),
    )


def _contexts(keys: Iterable[Key]) -> tuple[str, ...]:
    return tuple(context or "" for context, _ in keys)
