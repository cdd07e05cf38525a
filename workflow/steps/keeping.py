"""Keeping: what stays live of a collection where it cannot be made anew.

A file or a catalog that is damaged for a day must not take its items off the sites. But whatever is
withdrawn, out of its time, gone or recalled today goes all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workflow.bundle import Entry, ItemObject, Section
from workflow.errors import BundleError, PolypressError
from workflow.model import Review
from workflow.pseudo import names_pseudo
from workflow.steps.contents import Contents
from workflow.steps.lifetimes import Lifetimes, items_of
from workflow.steps.project import Project
from workflow.steps.recalling import Recalls
from workflow.steps.sections import live_entries


@dataclass(frozen=True, slots=True)
class Keeping:
    """Judges live entries by the contents of today at a time (UTC).

    An object that is lost or damaged stays nowhere, and is told in `failures`; pseudo text stays
    while it is asked for.
    """

    project: Project
    contents: Contents
    at: str
    failures: list[PolypressError]

    def of_locale(self, locale: str, section: Section) -> list[Entry]:
        """What stays in a locale whose catalog cannot be read, with the ends of today."""
        times = Lifetimes(self.project, items_of([self.contents]), self.at)
        items = {item.id: item for item in self.contents.items}
        recalls = Recalls(self.project, items)
        kept: list[Entry] = []
        for entry in live_entries(self.project, section):
            timed = times.returning(locale, self.contents.collection.name, entry)
            found = None if isinstance(timed, str) else self._object(entry)
            if found is None or isinstance(timed, str):
                continue
            if self._is_unread(found) or (entry.item in items and not recalls.why(found)):
                kept.append(timed)
        return kept

    def among(
        self, entries: Sequence[Entry], live: Section | None, lost: Collection[str]
    ) -> list[Entry]:
        """These entries, and those of items that are lost or unread, behind their old neighbours.

        `lost` are the ids of items that cannot be made.
        """
        there = {entry.item for entry in entries}
        behind: dict[str, list[Entry]] = {}
        neighbour = ""
        for entry in live_entries(self.project, live) if live else ():
            if entry.item in there:
                neighbour = entry.item
            elif self._stays(entry, lost):
                behind.setdefault(neighbour, []).append(entry)
        return [*behind.get("", ()), *_each_with(entries, behind)]

    def _stays(self, entry: Entry, lost: Collection[str]) -> bool:
        """Whether a live item is one that cannot be made, and still may be shown."""
        name = f"{self.contents.collection.name}:{entry.item}"
        if name in self.project.withdrawn or (entry.until and entry.until <= self.at):
            return False
        if entry.item not in lost and not self.contents.unread:
            return False
        found = self._object(entry)
        return found is not None and (entry.item in lost or self._is_unread(found))

    def _is_unread(self, found: ItemObject) -> bool:
        path = PurePosixPath(found.path)
        is_below = any(path.is_relative_to(gone) for gone in self.contents.unread)
        return found.item in self.contents.unsure or is_below

    def _object(self, entry: Entry) -> ItemObject | None:
        try:
            found = ItemObject.parse(self.project.bundles.get(entry.object))
        except BundleError as error:
            self.failures.append(error)
            return None
        return found if self.project.policy.pseudo or not _is_pseudo(found) else None


def _is_pseudo(found: ItemObject) -> bool:
    """Whether a text of it is pseudo text that nobody approved."""
    labels = (unit.label for unit in found.units)
    return any(names_pseudo(one.packages) and one.review != Review.APPROVED for one in labels)


def _each_with(entries: Sequence[Entry], behind: dict[str, list[Entry]]) -> Iterator[Entry]:
    for entry in entries:
        yield from (entry, *behind.get(entry.item, ()))
