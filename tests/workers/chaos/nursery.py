"""Starts hubs and workers of tests at once: a process that has imported everything, and forks.

Each part is a process of its own in a group of its own, with its own log. Lines of JSON go in
(`{"part": …, "log": …, "environment": …}`) and come out (`{"born": pid}`, `{"gone": pid, …}`);
when nobody listens any more, all parts are killed.
"""

from __future__ import annotations

import faulthandler
import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

EVERY = 0.02


def main() -> int:
    from tests.workers.chaos import parts  # noqa: PLC0415 (the import is what takes the time)

    parts.warm()
    children: set[int] = set()
    lines = _Lines()
    _say({"ready": os.getpid()})
    while not lines.ended:
        for line in lines.read():
            children.add(_born(json.loads(line), parts.run))
        _tell_gone(children)
    for child in children:
        os.killpg(child, signal.SIGKILL)
    return 0


class _Lines:
    """Standard input, line by line, without ever waiting long."""

    def __init__(self) -> None:
        self.ended = False
        self._rest = b""

    def read(self) -> list[bytes]:
        if not select.select([0], [], [], EVERY)[0]:
            return []
        found = os.read(0, 1 << 16)
        self.ended = not found
        *lines, self._rest = (self._rest + found).split(b"\n")
        return lines


def _born(order: dict[str, Any], run: Any) -> int:  # noqa: ANN401
    child = os.fork()
    if child:
        _say({"born": child})
        return child
    code = 70
    try:
        os.setsid()
        _redirect(order["log"])
        faulthandler.register(signal.SIGUSR2)
        os.environ.update(order["environment"])
        code = run(order["part"])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 (the log has to say what ended this process)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: str) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(target, 1)
    os.dup2(target, 2)


def _tell_gone(children: set[int]) -> None:
    for child in tuple(children):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            children.discard(child)
            _say({"gone": child, "code": os.waitstatus_to_exitcode(status)})


def _say(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def as_in_pytest() -> None:
    """Let `tests` be this folder, as it is in pytest: some package installs one of that name."""
    root = Path(__file__).resolve().parents[3]
    module = ModuleType("tests")
    module.__path__ = [str(root / "tests")]
    sys.modules["tests"] = module
    sys.path[0] = str(root)


if __name__ == "__main__":
    as_in_pytest()
    sys.exit(main())
