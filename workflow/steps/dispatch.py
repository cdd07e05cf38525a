"""Dispatch: keep a bounded window of batches in each queue, and send again what got lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from workflow.jobs import Batch, Dead, Look
from workflow.model import PackageRef
from workflow.ports import Dispatcher, Ledger
from workflow.steps.underway import UnderWay

CRASHES = 3
"""After so many crashes as the only batch of a worker, a batch is cut up or set aside."""
LOST_AFTER = 10.0
"""Seconds that a batch is nowhere to be seen before it counts as lost."""
REFUSED_FOR = 10.0
"""Seconds before a batch that a worker refused is sent again."""
LOST = "lost by the queue, sent again"
OVERDUE = "overdue, sent again"
FORGOTTEN = "Redis had lost its data, sent again"
CRASHED = "its worker died, sent again"


class Fate(Enum):
    """What becomes of a batch that is blamed."""

    OVER = "over"
    AGAIN = "again"
    CUT = "cut"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: batches sent, sent again (with why), cut up, and set aside."""

    look: Look
    sent: tuple[Batch, ...] = ()
    again: tuple[tuple[int, str], ...] = ()
    aside: tuple[int, ...] = ()
    overdue: int = 0


@dataclass(slots=True)
class Dispatch:
    """The rules of sending; it keeps times only in memory, in seconds of a clock that never jumps.

    `window` is how many batches of a package are under way at least; where workers for it have
    more threads than half of that, twice their number. A batch is sent again when its worker
    died, when it is neither in its queue nor at a worker, when Redis lost its data, and when
    nothing came back from its package for `overdue` seconds.
    """

    ledger: Ledger
    dispatcher: Dispatcher
    now: Callable[[], float]
    window: int = 32
    overdue: float = 300.0
    _under_way: UnderWay = field(default_factory=UnderWay)
    _not_before: dict[int, float] = field(default_factory=dict)

    def refused(self, batch: int, why: str) -> None:
        """A worker cannot work on this batch (its package, its version); another may, later."""
        self.ledger.send_again([batch], note=why)
        self._under_way.forget([batch])
        self._not_before[batch] = self.now() + REFUSED_FOR

    def failed(self, batch: int, why: str) -> bool:
        """The engine failed at this batch; True if it is given up therefore."""
        self._under_way.forget([batch])
        return self._blamed(batch, f"failed {CRASHES} times: {why}", note=why) is Fate.ASIDE

    def turn(self) -> Turn:
        """Look at the queue, mend what is amiss, and send what fits. Raises OutsideError."""
        outstanding = self.ledger.outstanding()
        look = self.dispatcher.look(outstanding)
        sent, now = self.ledger.sent(), self.now()
        self._not_before = {batch: at for batch, at in self._not_before.items() if at > now}
        self._under_way.keep(sent, now)
        again: list[tuple[int, str]] = []
        aside: list[int] = []
        if look.forgotten:
            again += self._again([batch.id for batch in sent], FORGOTTEN)
        for dead in look.dead:
            again += self._died(dead, aside)
            self.dispatcher.bury(dead.worker)
        self._under_way.look(look, now)
        late = self._under_way.overdue(look, now, after=self.overdue)
        again += self._again(late, OVERDUE)
        again += self._again(self._under_way.lost(now, after=LOST_AFTER), LOST)
        return Turn(look, self._filled(look), tuple(again), tuple(aside), len(late))

    def _again(self, batches: Iterable[int], why: str) -> list[tuple[int, str]]:
        chosen = self.ledger.send_again(set(batches), note=why)
        self._under_way.forget(chosen)
        return [(batch, why) for batch in chosen]

    def _died(self, dead: Dead, aside: list[int]) -> list[tuple[int, str]]:
        """Send again what a dead worker had; the one batch that it worked on may have killed it."""
        alone, reason = len(dead.working) == 1, f"crashed its worker {CRASHES} times"
        fates = {
            batch: self._blamed(batch, reason, alone=alone, note=CRASHED) for batch in dead.working
        }
        self._under_way.forget(dead.working)
        aside += [batch for batch, fate in fates.items() if fate is Fate.ASIDE]
        again = [(batch, CRASHED) for batch, fate in fates.items() if fate is Fate.AGAIN]
        return again + self._again(dead.waiting, CRASHED)

    def _blamed(self, batch: int, reason: str, *, note: str, alone: bool = True) -> Fate:
        """Send a batch alone from now on; with too many crashes cut it up, or set it aside."""
        crashes = self.ledger.crash(batch, alone=alone, note=note)
        if crashes is None:
            return Fate.OVER
        if crashes < CRASHES:
            return Fate.AGAIN
        if self.ledger.split(batch):
            return Fate.CUT
        self.ledger.set_aside(batch, f"batch {batch} {reason}")
        return Fate.ASIDE

    def _filled(self, look: Look) -> tuple[Batch, ...]:
        """Send what fits the windows; urgent batches have a window of their own."""
        sent: list[Batch] = []
        for package, (ready, _) in self.ledger.outstanding().items():
            if not ready:
                continue
            for batch in self._next(package, _window(self.window, package, look)):
                # marked one by one: what Redis took before it refused is not sent twice
                self.dispatcher.send([batch])
                self.ledger.mark_sent([batch.id])
                self._under_way.add([batch], self.now())
                sent.append(batch)
        return tuple(sent)

    def _next(self, package: PackageRef, window: int) -> list[Batch]:
        room, urgent_room = (
            window - self._under_way.count((package, urgent)) for urgent in (False, True)
        )
        chosen: list[Batch] = []
        for batch in self.ledger.unsent(package, max(0, room) + max(0, urgent_room)):
            if batch.id in self._not_before:
                continue
            if batch.urgent and urgent_room > 0:
                urgent_room -= 1
                chosen.append(batch)
            elif not batch.urgent and room > 0:
                room -= 1
                chosen.append(batch)
        return chosen


def _window(least: int, package: PackageRef, look: Look) -> int:
    threads = sum(worker.concurrency for worker in look.workers if str(package) in worker.packages)
    return max(least, 2 * threads)
