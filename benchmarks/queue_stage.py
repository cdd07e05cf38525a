"""A stage for the queue's benchmarks: a project, a Redis, a hub and workers, all real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.project import begin
from benchmarks.queue_side import FixedEngine
from workers import broker, presence
from workers.private_redis import prepare
from workflow.bootstrap import open_ledger, open_project
from workflow.cli.queueing import planning
from workflow.jobs import JobFigures, Request
from workflow.ports import Engine
from workflow.steps.ingest import ingest
from workflow.steps.plan import Planning
from workflow.steps.project import Project

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a job is planned and done; `url` is that of its Redis."""

    root: Path
    url: str

    def project(self, engine: Engine | None = None) -> Project:
        """The project, with an engine that knows the benchmark's package."""
        return replace(open_project(self.root), engine=engine or FixedEngine())

    def write(self, texts: Sequence[str]) -> None:
        """Content of one sentence a unit, twenty units an item."""
        folder = self.root / "content"
        for number in range(0, len(texts), 20):
            body = "\n\n".join(texts[number : number + 20])
            (folder / f"n{number:06}.md").write_text(f"{body}\n", "utf-8")

    def plan(self) -> int:
        """Plan a job of all units that have no text; its number."""
        project = self.project()
        ingested = ingest(project)
        with planning(project) as ledger:
            job = ledger.begin(Request(("es",)), project.clock.now())
            Planning(project, ledger, job).all(ingested, Request(("es",)))
        return job

    def figures(self, job: int) -> JobFigures:
        """How far a job is."""
        return open_ledger(self.root).figures(job)[0]

    def await_workers(self, count: int) -> None:
        """Wait until so many workers say that they live. Raises TimeoutError."""
        client = broker.client(self.url)
        until(lambda: len(presence.look(client)[0]) == count)
        client.close()


def until(met: Callable[[], bool], *, seconds: float = PATIENCE, pause: float = 0.02) -> float:
    """Wait for something; when it was met. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            raise TimeoutError("the stage does not get on")
        time.sleep(pause)
    return time.monotonic()


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A project in a folder, its Redis, and its hub."""
    root = folder / "project"
    begin(root)
    redis = prepare(folder / "redis")
    hub = [sys.executable, "-m", "workers.main", "--project", str(root), "hub"]
    with ExitStack() as parts:
        parts.enter_context(running(redis.command))
        redis.ready(PATIENCE)
        parts.enter_context(running([*hub, "--log-level", "warning"], redis.environment))
        yield Stage(root, redis.url)


@contextmanager
def workers(on: Stage, count: int, **request: Any) -> Iterator[list[int]]:  # noqa: ANN401 (JSON)
    """So many workers that are ready to take batches; their process ids."""
    with ExitStack() as parts:
        found = []
        for number in range(count):
            asked = {"url": on.url, "name": f"worker-{number}", "threads": 1, **request}
            command = [sys.executable, "-m", "benchmarks.queue_side"]
            found.append(parts.enter_context(running(command, text=json.dumps(asked))))
        on.await_workers(count)
        yield found


@contextmanager
def running(
    command: Sequence[str], environment: dict[str, str] | None = None, *, text: str = ""
) -> Iterator[int]:
    """A process while the block lasts; ended by SIGTERM, or SIGKILL if that takes too long."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if process.stdin:
            process.stdin.write(text.encode())
            process.stdin.close()
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
