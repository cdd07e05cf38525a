"""The program `polypress` in a forked process: all is imported already, so kills hit the work."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import workers.main
import workflow.adapters.bundles.fetching
import workflow.adapters.bundles.keys
import workflow.cli.output  # noqa: F401 - what else the programs import while they work
from tests.steps.pull_victim import changes

SWITCHED = {"release.json", "current"}
"""What is renamed when a release goes live, or a site switches to it."""
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


@dataclass(slots=True)
class Fate:
    """Before which change to the disk what happens; `done` is how many there were.

    It is killed before the change number `at`, or number `past` counted from the switch on, which
    is 0; before number `stop` it stands still; from number `full` on the disk has no room for any
    file that is not there yet.
    """

    at: int | None = None
    past: int | None = None
    stop: int | None = None
    full: int | None = None
    done: int = 0
    switch: int | None = None

    def told(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook."""
        if not changes(event, arguments):
            return
        if event == "os.rename" and Path(str(arguments[1])).name in SWITCHED:
            self.switch = self.done
        past = None if self.switch is None else self.done - self.switch
        if self.done == self.at or (past is not None and past == self.past):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.done == self.stop:
            os.kill(os.getpid(), signal.SIGSTOP)
        self.done += 1
        if self.full is not None and self.done > self.full and _is_new(event, arguments[0]):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), arguments[0])


def start(words: tuple[str, ...], log: Path, fate: Fate) -> Program:
    """Start `polypress` with these words; what it says goes to the end of `log`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(words, log, writing, fate)
    os.close(writing)
    return Program(child, reading)


def warm(*words: str) -> None:
    """Run the program here, so that its children find loaded what it loads while it works."""
    assert _ran(words) == 0, words


def _is_new(event: str, path: object) -> bool:
    return event == "open" and not isinstance(path, int) and not os.path.lexists(str(path))


def _child(words: tuple[str, ...], log: Path, told: int, fate: Fate) -> None:
    """Never returns."""
    code = 99
    try:
        into = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(into, 1)
        os.dup2(into, 2)
        sys.addaudithook(fate.told)
        code = _ran(words)
        os.write(told, str(fate.done).encode())
    finally:
        os._exit(code)


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
