"""Run a program that dies with its parent: `python -I -S leash.py PARENT COMMAND …`.

A program of its own, since nothing but an `exec` may happen between a fork and a new program in a
process that has threads. The kernel sends the signal when the *thread* that forked ends (prctl(2),
PR_SET_PDEATHSIG), so a parent starts its children in a thread that lives as long as it does.
Elsewhere than on Linux there is no such call, and the program runs without a leash.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
NOT_FOUND = 127
"""The exit code of a shell for a program that cannot be run."""


def main(parent: int, command: list[str]) -> None:
    """Become `command`, unless the parent is gone already."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec would keep that
    try:
        os.execvp(command[0], command)  # noqa: S606 (no shell is meant)
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
