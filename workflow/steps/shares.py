"""Shares: what each collection has of a locale's work, so that what fails in one is known as its.

Units of all collections are drafted together; each share is written into its own catalog.
"""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.errors import PolypressError, RouteError
from workflow.model import Message
from workflow.steps.contents import Contents
from workflow.steps.draft import Wanted
from workflow.steps.outcome import Done, Withheld
from workflow.steps.project import Project
from workflow.steps.wanted import Slot, all_wanted, merge_all, needs_text, slot


@dataclass(slots=True)
class Share:
    """One collection's units that need a text in a locale, and what went wrong with it."""

    contents: Contents
    wanted: list[Wanted]
    failures: list[PolypressError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shares:
    """All collections' shares of one locale; `failures` are those of the locale as a whole."""

    project: Project
    locale: str
    each: Sequence[Share]
    failures: list[PolypressError]

    @property
    def wanted(self) -> list[Wanted]:
        """All units, in the order of the collections."""
        return [one for share in self.each for one in share.wanted]

    def with_(self, others: Shares) -> Shares:
        """Together with the shares of more collections."""
        return replace(self, each=(*self.each, *others.each))

    def write(self, results: Mapping[Slot, Message]) -> list[str]:
        """Write the results into the catalogs; the names of those that changed."""
        return [name for share in self.each for name in self._written(share, results)]

    def _written(self, share: Share, results: Mapping[Slot, Message]) -> list[str]:
        contents = (share.contents,)
        return merge_all(self.project, contents, self.locale, results, share.failures)

    def all_failures(self) -> tuple[PolypressError, ...]:
        """Those of the shares, then those of the locale."""
        return (*(error for share in self.each for error in share.failures), *self.failures)

    def done(
        self, results: Mapping[Slot, Message], withheld: Sequence[Withheld], memory: int
    ) -> list[Done]:
        """What is drafted now, with the units that no text was found for: only what did not fail.

        `memory` is its version before it was asked.
        """
        known = {one.unit: one for one in withheld}
        found = []
        for share in self.each:
            if share.failures or (self._is_stuck and share.wanted):
                continue
            ids = [one.unit.id for one in share.wanted if self._is_left(one, results)]
            left = tuple(known.get(unit, Withheld(unit, ())) for unit in ids)
            found.append(Done(share.contents.collection.name, self.locale, memory, left))
        return found

    @property
    def _is_stuck(self) -> bool:
        """Whether drafting failed as the next run may not: that there is no route, stays so."""
        return not all(isinstance(error, RouteError) for error in self.failures)

    def _is_left(self, one: Wanted, results: Mapping[Slot, Message]) -> bool:
        result = results.get(slot(one))
        return result is None or needs_text(result, pseudo=self.project.pseudo)


def shares(
    project: Project, contents: Sequence[Contents], locale: str, items: Group[str] = ()
) -> Shares:
    """The share of each collection; on the way the memory learns what people approved."""
    each = [Share(one, *all_wanted(project, (one,), locale, items)) for one in contents]
    return Shares(project, locale, each, [])
