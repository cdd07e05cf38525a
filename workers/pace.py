"""The pace: how many segments a second were answered lately, for each job."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

PACE = 30.0
"""Seconds over which the pace is told."""


@dataclass(slots=True)
class Pace:
    """Counts over the last half minute; safe in many threads."""

    now: Callable[[], float] = time.monotonic
    _answered: deque[tuple[float, int, int]] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    def add(self, job: int, segments: int) -> None:
        """So many segments of a job were answered just now."""
        with self._lock:
            self._answered.append((self.now(), job, segments))

    def of_jobs(self) -> dict[int, float]:
        """Segments a second, by the job's number."""
        sums: Counter[int] = Counter()
        with self._lock:
            since = self.now() - PACE
            while self._answered and self._answered[0][0] < since:
                self._answered.popleft()
            for _, job, segments in self._answered:
                sums[job] += segments
        return {job: count / PACE for job, count in sums.items()}
