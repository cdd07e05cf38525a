"""One child process: in its own process group, dead when its parent is, its output in lines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

LEASH = Path(__file__).with_name("leash.py")
LONGEST_LINE = 64 * 1024
"""Bytes after which a line is passed on without its end; also how many are read at once."""
PIPE = 16
"""Reads that empty any pipe, if nobody writes to it any more."""


class Child:
    """A command that runs; it is started by the constructor, which raises OSError.

    To be made by a thread that lives as long as the process (`workers.leash`).
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        leash = (sys.executable, "-I", "-S", str(LEASH), str(os.getpid()))
        self._process = subprocess.Popen(  # noqa: S603 (the commands are the supervisor's own)
            [*leash, *command],
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        self._out = cast("IO[bytes]", self._process.stdout)
        self._begun = b""
        self.is_silent = False
        os.set_blocking(self._out.fileno(), False)

    @property
    def pid(self) -> int:
        """The number of the process, and of its group."""
        return self._process.pid

    def fileno(self) -> int:
        """What to wait on for output, unless `is_silent`: it has closed its end."""
        return self._out.fileno()

    def lines(self) -> Iterator[str]:
        """Some lines that are complete by now; never waits."""
        *whole, self._begun = (self._begun + self._read()).split(b"\n")
        if len(self._begun) > LONGEST_LINE:
            whole, self._begun = [*whole, self._begun], b""
        for line in whole:
            yield line.decode("utf-8", "replace")

    def rest(self) -> Iterator[str]:
        """The last lines of one that has ended; then there is nothing more to read."""
        for _ in range(PIPE):
            yield from self.lines()
        if self._begun:
            yield self._begun.decode("utf-8", "replace")
        self._out.close()

    def ended(self) -> int | None:
        """Its exit code (negative: the signal that ended it), None while it runs.

        What it has left in its group is killed before its number can become another's.
        """
        if self._process.returncode is None:
            look = os.WEXITED | os.WNOHANG | os.WNOWAIT
            if os.waitid(os.P_PID, self.pid, look) is None:
                return None
            self.kill()
        return self._process.wait()

    def terminate(self) -> None:
        """Ask it to end; only before `ended` has said so."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it and all of its group at once; only before `ended` has said so."""
        with suppress(ProcessLookupError, PermissionError):  # macOS: EPERM if it is a zombie
            os.killpg(self.pid, signal.SIGKILL)

    def _read(self) -> bytes:
        if self.is_silent:
            return b""
        try:
            block = os.read(self._out.fileno(), LONGEST_LINE)
        except BlockingIOError:
            return b""
        self.is_silent = not block
        return block
