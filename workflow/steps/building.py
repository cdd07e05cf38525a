"""Building: a collection as it ships in every locale, stored as objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workflow.bundle import Entry, Manifest, Section
from workflow.errors import PolypressError
from workflow.steps.contents import Contents
from workflow.steps.keeping import Keeping
from workflow.steps.objects import item_object
from workflow.steps.project import Project
from workflow.steps.sections import (
    alternates_of,
    ground,
    revision_of,
    section_from,
)
from workflow.steps.shipping import Shipped, boundaries, entries_of, shipped
from workflow.steps.switching import section_of


@dataclass(frozen=True, slots=True)
class Built:
    """A collection as it ships at a time.

    `sections` maps locales to what they have; a locale whose catalog cannot be read keeps what of
    its live section may stay, and is told in `failures`. It all stands from `since` until before
    `until` (UTC; empty: for ever).
    """

    collection: str
    sections: Mapping[str, Section]
    since: str = ""
    until: str = ""
    failures: tuple[PolypressError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Listed:
    """What one locale has of the collection: what ships, stored, and how many items do not.

    `revision` is that of the live section that it is what is left of; empty: it was made anew.
    """

    entries: Sequence[Entry]
    left_out: int
    revision: str = ""


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
            kept = work.kept(locale)
            listed |= {locale: kept} if kept else {}
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
            made = self._keeping.among(locale, made, self._live(locale), lost)
        return _Listed(made, max(0, len(decided) - len(made)))

    def _stored(self, locale: str, one: Shipped) -> Entry | None:
        """The entry of an item whose object is stored; None if it cannot be made."""
        try:
            made = item_object(self.project, self.contents.collection, locale, one)
        except PolypressError as error:
            self.failures.append(error)
            return None
        return Entry(made.item, self.project.bundles.put(made.to_bytes()), one.until or None)

    def kept(self, locale: str) -> _Listed | None:
        """What is live in a locale whose catalog cannot be read, as far as it may stay."""
        live = self._live(locale)
        if live is None:
            return None
        entries = self._keeping.of_locale(locale, live)
        earlier = live.counts.get("items", {})
        gone = earlier.get("published", 0) - len(entries)
        return _Listed(entries, earlier.get("left-out", 0) + gone, live.revision)

    @property
    def _keeping(self) -> Keeping:
        return Keeping(self.project, self.contents, self.at, self.failures)

    def _live(self, locale: str) -> Section | None:
        return section_of(self.live, locale, self.contents.collection.name)

    def sections(self, listed: Mapping[str, _Listed]) -> dict[str, Section]:
        """The section of each locale that is listed."""
        name = self.contents.collection.name
        have = alternates_of({tag: one.entries for tag, one in listed.items()})
        revision = revision_of(self.contents)
        return {
            tag: section_from(
                self.project,
                ground(self.project, name, tag),
                one.entries,
                have,
                revision=one.revision or revision,
                left_out=one.left_out,
            )
            for tag, one in listed.items()
            if one.entries or one.revision or not self.failures
        }
