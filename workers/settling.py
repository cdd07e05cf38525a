"""Settling: the hub's thread that writes what is answered into the catalogs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Event

from workers.logs import logger
from workflow.errors import PolypressError
from workflow.ports import Ledger
from workflow.steps.advance import Advanced, advance
from workflow.steps.project import Project

log = logger("hub")
SHORTEST, LONGEST = 0.25, 0.5
"""Seconds between two rounds: after an answer, and without one."""


@dataclass(slots=True)
class Settling:
    """One project's single writer of machine texts; `due` is set when an answer is kept."""

    project: Project
    ledger: Ledger
    due: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    last: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Rounds until the end; whatever goes wrong in one, the next is tried."""
        while not self.ended.is_set():
            begun = time.monotonic()
            try:
                _tell(advance(self.project, self.ledger))
            except PolypressError as error:
                log.warning("settling failed", reason=str(error))
            except Exception:
                log.exception("settling failed")
            self.last = time.monotonic()
            rest(self.ended, self.due, self.last - begun)

    def stop(self) -> None:
        """End after the round that is going on."""
        self.ended.set()
        self.due.set()


def rest(ended: Event, due: Event, took: float) -> None:
    """Wait until something is due, at least as long as the last round took.

    So a round that costs much comes seldom, and does more: many batches go into one write.
    """
    least = max(SHORTEST, took)
    ended.wait(least)
    due.wait(max(0.0, LONGEST - least))
    due.clear()


def _tell(advanced: Advanced) -> None:
    if advanced.settled or advanced.written:
        log.info("settled", chunks=advanced.settled, catalogs=len(advanced.written))
    for error in advanced.failures:
        log.warning("a catalog waits", locale=error.place.locale, reason=str(error))
    for job, state in advanced.ended:
        log.info("job ended", job=job, state=str(state))
