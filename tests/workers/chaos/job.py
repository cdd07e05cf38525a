"""A job in a town: planned as `translate --queue` does, waited for, and looked at afterwards."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from tests.steps.project_for_tests import TIME, Place
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.cli.queueing import planning
from workflow.jobs import JobFigures, JobState, Request
from workflow.steps import plan as plans
from workflow.steps.plan import Planning

ONE_PLANS = Lock()
OVER = {JobState.DONE, JobState.PARTIAL, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Job:
    town: Place
    number: int

    @property
    def ledger(self) -> SqliteLedger:
        return ledger_of(self.town)

    @property
    def figures(self) -> JobFigures:
        (found,) = self.ledger.figures(self.number)
        return found

    def until(self, true: Callable[[JobFigures], bool], seconds: float) -> JobFigures:
        """Wait until something holds of the job's figures."""
        end = time.monotonic() + seconds
        while not true(figures := self.figures):
            assert time.monotonic() < end, f"after {seconds:g} s: {figures}\n{self.left()}"
            time.sleep(0.05)
        return figures

    def finish(self, seconds: float) -> JobFigures:
        """Wait until the job is over."""
        return self.until(lambda figures: figures.state in OVER, seconds)

    def left(self) -> dict[str, object]:
        """What is still open in the ledger: nothing of it may be left after a job."""
        with sqlite3.connect(database_of(self.town)) as connection:
            counts = {
                "chunks": "SELECT count(*) FROM chunks WHERE settled = 0",
                "asked": "SELECT count(*) FROM asked",
                "waits": "SELECT count(*) FROM waits",
                "batches": "SELECT count(*) FROM batches WHERE state IN ('ready', 'sent')",
            }
            found = {
                name: connection.execute(query).fetchone()[0] for name, query in counts.items()
            }
        connection.close()
        return {name: count for name, count in found.items() if count}


def ledger_of(town: Place) -> SqliteLedger:
    return SqliteLedger(Database(database_of(town)))


def database_of(town: Place) -> Path:
    return town.root / "var" / "polypress.db"


def plan(
    town: Place,
    *locales: str,
    items: Iterable[str] = (),
    urgent: bool = False,
    units: int = plans.UNITS,
) -> Job:
    """A job that is planned; with fewer `units` a chunk, a small job has many of them."""
    ingested = town.ingest()
    assert not ingested.failures
    request = Request(locales or town.project.locales, tuple(items), urgent)
    with planning(town.project) as ledger, chunks_of(units):
        number = ledger.begin(request, TIME)
        planned = Planning(town.project, ledger, number).all(ingested, request)
    assert not planned.failures
    return Job(town, number)


@contextmanager
def chunks_of(units: int) -> Iterator[None]:
    with ONE_PLANS:
        before, plans.UNITS = plans.UNITS, units
        try:
            yield
        finally:
            plans.UNITS = before


def catalogs(town: Place) -> dict[str, bytes]:
    """All catalogs of a town by their names."""
    folder = town.root / "locales"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.po"))
    }


def doubled(town: Place) -> list[str]:
    """Entries that stand twice in a catalog."""
    found: list[str] = []
    for locale in town.project.locales:
        for collection in town.project.collections:
            messages = town.project.catalogs.read(locale, collection.domain)
            counts = Counter(message.key for message in messages)
            found += [f"{locale} {key}" for key, count in counts.items() if count > 1]
    return found


def lacking(town: Place) -> list[str]:
    """Entries without a text."""
    return [
        f"{locale} {message.context} {message.source}"
        for locale in town.project.locales
        for collection in town.project.collections
        for message in town.project.catalogs.read(locale, collection.domain)
        if not message.translation and not message.obsolete
    ]
