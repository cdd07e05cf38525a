"""The program `polypress` in a forked process: all is imported already, so that kills hit the work.

`at` is the number of the change to the disk before which it is killed (or, with `stop`, stands
still); `most` the largest file that it may write (bytes), as if the disk were full.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import workers.main
import workflow.adapters.bundles.fetching
import workflow.adapters.bundles.keys
import workflow.cli.output  # noqa: F401 - what else the programs import while they work
from tests.steps.pull_victim import changes

TICK = 0.001
"""Seconds between two looks whether a program has ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (-9: it was killed), its changes, and its seconds."""

    code: int
    changes: int
    seconds: float

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


@dataclass(slots=True)
class Program:
    """A program that is running; `told` is where it writes how many changes it has made."""

    pid: int
    told: int
    began: float = field(default_factory=time.monotonic)

    def wait(self, limit: float) -> Ended:
        """Raises TimeoutError, and then kills it."""
        end = time.monotonic() + limit
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return self._ended(os.waitstatus_to_exitcode(status))
            if time.monotonic() > end:
                self.kill()
                raise TimeoutError(f"a program has not ended within {limit:g} s")
            time.sleep(TICK)

    def killed_after(self, seconds: float, limit: float) -> Ended:
        """Kill it so long after its start, unless it has ended."""
        time.sleep(max(0.0, self.began + seconds - time.monotonic()))
        self.kill()
        return self.wait(limit)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def stands_still(self) -> None:
        """Wait until it has stopped itself."""
        status = os.waitpid(self.pid, os.WUNTRACED)[1]
        assert os.WIFSTOPPED(status), status

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def _ended(self, code: int) -> Ended:
        seconds = time.monotonic() - self.began
        with os.fdopen(self.told, "rb") as told:
            return Ended(code, int(told.read() or 0), seconds)


def start(
    words: tuple[str, ...],
    log: Path,
    *,
    at: int | None = None,
    stop: int | None = None,
    most: int | None = None,
) -> Program:
    """Start `polypress` with these words; what it says goes to the end of `log`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(words, log, writing, at=at, stop=stop, most=most)
    os.close(writing)
    return Program(child, reading)


def warm(*words: str) -> None:
    """Run the program here, so that its children find loaded what it loads while it works."""
    assert _ran(words) == 0, words


def _child(  # noqa: PLR0913 - all that a child is told
    words: tuple[str, ...],
    log: Path,
    told: int,
    *,
    at: int | None,
    stop: int | None,
    most: int | None,
) -> None:
    """Never returns."""
    code = 99
    try:
        into = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(into, 1)
        os.dup2(into, 2)
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        done = _counting({at: signal.SIGKILL, stop: signal.SIGSTOP})
        code = _ran(words)
        os.write(told, str(done()).encode())
    finally:
        os._exit(code)


def _counting(signals: dict[int | None, signal.Signals]) -> Callable[[], int]:
    """Count changes to the disk from now on, and get a signal before some of them."""
    numbers, seen = count(), [0]

    def told(event: str, arguments: tuple[object, ...]) -> None:
        if changes(event, arguments):
            number = next(numbers)
            seen[0] = number + 1
            if number in signals:
                os.kill(os.getpid(), signals[number])

    sys.addaudithook(told)
    return lambda: seen[0]


def _ran(words: tuple[str, ...]) -> int:
    sys.argv = ["polypress", *words]
    try:
        workers.main.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - it is told, as Python would
        traceback.print_exc()
        return 99
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
