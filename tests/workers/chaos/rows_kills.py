"""Rows about processes that die: at random, by a poison segment, or because they are told to."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from contextlib import closing

from tests.workers.chaos.cast import Cast
from tests.workers.chaos.job import Job, database_of, lacking, plan
from tests.workers.chaos.stage import Figures, Row, Stage, again, done, until, usual
from workers import presence
from workflow.jobs import JobState

INNOCENT = {"workflow.steps.dispatch:CRASHES": 20}
"""Kills come so fast here that one batch is hit thrice by chance: row R3 is about that rule."""


def random_kills(stage: Stage) -> Figures:
    kills, segments = stage.size(10, 100), stage.size(300, 10_000)
    job = stage.job(segments, units=stage.size(10, 20))
    dice = random.Random(1)
    with stage.cast(job) as cast:
        usual(cast, "one", "two", seconds=stage.size(3, 6) / 20, settings=INNOCENT)
        done_kills = 0
        while done_kills < kills and job.figures.state is JobState.RUNNING:
            time.sleep(dice.uniform(0.1, 0.5))
            done_kills += cast.kill(dice.choice(("one", "two")))
        done(job, 120)
        assert done_kills >= kills // 2
        return {"kills": done_kills, "segments": segments, "sent again": again(cast)}


def recovery(stage: Stage) -> Figures:
    job = stage.job(30, units=100)
    times = []
    with stage.cast(job) as cast:
        usual(cast, seconds=1.5)
        for _ in range(stage.size(2, 20)):
            times.append(_again_after_kill(stage, cast))
            if not stage.full:
                continue
            _forgive(job)
        done(job)
    assert max(times) < 5
    return {"kills": len(times), "slowest, s": round(max(times), 2)}


def _again_after_kill(stage: Stage, cast: Cast) -> float:
    """Seconds from a kill until another process works on the same batch."""
    batch, before = held(stage, cast), cast.parts["one"].pid
    assert cast.kill("one")
    return until(lambda: cast.parts["one"].pid != before and batch in _working(stage, cast))


def _forgive(job: Job) -> None:
    """Forget the crashes, so that many may be measured with one batch."""
    with closing(sqlite3.connect(database_of(job.town), timeout=10)) as connection, connection:
        connection.execute("UPDATE batches SET crashes = 0")


def held(stage: Stage, cast: Cast) -> int:
    until(lambda: _working(stage, cast))
    return min(_working(stage, cast))


def _working(stage: Stage, cast: Cast) -> set[int]:
    """The batches that the process of now works on."""
    workers, _ = presence.look(stage.redis.client)
    pid = cast.parts["one"].pid
    return {batch for one in workers if one.id.endswith(f":{pid}") for batch in one.working}


def poison(stage: Stage) -> Figures:
    count, segments = stage.size(1, 20), stage.size(24, 1_000)
    town = stage.town(segments)
    for number in range(count):
        town.notice(f"bad-{number}", f"Bad {number}", f"Venom {number} is in this sentence.")
    job = plan(town, units=stage.size(100, 100))
    with stage.cast(job) as cast:
        usual(cast, poison="Venom", how="segv" if stage.full else "exit")
        done(job, stage.size(30, 300), JobState.PARTIAL)
        codes = cast.parts["one"].codes
    figures = job.figures
    assert len(figures.failures) == count
    assert all("crashed its worker 3 times" in one.reason for one in figures.failures)
    assert len(lacking(town)) == count
    assert all("Venom" in entry for entry in lacking(town))
    return {"poison": count, "crashes": len(codes), "given up": len(figures.failures)}


def told_to_end(stage: Stage) -> Figures:
    job = stage.job(stage.size(450, 10_000), units=stage.size(10, 20))
    slowest = 0.0
    with stage.cast(job) as cast:
        usual(cast, "one", "two", seconds=0.2)
        for _ in range(stage.size(2, 20)):
            held(stage, cast)
            begun, pid = time.monotonic(), cast.parts["one"].pid
            assert cast.kill("one", signal.SIGTERM)
            assert stage.nursery.wait(pid) == 0
            slowest = max(slowest, time.monotonic() - begun)
        done(job)
        count = crashes(job)
        lost = again(cast)
    assert count == 0
    assert slowest < 10
    return {"ended": stage.size(2, 20), "slowest, s": round(slowest, 2), "sent again": lost}


def crashes(job: Job) -> int:
    with closing(sqlite3.connect(database_of(job.town))) as connection:
        (count,) = connection.execute("SELECT sum(crashes) FROM batches").fetchone()
    return int(count)


ROWS = [
    Row("R1", "workers are killed at random: nothing is lost or doubled", random_kills),
    Row("R2", "a killed worker's batch is worked on again within 5 s", recovery),
    Row("R3", "a segment that kills its worker is given up alone, after three crashes", poison),
    Row("R19", "a worker that is told to end loses nothing and counts as no crash", told_to_end),
]
