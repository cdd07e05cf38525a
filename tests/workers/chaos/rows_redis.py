"""Rows about Redis: killed, out of reach, emptied, full, and away for good."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from tests.workers.chaos.cast import Cast
from tests.workers.chaos.job import Job, database_of
from tests.workers.chaos.proxy import Proxy, Weather, between
from tests.workers.chaos.stage import QUICK, Figures, Row, Stage, again, done, told, until, usual
from tests.workers.redis_for_tests import RedisForTests, running


def _kills(stage: Stage, redis: RedisForTests, kills: int) -> Figures:
    """A job with Redis killed so many times; `slowest` is from its return to the next answer."""
    job = stage.job(stage.size(200, 2_000), units=stage.size(10, 50))
    slowest = 0.0
    with stage.cast(job, redis.url) as cast:
        usual(cast, "one", "two", seconds=0.15)
        for _ in range(kills):
            _answered(job, 3)
            redis.kill()
            time.sleep(0.5)
            redis.start()
            slowest = max(slowest, _answered(job, 1))
        done(job, 90)
        starts = sum(part.starts for part in cast.parts.values()) - len(cast.parts)
        return {"kills": kills, "slowest, s": round(slowest, 1),
                "starts by the supervisor": starts, "sent again": again(cast)}  # fmt: skip


def _answered(job: Job, more: int) -> float:
    """Wait for some batches more; how long that took."""
    before = job.figures.batches_done
    total = job.figures.batches
    aim = min(before + more, total)
    return until(lambda: job.figures.batches_done >= aim, 60, what="an answer")


def killed(stage: Stage) -> Figures:
    jobs = [_kills(stage, stage.redis, stage.size(1, 5)) for _ in range(stage.size(1, 5))]
    slowest = max(one["slowest, s"] for one in jobs)
    assert slowest < 60
    return jobs[0] | {"jobs": len(jobs), "kills": sum(one["kills"] for one in jobs),
                      "slowest, s": slowest}  # fmt: skip


def killed_without_file(stage: Stage) -> Figures:
    with running(stage.folder / "forgetful", aof=False) as redis:
        return _kills(stage, redis, stage.size(1, 5))


def unreachable(stage: Stage) -> Figures:
    weathers = {Weather.RESET: stage.size(1, 10)}
    if stage.full:
        weathers |= {Weather.SILENT: 60, Weather.SLOW: 30}
    figures: Figures = {}
    with between(stage.redis.server.port) as proxy:
        url = stage.redis.url.replace(f":{stage.redis.server.port}/", f":{proxy.port}/")
        for weather, seconds in weathers.items():
            figures[f"{weather}, s to resume"] = _through(stage, proxy, url, weather, seconds)
    assert all(seconds < 60 for seconds in figures.values())
    return figures


def _through(stage: Stage, proxy: Proxy, url: str, weather: Weather, seconds: float) -> float:
    job = stage.job(stage.size(100, 600), units=10)
    with stage.cast(job, url) as cast:
        usual(cast, seconds=0.2)
        _answered(job, 2)
        proxy.set(weather)
        time.sleep(seconds)
        proxy.set(Weather.FAIR)
        resumed = _answered(job, 1)
        done(job, 120)
        assert all(cast.end(name, 30) == 0 for name in ("one", "hub"))
    return round(resumed, 1)


def ended_meanwhile(stage: Stage) -> Figures:
    """Hub and worker are told to end while Redis is away: they do, and others go on later."""
    job = stage.job(100, units=10)
    with stage.cast(job) as cast:
        usual(cast, seconds=0.3, settings={"workers.presence:LIFE": 4})
        _answered(job, 2)
        stage.redis.kill()
        try:
            until(lambda: len(told(cast, "one", "waiting for Redis")) > 1)
            begun = time.monotonic()
            codes = [cast.end(name) for name in ("one", "hub")]
            took = time.monotonic() - begun
        finally:
            stage.redis.start()
        cast.hub("second", settings=QUICK)
        cast.worker("two")
        done(job, 60)
    assert codes == [0, 0]
    assert took < 10
    return {"both ended within, s": round(took, 1)}


def emptied(stage: Stage) -> Figures:
    job = stage.job(stage.size(150, 2_000), units=stage.size(10, 50))
    times = stage.size(1, 5)
    with stage.cast(job) as cast:
        usual(cast, seconds=0.15)
        for _ in range(times):
            _answered(job, 2)
            stage.redis.client.flushall()
        done(job, 60)
        return {"times": times, "sent again": again(cast)}


def full(stage: Stage) -> Figures:
    job = stage.job(stage.size(150, 1_000), units=10)
    client = stage.redis.client
    with stage.cast(job) as cast:
        usual(cast, seconds=0.15)
        _answered(job, 2)
        client.config_set("maxmemory", "100kb")  # less than it has: it takes nothing more
        try:
            time.sleep(stage.size(2, 20))
        finally:
            client.config_set("maxmemory", "0")
        resumed = _answered(job, 1)
        done(job, 90)
        starts = sum(part.starts for part in cast.parts.values()) - len(cast.parts)
        return {"s to resume": round(resumed, 1), "starts by the supervisor": starts,
                "sent again": again(cast)}  # fmt: skip


def lost_for_good(stage: Stage) -> Figures:
    job = stage.job(stage.size(100, 1_000), "es", "pt", units=10)
    with stage.cast(job) as cast:
        usual(cast, seconds=0.1)
        _answered(job, 6)
    with closing(sqlite3.connect(database_of(job.town))) as connection, connection:
        connection.execute("DELETE FROM segment_cache")
    open_ = job.left()
    with stage.cast(job) as cast:
        _resumed(cast)
        done(job, 60)
    return {"open at the loss": open_}


def _resumed(cast: Cast) -> None:
    usual(cast, seconds=0.02)


ROWS = [
    Row("R4", "Redis is killed and comes back with its append-only file", killed),
    Row("R4b", "Redis is killed and comes back with nothing", killed_without_file),
    Row("R5", "Redis cannot be reached: nothing hangs, the work is taken up again", unreachable),
    Row("end", "hub and worker are told to end while Redis is away: they end", ended_meanwhile),
    Row("R6", "FLUSHALL in mid-job: everything is sent again", emptied),
    Row("R7", "Redis is full: nothing is lost, and it goes on when there is room", full),
    Row("R24", "Redis' data and the segment cache are gone: the ledger and catalogs are enough",
        lost_for_good),
]  # fmt: skip
