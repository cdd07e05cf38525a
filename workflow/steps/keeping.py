"""Keeping: what stays live of a collection where it cannot be made anew.

A file or a catalog that is damaged for a day must not take its items off the sites. But whatever is
withdrawn, out of its time, gone or recalled today goes all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Collection as Group
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
        judge = self._judge(locale)
        return [kept for one in live_entries(self.project, section) if (kept := judge(one))]

    def among(
        self, locale: str, entries: Sequence[Entry], live: Section | None, lost: Group[str]
    ) -> list[Entry]:
        """These entries, and those of items that are lost or unread, behind their old neighbours.

        `lost` are the ids of items that cannot be made.
        """
        there = {entry.item for entry in entries}
        behind: dict[str, list[Entry]] = {}
        neighbour, judge = "", self._judge(locale, lost)
        for entry in live_entries(self.project, live) if live else ():
            if entry.item in there:
                neighbour = entry.item
            elif kept := judge(entry):
                behind.setdefault(neighbour, []).append(kept)
        return [*behind.get("", ()), *_each_with(entries, behind)]

    def _judge(
        self, locale: str, lost: Group[str] | None = None
    ) -> Callable[[Entry], Entry | None]:
        """What stays of a live entry: only one that is lost or unread, or (None) any."""
        items = {item.id: item for item in self.contents.items}
        times = Lifetimes(self.project, items_of([self.contents]), self.at)
        recalls = Recalls(self.project, items)
        wanted = items if lost is None else lost

        def kept(entry: Entry) -> Entry | None:
            if entry.item not in wanted and not self._is_unsure(entry):
                return None
            timed = times.returning(locale, self.contents.collection.name, entry)
            found = self._object(entry) if isinstance(timed, Entry) else None
            if found is None or isinstance(timed, str):
                return None
            stays = self._is_unread(found) or (entry.item in wanted and not recalls.why(found))
            return timed if stays else None

        return kept

    def _is_unsure(self, entry: Entry) -> bool:
        """Whether only a look at the object can tell if its file cannot be read."""
        return bool(self.contents.unread) or entry.item in self.contents.unsure

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
