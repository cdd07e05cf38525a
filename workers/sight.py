"""Whose death the hub believes: after an outage of Redis the living have no beats, either."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from workers import presence
from workflow.jobs import Dead, Worker


@dataclass(slots=True)
class Sight:
    """Who was seen alive since Redis was last out of sight, and when that was.

    What workers work on outlives them and an outage, their beats do not. So at first, for as long
    as a beat is believed, only those count as dead that were seen alive before. Seconds are those
    of a clock that never jumps.
    """

    now: Callable[[], float] = time.monotonic
    _alive: set[str] = field(default_factory=set)
    _since: float | None = None
    _looked: float = 0.0

    def lost(self) -> None:
        """Redis cannot be reached, or could not be for a while."""
        self._alive.clear()
        self._since = self.now()

    def believed(self, workers: Iterable[Worker], dead: Iterable[Dead]) -> tuple[Dead, ...]:
        """Those who are dead, of those who have no beat."""
        now = self.now()
        if self._since is None or now - self._looked > presence.LIFE:
            self.lost()
        self._looked = now
        self._alive |= {worker.id for worker in workers}
        if now - (self._since or 0.0) >= presence.LIFE:
            return tuple(dead)
        return tuple(one for one in dead if one.worker in self._alive)

    def forget(self, worker: str) -> None:
        """This one is dead and buried."""
        self._alive.discard(worker)
