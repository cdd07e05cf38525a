"""Where the fault rows are played: one nursery and one Redis for many rows, a town for each."""

from __future__ import annotations

import itertools
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workers.chaos import job as jobs
from tests.workers.chaos import town as towns
from tests.workers.chaos.cast import Cast, Nursery, playing
from tests.workers.redis_for_tests import RedisForTests, running
from workflow.jobs import JobState

Figures = dict[str, Any]
QUICK = {
    "workers.settling:LONGEST": 0.2,
    "workers.settling:SHORTEST": 0.05,
    "workflow.steps.dispatch:LOST_AFTER": 3.0,
}
"""A hub that looks more often than it has to, so that small forms take no longer than they must."""


@dataclass(slots=True)
class Stage:
    """What a row may use; `full` says that the long form is played."""

    nursery: Nursery
    redis: RedisForTests
    folder: Path
    full: bool = False
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def size(self, small: int, full: int) -> int:
        return full if self.full else small

    def town(self, segments: int, *locales: str) -> Any:  # noqa: ANN401
        """A new town, in Spanish unless other locales are named."""
        root = self.folder / f"town-{next(self._numbers)}"
        return towns.build(root, segments, locales=locales or ("es",))

    def job(self, segments: int, *locales: str, units: int = 20) -> jobs.Job:
        """A new town and a job for all of it, in chunks of few units: many batches."""
        return jobs.plan(self.town(segments, *locales), units=units)

    @contextmanager
    def cast(self, job: jobs.Job, url: str = "") -> Iterator[Cast]:
        """An empty cast for a job on an empty Redis."""
        with playing(self.nursery, job.town.root, url or self.redis.url) as cast:
            try:
                yield cast
            finally:
                cast.close()
                self.redis.client.flushall()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of faults: what is done, and what must be true then."""

    id: str
    title: str
    play: Callable[[Stage], Figures]
    small: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


def alone(stage: Stage, row: Row) -> Figures:
    """Play a row on a Redis of its own."""
    folder = stage.folder / row.id
    with running(folder / "redis") as redis:
        return row.play(Stage(stage.nursery, redis, folder, stage.full))


def usual(cast: Cast, *workers: str, seconds: float = 0.05, **more: Any) -> None:  # noqa: ANN401
    """A hub, and workers with the engine of the town."""
    settings = more.pop("settings", {})
    cast.hub(settings={**QUICK, **settings}, window=more.pop("window", 32))
    for name in workers or ("one",):
        cast.worker(name, engine={"seconds": seconds, **more}, settings=settings)


def done(job: jobs.Job, seconds: float = 30.0, state: JobState = JobState.DONE) -> None:
    """The job ends in this state, nothing is open, and the catalogs are those of a local run."""
    figures = job.finish(seconds)
    assert figures.state is state, figures
    assert not job.left()
    if state is JobState.DONE:
        as_local(job)


def as_local(job: jobs.Job) -> None:
    """The catalogs are those that the same town has after a run at one's own desk."""
    town = job.town
    folder = town.root.with_name(f"{town.root.name}-calm")
    shutil.copytree(town.root / "content", folder / "content", dirs_exist_ok=True)
    calm = towns.open_town(folder, locales=town.project.locales)
    calm.translate()
    assert jobs.catalogs(town) == jobs.catalogs(calm)
    assert not jobs.doubled(town)
    assert not jobs.lacking(town)


def until(true: Callable[[], Any], seconds: float = 15.0, *, what: str = "") -> float:
    """Wait until something is true; how long that took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"not within {seconds:g} s: {what or true}"
        time.sleep(0.02)
    return time.monotonic() - begun


def again(cast: Cast) -> dict[str, int]:
    """How many batches the hubs sent again, by the reason."""
    events = (one for part in cast.parts.values() for one in part.events())
    counts = Counter(one["reason"] for one in events if one.get("event") == "batch sent again")
    return dict(sorted(counts.items()))


def told(cast: Cast, name: str, event: str) -> list[dict[str, Any]]:
    """What a part logged under this name of an event."""
    return [one for one in cast.parts[name].events() if one.get("event") == event]
