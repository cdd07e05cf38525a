"""A stall: messages wait for a part, and it takes none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Stall:
    """Notices when messages were seen to wait for a while, and none was taken since.

    That while begins when they are first seen: a part that had nothing to do for an hour, or could
    not reach Redis, has its time then. Seconds are those of a clock that never jumps.
    """

    now: Callable[[], float] = time.monotonic
    _since: float | None = None

    def seen(self, *, waiting: bool, taken: float, after: float) -> bool:
        """Whether none was taken for `after` seconds; `taken` is when the last one was."""
        now = self.now()
        if not waiting:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return now - max(self._since, taken) > after
