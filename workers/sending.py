"""Sending: the hub's thread that sends what is due, and looks whether the hub gets on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from threading import Event
from typing import Protocol

from workers import alive
from workers.intake import Intake
from workers.lease import Lease
from workers.logs import logger
from workers.messages import Refusal
from workers.settling import Settling, rest
from workers.stall import Stall
from workflow.adapters.files import locked
from workflow.errors import LockedError, OutsideError, PolypressError
from workflow.jobs import JobState, Look
from workflow.ports import Ledger
from workflow.steps.dispatch import Dispatch, Turn
from workflow.steps.plan import LOCK
from workflow.steps.project import Project
from workflow.steps.watching import SNAPSHOT

log = logger("hub")
STALLED_AFTER, HANGS_AFTER = 60.0, 600.0
"""Seconds without an answer taken while some wait, and without an end of settling."""


@dataclass(frozen=True, slots=True)
class Round:
    """What the hub did in one round; `turn` is None while Redis cannot be reached.

    `refused` has the kind of each refusal that a worker sent, `aside` what was given up for them.
    """

    turn: Turn | None
    seconds: float
    trouble: str = ""
    refused: tuple[str, ...] = ()
    aside: tuple[int, ...] = ()


class Process(Protocol):
    """What ends the hub: in order, or although something hangs, with exit code 1."""

    def stop(self) -> None:
        """End in order."""
        ...

    def give_up(self) -> None:
        """End in any case."""
        ...


@dataclass(slots=True)
class Sending:
    """One project's hub, as it sends; `told` hears of every round (metrics).

    `unreached` hears that Redis is away.
    """

    project: Project
    ledger: Ledger
    dispatch: Dispatch
    lease: Lease
    intake: Intake
    settling: Settling
    process: Process
    told: Callable[[Round], None] = lambda _round: None
    unreached: Callable[[], None] = lambda: None
    stalled: bool = False
    refused: LockedError | None = None
    ended: Event = field(default_factory=Event)
    _stall: Stall = field(default_factory=Stall)
    _unwritten: bool = False

    def run(self) -> None:
        """Rounds until the end; whatever goes wrong in one, the next is tried."""
        while not self.ended.is_set():
            begun = time.monotonic()
            try:
                self.told(self.round())
            except LockedError as error:
                self.refused = error
                self.process.stop()
                return
            except PolypressError as error:
                log.warning("a round failed", reason=str(error))
                self._watch(None)
            except Exception:
                log.exception("a round failed")
            rest(self.ended, self.intake.arrived, time.monotonic() - begun)

    def round(self) -> Round:
        """Take in what was refused, and send what is due. Raises LockedError for a second hub."""
        begun = time.monotonic()
        self._interrupted()
        refused, aside = self._refusals()
        turn, trouble = self._sent()
        self._snapshot(turn.look if turn else Look(), trouble)
        self._watch(turn)
        return Round(turn, time.monotonic() - begun, trouble, refused, aside)

    def _sent(self) -> tuple[Turn | None, str]:
        try:
            self.lease.keep()
            turn = self.dispatch.turn()
        except OutsideError as error:
            log.warning("waiting for Redis", reason=error.what)
            self.unreached()
            return None, str(error)
        for batch, why in turn.again:
            log.warning("batch sent again", batch=batch, reason=why)
        for batch in turn.aside:
            log.error("batch set aside", batch=batch)
        for one in turn.sent:
            log.info("batch sent", job=one.job, batch=one.id, attempt=one.attempt)
        return turn, ""

    def _refusals(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The kinds of what was refused, and the batches that were given up therefore."""
        kinds: list[str] = []
        aside: list[int] = []
        while not self.intake.refusals.empty():
            batch, refusal = self.intake.refusals.get()
            if self._gave_up(batch, refusal):
                log.error("batch set aside", batch=batch)
                aside.append(batch)
            kinds.append(refusal.kind)
        return tuple(kinds), tuple(aside)

    def _gave_up(self, batch: int, refusal: Refusal) -> bool:
        """Whether a batch that was refused is given up; a full disk leaves it for later."""
        log.warning("batch refused", batch=batch, reason=refusal.message)
        try:
            if refusal.kind == "failed":
                return self.dispatch.failed(batch, refusal.message)
            self.dispatch.refused(batch, refusal.message)
        except OutsideError:
            self.intake.refusals.put((batch, refusal))
            raise
        return False

    def _interrupted(self) -> None:
        """A job that is being planned although nobody plans was cut off."""
        planning = self.ledger.planning()
        if planning:
            with suppress(LockedError), locked(self.project.root / LOCK, seconds=0):
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
        try:
            self.ledger.write_snapshot(SNAPSHOT, json.dumps(body))
            self._unwritten = False
        except OutsideError as error:  # only `polypress jobs` would read it
            if not self._unwritten:
                log.warning("what the hub does cannot be shown", reason=str(error))
            self._unwritten = True

    def _watch(self, turn: Turn | None) -> None:
        """Give a sign of life, or end: answers wait and none is taken, or settling hangs."""
        waiting = turn is not None and turn.look.answers > 0
        idle = self._stall.seen(waiting=waiting, taken=self.intake.last, after=STALLED_AFTER)
        if not idle and time.monotonic() - self.settling.last < HANGS_AFTER:
            alive.touch("hub")
            return
        log.error("answers are not taken" if idle else "settling does not end", then="the hub ends")
        self.stalled = True
        self.ended.set()
        self.process.give_up()
