"""The hub: takes answers into the ledger, settles chunks into catalogs, and sends batches.

Each has a thread of its own, so that neither a large catalog nor a Redis that hangs holds up the
others.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from queue import Empty
from threading import Event, Thread

from workers import alive, celeryapp
from workers.dispatching import RedisDispatcher
from workers.intake import Intake
from workers.lease import Lease
from workers.logs import logger
from workers.messages import HUB, SETTLE, Answer
from workers.settling import Settling, rest
from workflow.adapters.files import locked
from workflow.errors import LockedError, OutsideError, PolypressError
from workflow.jobs import JobState, Look
from workflow.ports import Ledger
from workflow.settings.tables import QueueTable
from workflow.steps.dispatch import Dispatch, Turn
from workflow.steps.project import Project

log = logger("hub")
LOCK, PLANNING = "var/locks/hub.lock", "var/locks/plan.lock"
SNAPSHOT = "hub"
STALLED_AFTER, HANGS_AFTER = 60.0, 600.0
"""Seconds without an answer taken while some wait, and without an end of settling."""


@dataclass(frozen=True, slots=True)
class Round:
    """What the hub did in one round; `turn` is None while Redis cannot be reached.

    `refused` has the kind of each refusal that a worker sent.
    """

    turn: Turn | None
    seconds: float
    trouble: str = ""
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Hub:
    """One project's hub, as it sends; `told` hears of every round (metrics)."""

    project: Project
    ledger: Ledger
    dispatch: Dispatch
    lease: Lease
    intake: Intake
    settling: Settling
    told: Callable[[Round], None] = lambda _round: None
    stop: Callable[[], None] = lambda: None
    refused: LockedError | None = None
    ended: Event = field(default_factory=Event)

    def run(self) -> None:
        """Rounds until the end; whatever goes wrong in one, the next is tried."""
        while not self.ended.is_set():
            begun = time.monotonic()
            try:
                self.told(self.round())
            except LockedError as error:
                self.refused = error
                self.stop()
                return
            except PolypressError as error:
                log.warning("a round failed", reason=str(error))
            except Exception:
                log.exception("a round failed")
            self._rest(time.monotonic() - begun)

    def round(self) -> Round:
        """Take in what was refused, and send what is due. Raises LockedError for a second hub."""
        begun = time.monotonic()
        self._interrupted()
        refused = self._refusals()
        turn, trouble = self._sent()
        self._snapshot(turn.look if turn else Look(), trouble)
        if self._gets_on(turn):
            alive.touch("hub")
        return Round(turn, time.monotonic() - begun, trouble, refused)

    def _sent(self) -> tuple[Turn | None, str]:
        try:
            self.lease.keep()
            turn = self.dispatch.turn()
        except OutsideError as error:
            log.warning("waiting for Redis", reason=error.what)
            return None, str(error)
        for batch, why in turn.again:
            log.warning("batch sent again", batch=batch, reason=why)
        for batch in turn.aside:
            log.error("batch set aside", batch=batch)
        for one in turn.sent:
            log.info("batch sent", job=one.job, batch=one.id, attempt=one.attempt)
        return turn, ""

    def _refusals(self) -> tuple[str, ...]:
        kinds: list[str] = []
        with suppress(Empty):
            while True:
                batch, refusal = self.intake.refusals.get_nowait()
                log.warning("batch refused", batch=batch, reason=refusal.message)
                if refusal.kind == "failed":
                    self.dispatch.failed(batch, refusal.message)
                else:
                    self.dispatch.refused(batch, refusal.message)
                kinds.append(refusal.kind)
        return tuple(kinds)

    def _interrupted(self) -> None:
        """A job that is being planned although nobody plans was cut off."""
        planning = self.ledger.planning()
        if planning:
            with suppress(LockedError), locked(self.project.root / PLANNING, seconds=0):
                for job in self.ledger.planning():
                    log.warning("planning was cut off", job=job)
                    self.ledger.planned(job, JobState.INTERRUPTED)

    def _snapshot(self, look: Look, trouble: str) -> None:
        body = {
            "at": self.project.clock.now(),
            "trouble": trouble,
            "pace": self.intake.pace(),
            "workers": [asdict(worker) for worker in look.workers],
        }
        self.ledger.write_snapshot(SNAPSHOT, json.dumps(body))

    def _gets_on(self, turn: Turn | None) -> bool:
        """False if answers wait in Redis and none was taken for a minute, or settling hangs."""
        now = time.monotonic()
        waiting = turn is not None and turn.look.answers > 0
        idle = waiting and now - self.intake.last > STALLED_AFTER
        return not idle and now - self.settling.last < HANGS_AFTER

    def _rest(self, took: float) -> None:
        """Wait for answers, at least as long as the round took."""
        rest(self.ended, self.intake.arrived, took)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of the hub's rounds and of the answers it took."""

    round: Callable[[Round], None] = lambda _round: None
    answer: Callable[[Answer], None] = lambda _answer: None


def serve(
    project: Project, ledger: Ledger, url: str, rules: QueueTable, listeners: Listeners
) -> int:
    """Serve until told to end; the exit code. Raises LockedError if there is a hub already."""
    with locked(project.root / LOCK, seconds=1):
        app = celeryapp.make_app(url)
        lease = Lease(url, project.root)
        lease.check()
        dispatcher = RedisDispatcher(url, app)
        dispatch = Dispatch(
            ledger, dispatcher, time.monotonic, window=rules.window, overdue=rules.overdue
        )
        intake = Intake(ledger, counted=listeners.answer)
        celeryapp.serve_task(app, SETTLE, intake)
        server = celeryapp.Server(app, name="hub", threads=1, queues=[HUB], ending=intake.ending)
        settling = Settling(project, ledger)
        intake.kept = settling.due.set
        hub = Hub(project, ledger, dispatch, lease, intake, settling, listeners.round, server.stop)
        return _run(hub, server, [dispatcher.close, lease.leave])


def _run(hub: Hub, server: celeryapp.Server, closing: Sequence[Callable[[], None]]) -> int:
    threads = [
        Thread(target=hub.run, name="sending", daemon=True),
        Thread(target=hub.settling.run, name="settling", daemon=True),
    ]
    for thread in threads:
        thread.start()
    log.info("hub starts")
    try:
        code = server.run()
    finally:
        hub.ended.set()
        hub.intake.arrived.set()
        hub.settling.stop()
        for thread in threads:
            thread.join(timeout=30)
        for close in closing:
            close()
    if hub.refused:
        raise hub.refused
    return code
