"""What goes wrong in a chaos test, at moments that a seed decides."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from tests.workers.chaos.cast import Cast
from tests.workers.redis_for_tests import RedisForTests
from workers import broker, celeryapp
from workers.messages import HUB

DOWN = 0.5
"""Seconds that Redis is down."""
LONGEST_DELAY = 3.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """How often what happens within how many seconds."""

    seconds: float
    workers: int = 0
    hubs: int = 0
    redis: int = 0
    flushes: int = 0
    doubled: int = 0
    delayed: int = 0
    edits: int = 0


@dataclass(slots=True)
class Storm:
    """Runs the forecast's events one after the other; `done` counts those that really happened."""

    cast: Cast
    redis: RedisForTests
    forecast: Forecast
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)

    def moments(self) -> list[tuple[float, str]]:
        """When what happens, in seconds from the start."""
        counts = {
            "worker": self.forecast.workers,
            "hub": self.forecast.hubs,
            "redis": self.forecast.redis,
            "flush": self.forecast.flushes,
        }
        whole = [what for what, count in counts.items() for _ in range(count)]
        return sorted((self.dice.uniform(0, self.forecast.seconds), what) for what in whole)

    def run(self, over: Callable[[], bool]) -> None:
        """All events, unless the job is over before."""
        begun = time.monotonic()
        for moment, what in self.moments():
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            if over():
                return
            self._happen(what)

    def _happen(self, what: str) -> None:
        if what == "redis":
            self.redis.kill()
            time.sleep(DOWN)
            self.redis.start()
        elif what == "flush":
            self.redis.client.flushall()
        elif not self._killed(what):
            return
        self.done[what] += 1

    def _killed(self, role: str) -> bool:
        """Kill one of a role; one that is down already is waited for."""
        names = [name for name, part in self.cast.parts.items() if part.what["role"] == role]
        self.dice.shuffle(names)
        for _ in range(100):
            if any(self.cast.kill(name) for name in names):
                return True
            time.sleep(0.02)
        return False


@dataclass(slots=True)
class Meddler:
    """Takes answers out of the hub's queue: puts them back twice or more, or seconds later."""

    url: str
    doubled: int
    delayed: int
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    _held: list[tuple[float, str, str]] = field(default_factory=list)

    def run(self, stopped: Event) -> None:
        client = broker.client(self.url)
        while not stopped.is_set():
            try:
                self._once(client)
            except Exception:  # noqa: BLE001 (Redis is down just now)
                time.sleep(0.1)
        for _, name, message in self._held:
            with suppress(Exception):
                client.lpush(name, message)
        client.close()

    def _once(self, client: Any) -> None:  # noqa: ANN401
        while self._held and min(self._held)[0] <= time.monotonic():
            due = min(self._held)
            client.lpush(due[1], due[2])
            self._held.remove(due)
        if not self._left():
            time.sleep(0.05)
            return
        found = client.brpop(celeryapp.lists_of(HUB), timeout=0.2)
        if found:
            self._meddle(client, *found)

    def _left(self) -> int:
        return self.doubled + self.delayed - self.done["doubled"] - self.done["delayed"]

    def _meddle(self, client: Any, name: str, message: str) -> None:  # noqa: ANN401
        doubles = self.doubled - self.done["doubled"]
        if self.dice.randrange(self._left()) < doubles:
            client.lpush(name, *[message] * self.dice.choice((2, 2, 3)))
            self.done["doubled"] += 1
        else:
            due = time.monotonic() + self.dice.uniform(0.2, LONGEST_DELAY)
            self._held.append((due, name, message))
            self.done["delayed"] += 1


def threads(*work: Callable[[Event], None]) -> tuple[Event, list[Thread]]:
    """Let these run beside, until the event is set."""
    stopped = Event()
    started = [Thread(target=one, args=(stopped,), daemon=True) for one in work]
    for thread in started:
        thread.start()
    return stopped, started
