"""Lifetimes: which items of a release are over at a time, or not due yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workflow.bundle import Entry
from workflow.model import Item
from workflow.steps.contents import Contents
from workflow.steps.project import Project
from workflow.steps.shipping import withdrawn_words
from workflow.steps.timing import Absence, Life, life_of, zone_of


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """By the front matter of today's items (by `<collection>:<item>`) at a time (UTC).

    An item that is gone from the content is over when its release says so.
    """

    project: Project
    items: Mapping[str, Item]
    at: str

    def returning(self, _tag: str, name: str, entry: Entry) -> Entry | str:
        """An entry goes on with the end that its item has today, unless this is not its time."""
        life = self._life(name, entry)
        if not isinstance(life, Life):
            return life
        absence, why = life.absence(self.at)
        return why if absence else replace(entry, until=life.until or None)

    def ending(self, _tag: str, name: str, entry: Entry) -> Entry | str:
        """An entry goes on as it is, unless it is over now."""
        life = self._life(name, entry)
        if not isinstance(life, Life):
            return life
        absence, why = life.absence(self.at)
        return why if absence is Absence.EXPIRED else entry

    def _life(self, name: str, entry: Entry) -> Life | Entry | str:
        """The item's times of today; what becomes of the entry, where those do not count."""
        key = f"{name}:{entry.item}"
        if key in self.project.withdrawn:
            return withdrawn_words(self.project.withdrawn[key])
        if key in self.items:
            return life_of(self.items[key], zone_of(self.project.publishing.timezone))
        over = entry.until is not None and entry.until <= self.at
        return f"expired at {entry.until}" if over else entry


def items_of(contents: Iterable[Contents]) -> dict[str, Item]:
    """All items of today by `<collection>:<item>`."""
    return {f"{one.collection.name}:{item.id}": item for one in contents for item in one.items}
