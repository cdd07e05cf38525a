"""Watching: what a job's figures and the hub's last word mean together, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from workflow.jobs import OVER, JobFigures, JobState, Worker
from workflow.model import PackageRef
from workflow.ports import Ledger

SNAPSHOT = "hub"
"""Under this name the hub leaves its word in the ledger."""
SILENT_AFTER = 30.0
"""Seconds without a word after which no hub is running; it speaks about once a second."""
AT_REST = (*OVER, JobState.INTERRUPTED)
"""In these states nothing of a job moves until somebody says so."""


@dataclass(frozen=True, slots=True)
class HubWord:
    """What the hub last said: `seconds` ago (None: never), its trouble, and its workers.

    `pace` maps a job's number to segments a second over the last half minute.
    """

    seconds: float | None = None
    trouble: str = ""
    pace: Mapping[int, float] = field(default_factory=dict)
    workers: tuple[Worker, ...] = ()

    @property
    def running(self) -> bool:
        """Whether a hub has been heard of lately."""
        return self.seconds is not None and abs(self.seconds) <= SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Watched:
    """A job and what its hub makes of it; `left` is in seconds, None if nobody can say."""

    job: JobFigures
    pace: float = 0.0
    left: float | None = None
    waits: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


def hub_word(ledger: Ledger, now: str) -> HubWord:
    """The hub's last word; one that cannot be read counts as none. `now` is an ISO 8601 time."""
    try:
        said = json.loads(ledger.snapshot(SNAPSHOT) or "{}")
        at = datetime.fromisoformat(said["at"])
        return HubWord(
            seconds=(datetime.fromisoformat(now) - at).total_seconds(),
            trouble=str(said.get("trouble", "")),
            pace={int(job): float(pace) for job, pace in said.get("pace", {}).items()},
            workers=tuple(_worker(one) for one in said.get("workers", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return HubWord()


def _worker(said: Mapping[str, Any]) -> Worker:
    known = {one.name for one in fields(Worker)}
    taken = {name: value for name, value in said.items() if name in known}
    lists = {name: tuple(taken.get(name, ())) for name in ("packages", "working")}
    return Worker(**{**taken, **lists})


def watched(job: JobFigures, hub: HubWord) -> Watched:
    """A job with its pace, why it waits, and what a person may do about it."""
    pace = hub.pace.get(job.id, 0.0) if hub.running and job.state not in AT_REST else 0.0
    rest = job.segments - job.segments_done
    left = rest / pace if rest and pace else None  # with nothing asked, more may be asked any time
    return Watched(job, pace, left, tuple(_waits(job, hub)), tuple(_next(job, hub)))


def _waits(job: JobFigures, hub: HubWord) -> Iterator[str]:
    """Packages that a job waits for, and that no worker has."""
    if not hub.running or hub.trouble:
        return
    for one in job.waiting:
        if hub.workers and not _serving(one.package, hub.workers):
            yield f"no worker has {one.package} (batches that wait for it: {one.batches})"
            yield from _others(one.package, hub.workers)


def _serving(package: PackageRef, workers: Sequence[Worker]) -> list[Worker]:
    return [worker for worker in workers if str(package) in worker.packages]


def _others(package: PackageRef, workers: Sequence[Worker]) -> Iterator[str]:
    """Workers that have another package of the same two languages."""
    pair = f"{package.source}_{package.target}"
    for worker in workers:
        for other in worker.packages:
            if other.partition("@")[0] == pair:
                yield f"worker {worker.name} has {other} in its place"


def _next(job: JobFigures, hub: HubWord) -> Iterator[str]:
    if job.state is JobState.INTERRUPTED:
        yield f"planning was cut off: `polypress jobs resume {job.id}` plans the rest"
    elif job.state is JobState.PARTIAL:
        yield f"`polypress jobs retry {job.id}` asks again for what failed"
    elif job.state is JobState.CANCELLED:
        yield f"`polypress jobs retry {job.id}` asks for what is missing"
    elif job.state is JobState.RUNNING:
        yield from _running(job, hub)


def _running(job: JobFigures, hub: HubWord) -> Iterator[str]:
    if not hub.running:
        yield "no hub is running: start one with `polypress up` or `polypress hub`"
    elif hub.trouble:
        yield f"the hub says: {hub.trouble}"
    elif job.waiting and not hub.workers:
        yield "no worker is there: start one with `polypress worker`"
    elif any(not _serving(one.package, hub.workers) for one in job.waiting):
        yield (
            "install that very package where a worker runs (`polypress models install`); or plan"
            f" with what is installed here: `polypress jobs cancel {job.id}`, then"
            f" `polypress jobs retry {job.id}`"
        )
