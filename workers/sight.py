"""Whose death the hub believes: after an outage of Redis the living have no beats, either."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workers import presence
from workflow.jobs import Dead, Worker


@dataclass(slots=True)
class Sight:
    """Who was seen alive since Redis was last out of sight, and when that was.

    What workers work on outlives them and an outage, their beats do not. So who has no beat in the
    first look is doubted for as long as a beat is believed, unless seen alive meanwhile; who comes
    later had a beat, and is dead without one. Seconds are those of a clock that never jumps.
    """

    now: Callable[[], float] = time.monotonic
    _doubted: set[str] | None = None
    _since: float | None = None
    _looked: float = 0.0

    def lost(self) -> None:
        """Redis cannot be reached, or could not be for a while."""
        self._doubted = None
        self._since = self.now()

    def believed(self, workers: Iterable[Worker], dead: Iterable[Dead]) -> tuple[Dead, ...]:
        """Those who are dead, of those who have no beat."""
        now = self.now()
        if self._since is None or now - self._looked > presence.LIFE:
            self.lost()
        self._looked = now
        gone = tuple(dead)
        if self._doubted is None:
            self._doubted = {one.worker for one in gone}
        self._doubted -= {worker.id for worker in workers}
        if now - (self._since or 0.0) >= presence.LIFE:
            self._doubted.clear()
        return tuple(one for one in gone if one.worker not in self._doubted)
