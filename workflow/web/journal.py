"""What the server tells its operator: lines of JSON on standard error, no texts of requests."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

PAUSE = 10.0
"""Seconds between two lines about the same trouble."""
METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Journal:
    """Trouble always, each kind now and then; requests only if it is `verbose`."""

    verbose: bool = False
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)

    def trouble(self, what: str, error: BaseException) -> None:
        """Something is wrong here: what, which kind of error, and where in the program."""
        kind = type(error).__name__
        where = _where(error)
        now = self.clock()
        if now - self._last.get(f"{what} {kind} {where}", -PAUSE) >= PAUSE:
            self._last[f"{what} {kind} {where}"] = now
            self._write({"event": "trouble", "what": what, "error": kind, "at": where})

    def request(self, method: str, route: str, status: int, size: int, seconds: float) -> None:
        """A request that was answered: its route, and never its path, query or address."""
        known = method if method in METHODS else "other"
        told = {"method": known, "route": route, "status": status, "bytes": size}
        self._write({"event": "request", **told, "ms": round(seconds * 1000, 2)})

    def _write(self, line: dict[str, object]) -> None:
        self.stream.write(json.dumps(line) + "\n")
        self.stream.flush()


def _where(error: BaseException) -> str:
    """The innermost place in the program's own words: module and line."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return ""
    return f"{place.tb_frame.f_globals.get('__name__', '')}:{place.tb_lineno}"
