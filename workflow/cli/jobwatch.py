"""Looking at jobs, once or until they have ended."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import asdict, dataclass

import typer
from rich.console import RenderableType
from rich.text import Text

from workflow.bootstrap import SystemClock
from workflow.cli.jobtables import job_view, jobs_view, line_of
from workflow.cli.output import Output
from workflow.errors import UsageError
from workflow.jobs import JobFigures, JobState
from workflow.ports import Ledger
from workflow.steps.watching import AT_REST, HubWord, Watched, hub_word, watched

EVERY = 0.5
"""Seconds between two looks."""
STOPPED = 130
"""The exit code of a program that was ended with Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found; `number` is None where all jobs were looked at."""

    watched: tuple[Watched, ...]
    hub: HubWord
    number: int | None

    @property
    def chosen(self) -> frozenset[int]:
        """The jobs whose end is waited for: the one, or those that are not at rest."""
        moving = {one.job.id for one in self.watched if one.job.state not in AT_REST}
        return frozenset(moving if self.number is None else {self.number})

    @property
    def at_rest(self) -> bool:
        """Whether nothing moves any more."""
        return all(one.job.state in AT_REST for one in self.watched)

    def all_done(self, chosen: Collection[int]) -> bool:
        """Whether these jobs ended with everything done."""
        mine = [one.job for one in self.watched if one.job.id in chosen]
        return all(job.state is JobState.DONE for job in mine)

    def plain(self) -> dict[str, object]:
        """For machines."""
        hub = {"running": self.hub.running, **asdict(self.hub)}
        if self.number is None:
            return {"hub": hub, "jobs": self.watched}
        return {"hub": hub, "job": self.watched[0]}

    def view(self) -> RenderableType:
        """For people."""
        if self.number is not None:
            return job_view(self.watched[0], self.hub)
        if not self.watched:
            return Text("There is no job: `polypress translate --queue` makes one.")
        return jobs_view(self.watched, self.hub)

    def lines(self) -> list[str]:
        """For people without a terminal, while it goes on."""
        chosen = self.chosen
        return [line_of(one) for one in self.watched if one.job.id in chosen]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one looks at all jobs, or at one by its number."""

    ledger: Ledger
    number: int | None

    def look(self) -> Seen:
        """What the ledger says now. Raises UsageError if there is no such job."""
        hub = hub_word(self.ledger, SystemClock().now())
        if self.number is None:
            jobs = self.ledger.figures()
        else:
            jobs = (figures_of(self.ledger, self.number),)
        return Seen(tuple(watched(job, hub) for job in jobs), hub, self.number)


def figures_of(ledger: Ledger, number: int) -> JobFigures:
    """One job's figures. Raises UsageError if there is no such job."""
    found = ledger.figures(number)
    if not found:
        raise UsageError(f"there is no job {number}", fix="`polypress jobs` lists them")
    return found[0]


def watch_until_end(output: Output, desk: Desk) -> Seen:
    """Show what goes on until nothing moves any more; Ctrl-C ends the watching only."""
    try:
        with output.live() as show:
            while not (seen := desk.look()).at_rest:
                show(seen.view(), seen.lines())
                time.sleep(EVERY)
            return seen
    except KeyboardInterrupt:
        output.say("no longer watched; the work goes on")
        raise typer.Exit(STOPPED) from None
