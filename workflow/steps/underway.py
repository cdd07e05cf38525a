"""Under way: which of the batches that were sent are lost, by what can be seen of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workflow.jobs import Batch, Look
from workflow.model import PackageRef

Line = tuple[PackageRef, bool]
"""A queue is first in, first out for each package and priority (urgent or not)."""


@dataclass(slots=True)
class _Sent:
    line: Line
    number: int
    first: bool
    since: float
    unseen: float | None = None


@dataclass(slots=True)
class UnderWay:
    """What is known of each batch that was sent; times in seconds of a clock that never jumps.

    Kept in memory only: after a restart everything counts as just sent.
    """

    _sent: dict[int, _Sent] = field(default_factory=dict)
    _passed: dict[Line, int] = field(default_factory=dict)
    _moved: dict[PackageRef, float] = field(default_factory=dict)
    _numbers: int = 0

    def keep(self, sent: Sequence[Batch], now: float) -> None:
        """Learn which batches are sent now: what is gone since the last time was answered."""
        here = {batch.id for batch in sent}
        for gone in self._sent.keys() - here:
            one = self._sent.pop(gone)
            self._pass(one)
            self._moved[one.line[0]] = now
        self.add([batch for batch in sent if batch.id not in self._sent], now)

    def add(self, batches: Iterable[Batch], now: float) -> None:
        """These batches were just sent."""
        for batch in batches:
            self._numbers += 1
            line = batch.question.package, batch.urgent
            self._sent[batch.id] = _Sent(line, self._numbers, batch.attempt == 1, now)

    def forget(self, batches: Iterable[int]) -> None:
        """These batches are no longer under way, though not answered."""
        for batch in batches:
            self._sent.pop(batch, None)

    def count(self, line: Line) -> int:
        """How many batches of a line are under way."""
        return sum(one.line == line for one in self._sent.values())

    def look(self, look: Look, now: float) -> None:
        """Take in what the queue looks like."""
        working = {batch for worker in look.workers for batch in worker.working}
        for batch in working & self._sent.keys():
            self._pass(self._sent[batch])
        for batch, one in self._sent.items():
            if batch in working or self._waits(one, look):
                one.unseen = None
            elif one.unseen is None:
                one.unseen = now

    def lost(self, now: float, *, after: float) -> list[int]:
        """Batches that for some seconds were at no worker, in no queue, and not answered."""
        return sorted(
            batch
            for batch, one in self._sent.items()
            if one.unseen is not None and now - one.unseen > after
        )

    def overdue(self, look: Look, now: float, *, after: float) -> list[int]:
        """Batches from whose package nothing came for some seconds, and that do not just wait.

        What can be seen to wait in its queue gains nothing by a copy behind it.
        """
        return sorted(
            batch
            for batch, one in self._sent.items()
            if now - max(one.since, self._moved.get(one.line[0], 0.0)) > after
            and not self._waits(one, look)
        )

    def _waits(self, one: _Sent, look: Look) -> bool:
        """Whether it can still be in its queue: a later one that was taken has passed it."""
        if not look.depth.get(one.line[0], 0):
            return look.answers > 0
        return self._passed.get(one.line, 0) < one.number

    def _pass(self, one: _Sent) -> None:
        """Learn how far its line is; of a batch that was sent again it may be an old copy."""
        if not one.first:
            return
        self._passed[one.line] = max(self._passed.get(one.line, 0), one.number)
