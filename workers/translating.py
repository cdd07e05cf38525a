"""What a worker does with one message: decode, and answer before it is acknowledged."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from workers import celeryapp
from workers.gate import Gate
from workers.logs import logger
from workers.messages import (
    HUB,
    SETTLE,
    Order,
    Refusal,
    RefusalKind,
    Stranger,
    answer_body,
    read_order,
    refusal_body,
)
from workers.presence import Presence
from workflow.errors import PackageError
from workflow.model import PackageRef
from workflow.ports import Engine

log = logger("worker")
Send = Callable[[str, object], None]
"""Puts a message (name, body) into the hub's queue; raises one of `celeryapp.Unreachable`."""
PAUSE = 1.0
"""Seconds between two tries to answer while Redis cannot be reached."""


@dataclass(slots=True)
class Tally:
    """What this worker has done; `refused` are packages that it found unfit, and when."""

    batches: int = 0
    refused: dict[PackageRef, float] = field(default_factory=dict)
    last: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Translating:
    """The handler of the task `polypress.translate`; many threads call it at once."""

    engine: Engine
    send: Send
    presence: Presence
    name: str
    gate: Gate = field(default_factory=Gate)
    tally: Tally = field(default_factory=Tally)
    ending: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, payload: object) -> None:
        """Take one message; whatever it holds, this worker goes on."""
        self.moved()
        try:
            order = read_order(payload)
        except Stranger as stranger:
            log.warning("message refused", reason=stranger.why)
            if stranger.about:
                refusal = stranger.refusal(self.name)
                self._answer(refusal_body(stranger.about, self.name, refusal))
            return
        with self.presence.waiting(order.batch), self.gate.entered(alone=order.alone):
            self._answer(self._worked(order))
        self.moved()

    def moved(self) -> None:
        """Something goes on, the watchdog may know."""
        self.tally.last = time.monotonic()

    def _worked(self, order: Order) -> Mapping[str, object]:
        package, begun = order.package.ref(), time.monotonic()
        try:
            with self.presence.working(order.batch):
                body = self._decoded(order, package)
        except PackageError as error:
            with self._lock:
                self.tally.refused[package] = time.monotonic()
            return self._refused(order, "package", str(error))
        except Exception as error:  # noqa: BLE001 (a thread's last resort: the hub is told, and decides)
            return self._refused(order, "failed", type(error).__name__)
        seconds = time.monotonic() - begun
        self._count(order, seconds)
        return {**body, "seconds": round(seconds, 3)}

    def _decoded(self, order: Order, package: PackageRef) -> Mapping[str, object]:
        texts = [segment.text for segment in order.segments]
        found = self.engine.translate(package, texts, order.parameters, self._progress)
        ids = [segment.id for segment in order.segments]
        return answer_body(order, self.name, dict(zip(ids, found, strict=True)))

    def _progress(self, _count: int) -> None:
        self.moved()

    def _refused(self, order: Order, kind: RefusalKind, why: str) -> Mapping[str, object]:
        log.warning("batch left", job=order.job, batch=order.batch, kind=kind, reason=why[:500])
        refusal = Refusal.by(self.name, kind, why)
        return refusal_body(order.model_dump(), self.name, refusal)

    def _count(self, order: Order, seconds: float) -> None:
        with self._lock:
            self.tally.batches += 1
        log.info(
            "batch decoded",
            job=order.job,
            batch=order.batch,
            attempt=order.attempt,
            segments=len(order.segments),
            seconds=round(seconds, 3),
        )

    def _answer(self, body: Mapping[str, object]) -> None:
        """Answer, be it after Redis is back; a worker that ends meanwhile leaves the message."""
        while True:
            try:
                self.send(SETTLE, body)
            except celeryapp.Unreachable as error:
                log.warning("waiting for Redis", error=type(error).__name__, batch=body["batch"])
                if self.ending.wait(PAUSE):
                    raise celeryapp.Unfinished("another worker answers") from error
            else:
                return


def sender(app: Any) -> Send:  # noqa: ANN401 (Celery has no types)
    """Sends to the hub's queue."""

    def to_hub(name: str, body: object) -> None:
        celeryapp.send(app, name, body, queue=HUB)

    return to_hub
