"""The chaos test: a job, a storm over it, and a person at work; then a look at what came of it."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.steps.project_for_tests import Place
from tests.workers.chaos import job as jobs
from tests.workers.chaos import town as towns
from tests.workers.chaos.cast import Cast, Nursery, playing
from tests.workers.chaos.person import Person, lost, repeat
from tests.workers.chaos.storm import Forecast, Meddler, Storm, threads
from tests.workers.redis_for_tests import RedisForTests
from workflow.jobs import JobFigures, JobState


@dataclass(frozen=True, slots=True)
class Play:
    """One chaos: how large the town is, what happens, and how long a batch takes."""

    segments: int
    forecast: Forecast
    seconds: float = 0.2
    seed: int = 7
    bound: float = 60.0
    units: int = 500
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `wrong` is what must not be."""

    state: JobState
    seconds: float
    figures: dict[str, Any]
    wrong: list[str]


def play(nursery: Nursery, folder: Path, redis: RedisForTests, what: Play) -> Outcome:
    town = towns.build(folder / "stormy", what.segments, seed=what.seed)
    job = jobs.plan(town, units=what.units)
    calm = _calm(town, folder / "calm")
    with playing(nursery, town.root, redis.url) as cast:
        engine = {"seconds": what.seconds}
        cast.hub(settings=what.settings)
        for name in ("one", "two"):
            cast.worker(name, engine=engine, settings=what.settings)
        return _stormy(cast, redis, job, calm, what)


def _calm(town: Place, folder: Path) -> Place:
    """The same town, translated at one's own desk."""
    shutil.copytree(town.root / "content", folder / "content")
    calm = towns.open_town(folder)
    calm.translate()
    return calm


def _stormy(cast: Cast, redis: RedisForTests, job: jobs.Job, calm: Place, what: Play) -> Outcome:
    dice = [random.Random(what.seed + number) for number in range(4)]
    storm = Storm(cast, redis, what.forecast, dice[0])
    meddler = Meddler(redis.url, what.forecast.doubled, what.forecast.delayed, dice[1])
    person = Person(job.town, dice[2])
    each = what.forecast.seconds / max(1, what.forecast.edits)
    pauses = [dice[3].uniform(0.2, 1.0) * each for _ in range(what.forecast.edits)]
    begun = time.monotonic()
    stopped, beside = threads(
        meddler.run,
        lambda stop: person.work(pauses, stop, lambda: _busy(job)),
    )
    try:
        storm.run(lambda: not _busy(job))
        figures = job.finish(what.bound - (time.monotonic() - begun))
    finally:
        stopped.set()
        for thread in beside:
            thread.join(10)
    seconds = time.monotonic() - begun
    told = {**_told(cast, figures), **_counts(storm, meddler, person), "seconds": round(seconds, 1)}
    return Outcome(figures.state, seconds, told, wrong(job, calm, person))


def _busy(job: jobs.Job) -> bool:
    figures = job.figures
    return figures.state is JobState.RUNNING and figures.units_done < figures.units


def _counts(storm: Storm, meddler: Meddler, person: Person) -> dict[str, Any]:
    return {
        "worker kills": storm.done["worker"],
        "hub kills": storm.done["hub"],
        "Redis kills": storm.done["redis"],
        "FLUSHALL": storm.done["flush"],
        "answers doubled": meddler.done["doubled"],
        "answers delayed": meddler.done["delayed"],
        "edits": dict(sorted(person.counts.items())),
        "drafts wiped by stale saves": person.wiped,
    }


def _told(cast: Cast, figures: JobFigures) -> dict[str, Any]:
    """What the ledger counted and the logs told."""
    events = [one for part in cast.parts.values() for one in part.events()]
    again = Counter(one["reason"] for one in events if one["event"] == "batch sent again")
    return {
        "segments": figures.segments,
        "batches": figures.batches,
        "sent again": dict(sorted(again.items())),
        "answers to what was over": sum(
            one["event"] == "answer to a batch that is over" for one in events
        ),
        "starts": {part.name: part.starts for part in cast.parts.values()},
    }


def wrong(job: jobs.Job, calm: Place, person: Person) -> list[str]:
    """Everything that must not be after a job, in words."""
    town = job.town
    found = [f"{count} {name} open in the ledger" for name, count in job.left().items()]
    repeat(calm, person.made.values())
    for place in (calm, town):
        place.ingest()
    ours, theirs = jobs.catalogs(town), jobs.catalogs(calm)
    found += [f"{name} differs" for name in sorted(ours.keys() | theirs.keys())
              if ours.get(name) != theirs.get(name)]  # fmt: skip
    found += [f"doubled: {entry}" for entry in jobs.doubled(town)]
    found += [f"without a text: {entry}" for entry in jobs.lacking(town)]
    found += [f"an edit is lost: {edit}" for edit in lost(town, person.made.values())]
    return found + _unsound(town)


def _unsound(town: Place) -> list[str]:
    """The catalogs that gettext itself refuses, where it is."""
    program = shutil.which("msgfmt")
    if program is None:
        return []
    paths = sorted((town.root / "locales").rglob("*.po"))
    command = [program, "--check", "--use-fuzzy", "-o", "/dev/null"]
    done = {path: subprocess.run([*command, path], check=False, capture_output=True)
            for path in paths}  # fmt: skip
    return [f"msgfmt: {one.stderr.decode()[:300]}" for one in done.values() if one.returncode]
