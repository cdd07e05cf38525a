"""The hub: takes answers into the ledger, settles chunks into catalogs, sends batches, publishes.

Each has a thread of its own, so that neither a large catalog nor a Redis that hangs holds up the
others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread

from workers import celeryapp
from workers.dispatching import RedisDispatcher
from workers.intake import Intake
from workers.lease import Lease
from workers.logs import logger
from workers.messages import HUB, SETTLE, Answer
from workers.schedule import Schedule
from workers.sending import Round, Sending
from workers.settling import Settling
from workflow.adapters.files import locked
from workflow.ports import Ledger
from workflow.settings.tables import QueueTable
from workflow.steps.dispatch import Dispatch
from workflow.steps.project import Project

log = logger("hub")
LOCK = "var/locks/hub.lock"


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
        sending = Sending(project, ledger, dispatch, lease, intake, settling, server)
        sending.told, sending.unreached = listeners.round, dispatcher.sight.lost
        return _run(sending, server, [dispatcher.close, lease.leave])


def _run(sending: Sending, server: celeryapp.Server, closing: Sequence[Callable[[], None]]) -> int:
    schedule = Schedule(sending.project.root)
    threads = [
        Thread(target=sending.run, name="sending", daemon=True),
        Thread(target=sending.settling.run, name="settling", daemon=True),
        Thread(target=schedule.run, name="schedule", daemon=True),
    ]
    for thread in threads:
        thread.start()
    log.info("hub starts")
    try:
        code = server.run()
    finally:
        sending.ended.set()
        sending.intake.arrived.set()
        sending.settling.stop()
        schedule.stop()
        for thread in threads:
            thread.join(timeout=30)
        for close in closing:
            close()
    if sending.refused:
        raise sending.refused
    return 1 if sending.stalled else code
