"""Plan: turn a request into a job, its chunks and their batches; nothing is decoded here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from workflow.errors import CancelledError, PolypressError
from workflow.jobs import Failure, JobState, Request, Work
from workflow.memory import NOTHING
from workflow.model import Route
from workflow.ports import Ledger
from workflow.steps.draft import Wanted, drafts
from workflow.steps.ingest import Ingested
from workflow.steps.known import Known
from workflow.steps.outcome import Note, nobody
from workflow.steps.project import Progress, Project, silent
from workflow.steps.shares import shares
from workflow.steps.wanted import at_once, spares

LOCK = "var/locks/plan.lock"
"""Held while a job is planned: the hub takes a job that nobody plans for cut off."""
UNITS = 500
"""Units of a chunk: what settles together, and what planning holds in memory at a time."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A job that is planned: units for the machine, units from the memory, segments to settle."""

    job: int
    machine: int = 0
    memory: int = 0
    segments: int = 0
    written: tuple[str, ...] = ()
    failures: tuple[PolypressError, ...] = ()


@dataclass(frozen=True, slots=True)
class Planning:
    """Fills a job (from `Ledger.begin` or `Ledger.again`) with all units without a fresh text.

    The memory's texts are written at once; the hub may work on the first chunks while the last
    ones are planned. A locale without a route, or a broken catalog, is a failure of the job and
    stops no other. Raises CancelledError if somebody cancels the job meanwhile. `note` hears of the
    collections in which nothing is left to be asked.
    """

    project: Project
    ledger: Ledger
    job: int
    progress: Progress = silent
    note: Note = nobody

    def all(self, ingested: Ingested, request: Request) -> Planned:
        """Plan the whole request, then let the job run."""
        parts = [self._locale(ingested, locale, request.items) for locale in request.locales]
        self.ledger.planned(self.job, JobState.RUNNING)
        return Planned(
            self.job,
            machine=sum(part.machine for part in parts),
            memory=sum(part.memory for part in parts),
            segments=sum(part.segments for part in parts),
            written=tuple(name for part in parts for name in part.written),
            failures=tuple(error for part in parts for error in part.failures),
        )

    def _locale(self, ingested: Ingested, locale: str, items: Sequence[str]) -> Planned:
        """Give the memory's texts at once, and make chunks of the rest."""
        each = shares(self.project, ingested.contents, locale, items)
        version = self.project.memory.version(locale)
        results, rest = at_once(self.project, locale, each.wanted)
        written = each.write(results)
        segments = 0
        try:
            segments = self.units(locale, rest, total=len(rest)) if rest else 0
        except CancelledError:
            raise
        except PolypressError as error:
            each.failures.append(error)
            written += each.write(spares(rest))
        for done in each.done(results, (), version):
            if not (done.left or items):
                self.note(done)
        failures = each.all_failures()
        self.ledger.fail(self.job, [Failure(locale, "", str(error)) for error in failures])
        counts = len(rest), len(results), segments
        return Planned(self.job, *counts, tuple(written), failures)

    def units(self, locale: str, wanted: Iterable[Wanted], *, total: int = 0) -> int:
        """Plan a stream of units of one locale; how many segments they have. Raises RouteError.

        Each chunk is written to the ledger before the next is looked at, so memory does not grow
        with the job. `total` is how many units there are, for the progress.
        """
        route = self.project.engine.route(self.project.source, locale)
        done = segments = 0
        for chunk in _chunks(wanted):
            segments += self._chunk(locale, route, chunk)
            done += len(chunk)
            self.progress(f"plan {locale}", done, max(done, total))
        return segments

    def _chunk(self, locale: str, route: Route, wanted: Sequence[Wanted]) -> int:
        known = Known(self.project, self.ledger, self.project.parameters)
        drafts(known, route, wanted)
        collection = wanted[0].collection
        work = Work(
            locale,
            collection.name,
            collection.domain,
            route,
            self.project.parameters,
            tuple(one.unit for one in wanted),
            sum(text is None for one in wanted for text in one.texts),
            {at: one.given for at, one in enumerate(wanted) if one.given != NOTHING},
        )
        self.ledger.add(self.job, work, known.questions())
        return work.segments


def _chunks(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    """Up to UNITS units of one collection each, in their order."""
    for _, group in groupby(wanted, key=lambda one: one.collection.name):
        while part := list(islice(group, UNITS)):
            yield part
