"""A project with a ledger and a queue in memory, moved by hand: what the hub does, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.fake_dispatcher import FakeDispatcher
from tests.fake_engine import FakeEngine, package_ref
from tests.steps.project_for_tests import Place, place
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.jobs import JobFigures, Request
from workflow.steps.advance import Advanced, advance
from workflow.steps.dispatch import Dispatch, Turn
from workflow.steps.plan import Planned, Planning
from workflow.steps.project import Project

PACKAGES = (package_ref("en", "es"), package_ref("en", "ar"), package_ref("es", "pt"))


@dataclass
class Watch:
    """A clock that a test moves, in seconds."""

    time: float = 0.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Desk:
    """A project, its ledger, its queue and its hub's two steps."""

    city: Place
    ledger: SqliteLedger
    queue: FakeDispatcher = field(default_factory=FakeDispatcher)
    watch: Watch = field(default_factory=Watch)
    window: int = 4
    overdue: float = 300.0
    _dispatch: Dispatch | None = None

    @property
    def project(self) -> Project:
        return self.city.project

    @property
    def engine(self) -> FakeEngine:
        return self.city.engine

    def plan(self, *locales: str, items: tuple[str, ...] = (), urgent: bool = False) -> Planned:
        request = Request(locales or self.project.locales, items, urgent)
        ingested = self.city.ingest()
        job = self.ledger.begin(request, self.project.clock.now())
        return Planning(self.project, self.ledger, job).all(ingested, request)

    @property
    def dispatch(self) -> Dispatch:
        if self._dispatch is None:
            self.restart()
        assert self._dispatch
        return self._dispatch

    def restart(self) -> None:
        """The hub starts anew: all it had in memory is gone."""
        self._dispatch = Dispatch(
            self.ledger, self.queue, self.watch, window=self.window, overdue=self.overdue
        )

    def advance(self) -> Advanced:
        return advance(self.project, self.ledger)

    def turn(self, *, after: float = 1.0) -> Turn:
        self.watch.time += after
        return self.dispatch.turn()

    def work(self) -> int:
        return self.queue.work(self.ledger, self.engine)

    def finish(self, *, rounds: int = 60) -> None:
        """Rounds until no job runs any more."""
        for _ in range(rounds):
            self.turn(after=5)
            self.work()
            if self.advance().ended:
                return
        raise AssertionError(self.ledger.figures())

    def job(self, number: int = 1) -> JobFigures:
        (figures,) = self.ledger.figures(number)
        return figures


def desk(root: Path, *locales: str, answers: dict[str, str] | None = None) -> Desk:
    engine = FakeEngine(PACKAGES, answers=answers)
    city = place(root, *(locales or ("es", "ar", "pt")), engine=engine)
    return Desk(city, SqliteLedger(Database(root / "var" / "polypress.db")))


def rows(desk: Desk, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the ledger's file."""
    with Database(desk.city.root / "var" / "polypress.db").transaction() as connection:
        return connection.execute(query).fetchall()
