"""A run as `polypress translate` makes it: look at all collections, read those that changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from workflow.errors import PolypressError
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.translate import translate
from workflow.steps.unchanged import Survey, surveyed

BOTH = ("notices", "briefs")


@dataclass(frozen=True)
class Ran:
    """What a run left out, read and did."""

    left_out: tuple[str, ...]
    ingested: Ingested
    outcomes: tuple[LocaleOutcome, ...]

    @property
    def read(self) -> tuple[str, ...]:
        return tuple(one.collection.name for one in self.ingested.contents)

    @property
    def failures(self) -> list[PolypressError]:
        found = [error for outcome in self.outcomes for error in outcome.failures]
        return [*self.ingested.failures, *found]

    @property
    def withheld(self) -> list[tuple[str, str]]:
        return [(one.locale, unit.unit) for one in self.outcomes for unit in one.withheld]


def run(city: Place, *locales: str, items: tuple[str, ...] = ()) -> Ran:
    survey = surveyed(city.project, locales or city.project.locales)
    ran = drafted(survey, *locales, items=items)
    survey.keep(ran.ingested.contents)
    return ran


def drafted(survey: Survey, *locales: str, items: tuple[str, ...] = ()) -> Ran:
    """A run up to where it remembers what it did."""
    project = survey.project
    ingested = ingest(project, unchanged=survey.unchanged)
    outcomes = translate(project, ingested, locales=locales or None, items=items, note=survey.note)
    return Ran(tuple(one.collection for one in survey.unchanged), ingested, outcomes)


def two_collections(root: Path) -> Place:
    """A project that a run has brought up to date."""
    made = place(root, collections=(NOTICES, BRIEFS))
    made.notice("pool", "The pool opens", "Bring a towel.")
    made.notice("park", "The park shuts", "Leave by nine.")
    made.write("briefs/week.txt", "Closed today.\n\nOpen on Monday.\n")
    assert run(made).read == BOTH
    return made


def notice(city: Place, name: str = "pool") -> Path:
    return city.root / "content" / "notices" / f"{name}.md"


def saved_unnoticed(path: Path, old: bytes, new: bytes) -> None:
    """A save of the same size, in place, with the time of modification set back."""
    before, body = path.stat(), path.read_bytes()
    assert len(old) == len(new)
    assert old in body
    with path.open("r+b") as file:
        file.write(body.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
