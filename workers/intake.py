"""Intake: what the hub does with one answer: keep it, before it is acknowledged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event

from workers.celeryapp import Unfinished
from workers.logs import logger
from workers.messages import Answer, Refusal, Stranger, read_answer
from workers.pace import Pace
from workflow.errors import OutsideError
from workflow.ports import Ledger

log = logger("hub")
PAUSE = 2.0
"""Seconds between two tries to keep an answer while the disk refuses."""


@dataclass(slots=True)
class Intake:
    """The handler of the task `polypress.settle`: an answer is kept before it is acknowledged."""

    ledger: Ledger
    refusals: SimpleQueue[tuple[int, Refusal]] = field(default_factory=SimpleQueue)
    arrived: Event = field(default_factory=Event)
    ending: Event = field(default_factory=Event)
    last: float = field(default_factory=time.monotonic)
    answered: Pace = field(default_factory=Pace)
    counted: Callable[[Answer], None] = lambda _answer: None
    kept: Callable[[], None] = lambda: None

    def __call__(self, payload: object) -> None:
        """Take one message; one that makes no sense is dropped, and told of if it has a number."""
        self.last = time.monotonic()
        try:
            answer = read_answer(payload)
        except Stranger as stranger:
            self._dropped(stranger)
            return
        if answer.error:
            self.refusals.put((answer.batch, answer.error))
        elif self._kept(answer):
            self.answered.add(answer.job, len(answer.segments))
            self.counted(answer)
            self.kept()
        self.arrived.set()

    def _dropped(self, stranger: Stranger) -> None:
        """An answer that no hub can keep would come again for ever, were it not told."""
        log.warning("answer dropped", reason=stranger.why)
        if stranger.about:
            self.refusals.put((stranger.about["batch"], stranger.refusal("its answer")))
            self.arrived.set()

    def _kept(self, answer: Answer) -> bool:
        """Keep an answer; False if its batch is over, and so nothing is changed by it."""
        while True:
            self.last = time.monotonic()
            try:
                kept = self.ledger.answer(answer.batch, answer.hypotheses())
            except OutsideError as error:
                log.warning("an answer waits for the disk", batch=answer.batch, reason=str(error))
                if self.ending.wait(PAUSE):
                    raise Unfinished("the answer is kept by the next hub") from error
            else:
                told = "batch answered" if kept else "answer to a batch that is over"
                log.info(told, job=answer.job, batch=answer.batch, attempt=answer.attempt)
                return kept

    def pace(self) -> dict[int, float]:
        """Segments a second of each job over the last half minute."""
        return {job: round(pace, 2) for job, pace in self.answered.of_jobs().items()}
