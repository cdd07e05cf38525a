"""Building: a collection as it ships in every locale, stored as objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workflow.bundle import Entry, ItemObject, Manifest, Section
from workflow.errors import PolypressError
from workflow.steps.contents import Contents
from workflow.steps.objects import item_object
from workflow.steps.project import Project
from workflow.steps.sections import (
    alternates_of,
    ground,
    live_entries,
    revision_of,
    section_from,
)
from workflow.steps.shipping import Shipped, boundaries, entries_of, shipped
from workflow.steps.switching import section_of


@dataclass(frozen=True, slots=True)
class Built:
    """A collection as it ships at a time.

    `sections` maps locales to what they have; a locale whose catalog cannot be read keeps its live
    section, if there is one, and is told in `failures`. It all stands from `since` until before
    `until` (UTC; empty: for ever).
    """

    collection: str
    sections: Mapping[str, Section]
    since: str = ""
    until: str = ""
    failures: tuple[PolypressError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Listed:
    """What one locale has of the collection: what ships, stored, and how many items do not."""

    entries: Sequence[Entry]
    left_out: int


def built(
    project: Project,
    contents: Contents,
    live: Mapping[str, Manifest],
    *,
    at: str,
    done: Callable[[], None] = lambda: None,
) -> Built:
    """Decide on all items of a collection, and store what ships; `done` hears of each locale.

    What cannot be read or made stays as it is in the `live` manifests. Raises OutsideError if the
    disk refuses.
    """
    failures: list[PolypressError] = []
    work = _Work(project, contents, live, at, failures)
    listed: dict[str, _Listed] = {}
    for locale in (project.source, *project.locales):
        try:
            decided = work.decided(locale)
        except PolypressError as error:
            failures.append(error)
        else:
            listed[locale] = work.listed(locale, decided)
        done()
    since, until = boundaries(project, contents, at)
    name = contents.collection.name
    return Built(name, work.sections(listed), since, until, tuple(failures))


@dataclass(frozen=True, slots=True)
class _Work:
    project: Project
    contents: Contents
    live: Mapping[str, Manifest]
    at: str
    failures: list[PolypressError]

    def decided(self, locale: str) -> tuple[Shipped, ...]:
        """What becomes of each item in a locale. Raises CatalogError."""
        entries = entries_of(self.project, self.contents.collection, locale)
        return tuple(shipped(self.project, self.contents, locale, entries, self.at))

    def listed(self, locale: str, decided: Sequence[Shipped]) -> _Listed:
        """The items that ship in a locale, stored; what cannot be made stays as it is live."""
        made: list[Entry] = []
        lost = set(self.contents.unsure)
        for one in decided:
            if one.failure and locale == self.project.source:
                self.failures.append(one.failure)  # it is the same in every locale
            if one.choices is not None:
                entry = self._stored(locale, one)
                made += [entry] if entry else []
                lost |= set() if entry else {one.item.id}
        if self.contents.unread or lost:
            made = self._with_lost(locale, made, lost)
        return _Listed(made, max(0, len(decided) - len(made)))

    def _stored(self, locale: str, one: Shipped) -> Entry | None:
        """The entry of an item whose object is stored; None if it cannot be made."""
        try:
            made = item_object(self.project, self.contents.collection, locale, one)
        except PolypressError as error:
            self.failures.append(error)
            return None
        return Entry(made.item, self.project.bundles.put(made.to_bytes()), one.until or None)

    def _with_lost(self, locale: str, entries: Sequence[Entry], lost: set[str]) -> list[Entry]:
        """With the live objects of items that cannot be made now, each behind its old neighbour.

        A file that is damaged for a day must not take its items off the sites.
        """
        there = {entry.item for entry in entries}
        behind: dict[str, list[Entry]] = {}
        neighbour = ""
        for entry in self._live_entries(locale):
            if entry.item in there:
                neighbour = entry.item
            elif self._stays(entry, lost):
                behind.setdefault(neighbour, []).append(entry)
        rest = [one for entry in entries for one in (entry, *behind.get(entry.item, ()))]
        return [*behind.get("", ()), *rest]

    def _stays(self, entry: Entry, lost: set[str]) -> bool:
        """Whether a live item is one that cannot be made, and still may be shown."""
        name = f"{self.contents.collection.name}:{entry.item}"
        if name in self.project.withdrawn or (entry.until and entry.until <= self.at):
            return False
        if entry.item in lost:
            return True
        path = PurePosixPath(ItemObject.parse(self.project.bundles.get(entry.object)).path)
        return any(path.is_relative_to(gone) for gone in self.contents.unread)

    def _live_entries(self, locale: str) -> Iterable[Entry]:
        section = section_of(self.live, locale, self.contents.collection.name)
        return live_entries(self.project, section) if section else ()

    def sections(self, listed: Mapping[str, _Listed]) -> dict[str, Section]:
        """The section of each locale; a locale that is not listed keeps its live one."""
        name = self.contents.collection.name
        lacking = {self.project.source, *self.project.locales} - set(listed)
        kept = {tag: one for tag in lacking if (one := section_of(self.live, tag, name))}
        have = alternates_of(
            {tag: one.entries for tag, one in listed.items()}
            | {tag: live_entries(self.project, one) for tag, one in kept.items()}
        )
        revision = revision_of(self.contents)
        made = {
            tag: section_from(
                self.project,
                ground(self.project, name, tag),
                one.entries,
                have,
                revision=revision,
                left_out=one.left_out,
            )
            for tag, one in listed.items()
            if one.entries or not self.failures
        }
        return {**made, **kept}
