"""A queue in memory with workers that a test moves by hand; loses messages when told to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tests.fake_engine import FakeEngine
from workflow.errors import OutsideError
from workflow.jobs import Batch, Dead, Look, Worker
from workflow.model import PackageRef, answer_key
from workflow.ports import Hypotheses, Ledger


class FakeDispatcher:
    """`ports.Dispatcher`: urgent batches overtake the others in each package's queue."""

    def __init__(self) -> None:
        self.queues: dict[PackageRef, list[Batch]] = defaultdict(list)
        self.sent: list[Batch] = []
        self.workers: dict[str, list[Batch]] = {}
        self.dead: list[Dead] = []
        self.threads = 1
        self.forgotten = False
        self.down = False

    def send(self, batches: Iterable[Batch]) -> None:
        self._reach()
        for batch in batches:
            self.sent.append(batch)
            queue = self.queues[batch.question.package]
            queue.append(batch)
            queue.sort(key=lambda one: not one.urgent)

    def look(self, packages: Iterable[PackageRef]) -> Look:
        self._reach()
        forgotten, self.forgotten = self.forgotten, False
        return Look(
            workers=tuple(self._worker(name) for name in self.workers),
            dead=tuple(self.dead),
            depth={package: len(self.queues[package]) for package in packages},
            forgotten=forgotten,
        )

    def bury(self, worker: str) -> None:
        self._reach()
        self.dead = [dead for dead in self.dead if dead.worker != worker]

    # What a test does.

    def take(self, worker: str = "w") -> Batch | None:
        """A worker takes the next batch of any package."""
        held = self.workers.setdefault(worker, [])
        for queue in self.queues.values():
            if queue:
                held.append(queue.pop(0))
                return held[-1]
        return None

    def answer(self, ledger: Ledger, batch: Batch, engine: FakeEngine) -> bool:
        """The answer to a batch arrives at the hub."""
        for held in self.workers.values():
            held[:] = [one for one in held if one.id != batch.id]
        return ledger.answer(batch.id, answers(batch, engine))

    def work(self, ledger: Ledger, engine: FakeEngine) -> int:
        """Workers answer all that is in the queues; how many batches that was."""
        count = 0
        while batch := self.take():
            self.answer(ledger, batch, engine)
            count += 1
        return count

    def kill(self, worker: str = "w", *, waiting: int = 0) -> None:
        """A worker dies without a word, with the batches it had."""
        numbers = [batch.id for batch in self.workers.pop(worker)]
        cut = len(numbers) - waiting
        self.dead.append(Dead(worker, tuple(numbers[:cut]), tuple(numbers[cut:])))

    def lose(self) -> None:
        """Redis loses everything."""
        self.queues.clear()
        self.forgotten = True

    def _worker(self, name: str) -> Worker:
        packages = tuple(str(package) for package in self.queues)
        working = tuple(batch.id for batch in self.workers[name])
        return Worker(name, name, packages, concurrency=self.threads, working=working)

    def _reach(self) -> None:
        if self.down:
            raise OutsideError("Redis cannot be used", fix="start it")


def answers(batch: Batch, engine: FakeEngine) -> dict[str, Hypotheses]:
    """What a worker with this engine answers, by `answer_key` in hexadecimal."""
    question = batch.question
    found = engine.translate(
        question.package, question.texts, question.parameters, lambda _count: None
    )
    key = question.parameters.key
    return {
        answer_key(question.package, key, text).hex(): best
        for text, best in zip(question.texts, found, strict=True)
    }
