"""A supervisor: keeps the parts of `polypress up` running, and ends them all in order.

Time is the monotonic clock's: a clock that jumps neither starts nor stalls anything.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.alive import OLD
from workers.child import Child

Died = Callable[[int, int], None]
"""Is told the number and the exit code of a process that ended, whyever it did."""


@dataclass(frozen=True, slots=True)
class Part:
    """One program to keep running.

    `alive` is a file that it touches while it gets on; parts after it are first started when
    `ready` says so, which must not wait.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    alive: Path | None = None
    ready: Callable[[], bool] | None = None
    died: Died | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the supervisor waits, in seconds."""

    first: float = 1.0
    longest: float = 30.0
    steady: float = 60.0
    stalled: float = OLD
    stalled_grace: float = 10.0
    grace: float = 30.0
    look: float = 0.1

    def pause(self, last: float, ran: float) -> float:
        """The wait before a new start: it doubles, until the part has run for a while."""
        if not last or ran >= self.steady:
            return self.first
        return min(last * 2, self.longest)


@dataclass(slots=True)
class Watch:
    """Whether a file still changes: by its time stamps, but on the monotonic clock."""

    file: Path
    since: float
    _stamp: int | None = None

    def age(self, now: float) -> float:
        """Seconds since it was seen to change."""
        try:
            stamp = self.file.stat().st_mtime_ns
        except OSError:
            stamp = None
        if stamp != self._stamp:
            self._stamp, self.since = stamp, now
        return now - self.since


class Post:
    """A part's place: its process if it runs, else when it is to start."""

    def __init__(self, part: Part, patience: Patience, say: Callable[[str], None]) -> None:
        self.part = part
        self.child: Child | None = None
        self.is_ready = False
        self._patience = patience
        self._say = say
        self._due = self._started = self._pause = 0.0
        self._watch: Watch | None = None
        self._kill_at: float | None = None

    def look(self, now: float) -> None:
        """Start it if it is due, notice its end, and end it if it is stalled."""
        if not self.gone():
            self._end_if_stalled(now)
        elif now >= self._due:
            self._start(now)
        if self.child and not self.is_ready:
            self.is_ready = self.part.ready is None or self.part.ready()

    def gone(self) -> bool:
        """Whether it does not run (any more); if it has just ended, it is due again later."""
        if self.child is None:
            return True
        code = self.child.ended()
        if code is None:
            return False
        for line in self.child.rest():
            self._say(line)
        pid, self.child = self.child.pid, None
        now = time.monotonic()
        self._wait(now)
        if self.part.died:
            self.part.died(pid, code)
        self._say(f"has ended ({_meaning(code)})")
        return True

    def pass_on(self) -> None:
        """Pass on what it has written."""
        for line in self.child.lines() if self.child else ():
            self._say(line)

    def terminate(self) -> None:
        """Ask it to end; nothing if it does not run."""
        if self.child and not self.gone():
            self.child.terminate()

    def kill(self) -> None:
        """End it at once; nothing if it does not run."""
        if self.child and not self.gone():
            self.child.kill()

    def _end_if_stalled(self, now: float) -> None:
        if self._kill_at is not None:
            if now >= self._kill_at:
                self.kill()
        elif self._watch and self._watch.age(now) > self._patience.stalled:
            self._say(f"no sign of life for {self._patience.stalled:g} s: it is ended")
            self.terminate()
            self._kill_at = now + self._patience.stalled_grace

    def _start(self, now: float) -> None:
        self._started, self._kill_at = now, None
        try:
            self.child = Child(self.part.command, self.part.environment)
        except OSError as error:
            self._say(f"cannot be started: {error.strerror}")
            self._wait(now)
            return
        self._watch = Watch(self.part.alive, now) if self.part.alive else None

    def _wait(self, now: float) -> None:
        self._pause = self._patience.pause(self._pause, now - self._started)
        self._due = now + self._pause


class Supervisor:
    """Runs parts in the thread that calls `run`; `say` gets lines to be shown.

    That thread has to live as long as the process, or the parts die with it.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        say: Callable[[str], None],
        patience: Patience | None = None,
    ) -> None:
        width = max(len(part.name) for part in parts)
        self._patience = patience or Patience()
        self._posts = [
            Post(part, self._patience, _prefixed(say, f"{part.name:{width}} | ")) for part in parts
        ]
        self._stops = 0

    def run(self) -> None:
        """Keep the parts running until `stop` is called, then end them, the last one first."""
        try:
            while not self._stops:
                self._look()
                self._pass_on()
            for post in reversed(self._posts):
                self._end(post)
        finally:
            self._kill_all()

    def stop(self) -> None:
        """End the parts; called again: at once. Safe in another thread or a signal handler."""
        self._stops += 1

    def _look(self) -> None:
        """Care for each part, but begin none before those ahead of it were ready once."""
        for post in self._posts:
            post.look(time.monotonic())
            if not post.is_ready:
                return

    def _pass_on(self) -> None:
        """Wait a moment for output, and pass it on."""
        speaking = [post.child for post in self._posts if post.child and not post.child.is_silent]
        select.select(speaking, [], [], self._patience.look)
        for post in self._posts:
            post.pass_on()

    def _end(self, post: Post) -> None:
        post.terminate()
        end = time.monotonic() + self._patience.grace
        while not post.gone() and self._stops <= 1 and time.monotonic() < end:
            self._pass_on()
        post.kill()

    def _kill_all(self) -> None:
        for post in self._posts:
            post.kill()
        while not all(post.gone() for post in self._posts):
            self._pass_on()


def _prefixed(say: Callable[[str], None], prefix: str) -> Callable[[str], None]:
    return lambda line: say(f"{prefix}{line}")


def _meaning(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
