"""Measuring beside other programs: how much they took meanwhile, and waiting until they rest.

A program with a thread for each core loses more to other programs than one with a single thread, so
ratios of disturbed runs say nothing.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

QUIET = 0.1
"""The share of all cores that others may take."""
LOOK = 0.5
"""Seconds."""
STAT = Path("/proc/stat")


@dataclass(slots=True)
class Quiet:
    """Runs work while others rest; `patience` is how many seconds may be lost to that in all.

    `disturbed` counts the results that had to be taken although others were at work.
    """

    patience: float
    disturbed: int = 0
    worst: float = 0.0

    def run(self, work: Callable[[], T]) -> T:
        """The result of work in whose time others took little; the last one if patience ends."""
        while True:
            self._wait()
            start = time.monotonic()
            found, others = beside(work)
            if others <= QUIET or self.patience <= 0:
                self.disturbed += others > QUIET
                self.worst = max(self.worst, others)
                return found
            self.patience -= time.monotonic() - start

    def _wait(self) -> None:
        while self.patience > 0:
            if beside(lambda: time.sleep(LOOK))[1] <= QUIET:
                return
            self.patience -= LOOK


def beside(work: Callable[[], T]) -> tuple[T, float]:
    """What work gives, and the share of all cores that others took meanwhile.

    Counted is what this process and its children (that have ended) took. Where the system does not
    tell what all took, the share is 0.
    """
    start, busy, own = time.monotonic(), _busy(), _own()
    found = work()
    seconds, busy, own = time.monotonic() - start, _busy() - busy, _own() - own
    return found, max(0.0, busy - own) / (seconds * (os.cpu_count() or 1))


def _busy() -> float:
    """The processor seconds of the whole machine since it started; what its host took counts."""
    if not STAT.exists():
        return 0.0
    user, nice, system, _idle, _waiting, *rest = map(
        int, STAT.read_text().split("\n")[0].split()[1:]
    )
    return (user + nice + system + sum(rest[:3])) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)
