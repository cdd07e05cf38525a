"""The parts that a test plays with: started by the nursery, watched, and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Event, Lock, Thread
from typing import Any

from workers import broker
from workers.presence import BEAT

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 30.0
PAUSE = 0.2
"""Seconds before a part that died is started again."""


class Nursery:
    """The far end of `nursery.py`: starts parts, and knows the exit codes of those that ended."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        self._far = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))],
            cwd=ROOT,
            env={name: value for name, value in environment.items() if "COVERAGE" not in name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._codes: dict[int, int] = {}
        self._births: list[int] = []
        self._ready = False
        self._starting = Lock()
        self._changed = Condition()
        Thread(target=self._listen, name="nursery", daemon=True).start()
        self._wait(lambda: self._ready)

    def start(self, part: Mapping[str, Any], log: Path, environment: Mapping[str, str]) -> int:
        """The process id of a new part."""
        order = {"part": part, "log": str(log), "environment": dict(environment)}
        assert self._far.stdin
        with self._starting, self._changed:
            self._far.stdin.write(json.dumps(order).encode() + b"\n")
            self._far.stdin.flush()
            assert self._changed.wait_for(lambda: self._births, PATIENCE), "nothing was born"
            return self._births.pop()

    def code(self, pid: int) -> int | None:
        """The exit code of a part (negative for a signal), None while it lives."""
        with self._changed:
            return self._codes.get(pid)

    def wait(self, pid: int, seconds: float = PATIENCE) -> int:
        """The exit code of a part that ends by itself."""
        self._wait(lambda: pid in self._codes, seconds)
        return self._codes[pid]

    def close(self) -> None:
        """End it, and with it all parts."""
        assert self._far.stdin
        assert self._far.stdout
        self._far.stdin.close()
        self._far.wait(PATIENCE)

    def _wait(self, true: Any, seconds: float = PATIENCE) -> None:  # noqa: ANN401
        with self._changed:
            assert self._changed.wait_for(true, seconds), f"waited {seconds} s in vain"

    def _listen(self) -> None:
        assert self._far.stdout
        for line in self._far.stdout:
            told = json.loads(line)
            with self._changed:
                self._ready = self._ready or "ready" in told
                if "born" in told:
                    self._births.append(told["born"])
                if "gone" in told:
                    self._codes[told["gone"]] = told["code"]
                self._changed.notify_all()
        self._far.stdout.close()


@dataclass(slots=True)
class Part:
    """One part: what it is, and the process that plays it now."""

    name: str
    what: dict[str, Any]
    log: Path
    environment: Mapping[str, str]
    pid: int = 0
    starts: int = 0
    kept: bool = True
    codes: list[int] = field(default_factory=list)
    due: float = 0.0

    def events(self) -> Iterator[dict[str, Any]]:
        """What it logged; lines of others (a traceback) have only `text`."""
        if not self.log.exists():
            return
        for line in self.log.read_text("utf-8", "replace").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                found = None
            yield found if isinstance(found, dict) else {"event": "", "text": line}


class Cast:
    """Parts on one Redis. A supervisor of few lines: what died is started again after a moment.

    As `polypress up` does, it deletes the beat of a worker that died, so that the hub knows.
    """

    def __init__(self, nursery: Nursery, root: Path, url: str) -> None:
        self.nursery, self.root, self.url = nursery, root, url
        self.parts: dict[str, Part] = {}
        self.buries = True
        self._stopped = Event()
        self._changed = Condition()
        self._watch = Thread(target=self._keep, name="supervisor", daemon=True)
        self._watch.start()

    def hub(self, name: str = "hub", **what: Any) -> Part:  # noqa: ANN401
        return self._add(name, {"role": "hub", "root": str(self.root), **what})

    def worker(self, name: str = "one", **what: Any) -> Part:  # noqa: ANN401
        return self._add(name, {"role": "worker", "name": name, **what})

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> bool:
        """Kill the group of a part; False if it is down already."""
        with self._changed:
            part = self.parts[name]
            if not part.pid or self.nursery.code(part.pid) is not None:
                return False
            try:
                os.killpg(part.pid, how)
            except ProcessLookupError:  # it ended a moment ago, by itself
                return False
            return True

    def end(self, name: str, seconds: float = PATIENCE) -> int:
        """SIGTERM, and the exit code; it is not started again."""
        part = self.parts[name]
        part.kept = False
        self.kill(name, signal.SIGTERM)
        return self.nursery.wait(part.pid, seconds)

    def close(self) -> None:
        """End all parts and the supervisor."""
        self._stopped.set()
        self._watch.join(PATIENCE)
        for part in self.parts.values():
            if part.pid and self.nursery.code(part.pid) is None:
                with suppress(ProcessLookupError):
                    os.killpg(part.pid, signal.SIGKILL)
                self.nursery.wait(part.pid)

    def _add(self, name: str, what: dict[str, Any]) -> Part:
        folder = self.root / "var" / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        environment = {"POLYPRESS_ALIVE": str(self.root / "var" / "alive" / name)}
        environment |= what.pop("environment", {})
        what.setdefault("url", self.url)
        part = Part(name, what, folder / f"{name}.log", environment, kept=what.pop("kept", True))
        with self._changed:
            self.parts[name] = part
            self._start(part)
        return part

    def _start(self, part: Part) -> None:
        part.pid = self.nursery.start(part.what, part.log, part.environment)
        part.starts += 1
        part.due = 0.0

    def _keep(self) -> None:
        while not self._stopped.wait(0.03):
            with self._changed:
                for part in self.parts.values():
                    self._look_after(part)

    def _look_after(self, part: Part) -> None:
        if part.due:
            if time.monotonic() >= part.due:
                self._start(part)
            return
        code = self.nursery.code(part.pid)
        if code is None or (part.codes and not part.kept and len(part.codes) == part.starts):
            return
        part.codes.append(code)
        if self.buries and part.what["role"] == "worker":
            Thread(target=self._bury, args=(part.pid,), daemon=True).start()
        if part.kept:
            part.due = time.monotonic() + PAUSE

    def _bury(self, pid: int) -> None:
        client = broker.client(self.url)
        with suppress(Exception):
            client.delete(f"{BEAT}{socket.gethostname()}:{pid}")
        client.close()


@contextmanager
def playing(nursery: Nursery, root: Path, url: str) -> Iterator[Cast]:
    cast = Cast(nursery, root, url)
    try:
        yield cast
    finally:
        cast.close()
