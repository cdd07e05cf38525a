"""A real Redis of a test's own: in a folder of its own, to be killed and started again.

with redis_for_tests.running(tmp_path / "redis") as redis:
    redis.client.set("a", "b")
    redis.kill()
    redis.start()
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from workers import broker, private_redis
from workflow.errors import OutsideError

PATIENCE = 20.0
PR_SET_PDEATHSIG = 1


class RedisForTests:
    """One server: `aof` says whether its data survives a kill, `maxmemory` is e.g. `10mb`.

    `settings` are more of redis.conf's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        aof: bool = True,
        maxmemory: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        settings = {**(settings or {}), "appendonly": "yes" if aof else "no"}
        if maxmemory:
            settings["maxmemory"] = maxmemory
        self.server = private_redis.prepare(folder, settings=settings)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.server.url

    @cached_property
    def client(self) -> Any:  # noqa: ANN401 (redis' own type is generic in what it returns)
        """A client that connects again by itself after `kill` and `start`."""
        return broker.client(self.url)

    def start(self) -> None:
        """Start it on the data and port that it has, and wait until it answers."""
        self._process = subprocess.Popen(
            self.server.command,
            start_new_session=True,
            preexec_fn=ends_with_us(),  # noqa: PLW1509 (one call into the kernel, no lock)
        )
        end = time.monotonic() + PATIENCE
        while not broker.answers(self.url):
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise OutsideError(f"Redis does not start; its log: {self._log_end()}")
            time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL: what it had not written is lost."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM: it writes its data and ends."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        self.kill()
        self.start()

    def _log_end(self) -> str:
        log = self.server.log
        return log.read_text("utf-8", errors="replace")[-1000:] if log.exists() else ""

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        self._process.wait(PATIENCE)
        self._process = None
        with suppress(Exception):
            self.client.connection_pool.disconnect()


def ends_with_us() -> Callable[[], None] | None:
    """What a child calls so that it dies with the thread that started it (Linux)."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    return prctl and (lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL))


@contextmanager
def running(
    folder: Path,
    *,
    aof: bool = True,
    maxmemory: str = "",
    settings: Mapping[str, str] | None = None,
) -> Iterator[RedisForTests]:
    """A server that runs, and has ended whatever happens in the block."""
    redis = RedisForTests(folder, aof=aof, maxmemory=maxmemory, settings=settings)
    try:
        redis.start()
        yield redis
    finally:
        redis.kill()
        redis.client.close()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisForTests]:
    """One running server for a test, append-only (import the name into the test's module)."""
    with running(tmp_path / "redis") as redis:
        yield redis
