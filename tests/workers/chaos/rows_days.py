"""Bad days: wrong clocks, second hubs, wrong passwords, missing packages, full disks, locks."""

from __future__ import annotations

import resource
import time

from tests.workers.chaos.cast import Cast
from tests.workers.chaos.job import Job
from tests.workers.chaos.stage import QUICK, Figures, Row, Stage, again, done, told, until, usual
from workers import celeryapp
from workers.messages import HUB
from workflow.adapters.files import locked
from workflow.adapters.pofile import places
from workflow.jobs import JobState


def wrong_clock(stage: Stage) -> Figures:
    """The clock of all parts jumps an hour ahead, then two back."""
    job = stage.job(stage.size(150, 1_000), units=10)
    clock = stage.folder / "clock"
    clock.write_text("0")
    with stage.cast(job) as cast:
        cast.hub(settings=QUICK, clock=str(clock))
        cast.worker(engine={"seconds": 0.2}, clock=str(clock))
        for jump in (3600, -3600):
            _more(job, 3)
            clock.write_text(str(jump))
        done(job, 60)
        sent = again(cast)
        runs = len(told(cast, "one", "batch decoded"))
        starts = [part.starts for part in cast.parts.values()]
    assert starts == [1, 1]
    assert sum(sent.values()) <= job.figures.batches // 3
    assert runs <= job.figures.batches * 4 // 3
    return {"batches": job.figures.batches, "decoded": runs, "sent again": sent}


def _more(job: Job, batches: int) -> None:
    aim = job.figures.batches_done + batches
    until(lambda: job.figures.batches_done >= min(aim, job.figures.batches), 30)


def two_hubs(stage: Stage) -> Figures:
    """A second hub of the project, and one of another project on the same Redis."""
    job, other = stage.job(60), stage.town(5)
    with stage.cast(job) as cast:
        usual(cast, seconds=0.2)
        until(lambda: told(cast, "hub", "batch sent"))
        second = cast.hub("second", kept=False)
        foreign = cast.hub("foreign", kept=False, root=str(other.root))
        codes = [stage.nursery.wait(part.pid) for part in (second, foreign)]
        texts = [part.log.read_text() for part in (second, foreign)]
        done(job)
    assert codes == [4, 4]
    assert "lock" in texts[0]
    assert "another hub serves this Redis" in texts[1]
    return {"exit code": codes[0]}


def wrong_password(stage: Stage) -> Figures:
    job = stage.job(5)
    url = stage.redis.url.replace(stage.redis.server.password, "wrong")
    with stage.cast(job) as cast:
        parts = [cast.hub(kept=False, url=url), cast.worker(kept=False, url=url)]
        codes = [stage.nursery.wait(part.pid, 20) for part in parts]
        texts = [part.log.read_text() for part in parts]
    assert codes == [5, 5]
    assert all("refuses this user or password" in text for text in texts)
    return {"exit code": codes[0]}


def missing_package(stage: Stage) -> Figures:
    """A worker has no package, one has another version: the job waits until the right one comes."""
    job = stage.job(60)
    with stage.cast(job) as cast:
        usual(cast, "none", pairs=["en_ar"])
        cast.worker("other", engine={"version": "2.0"})
        until(lambda: told(cast, "hub", "batch sent"))
        time.sleep(1)
        assert job.figures.batches_done == 0
        assert job.figures.state is JobState.RUNNING
        cast.worker("right", engine={})
        done(job)
        assert not told(cast, "other", "batch decoded")
        return {"starts": sum(part.starts for part in cast.parts.values())}


def broken_package(stage: Stage) -> Figures:
    """A worker finds its package damaged when it uses it: it leaves the batches to others."""
    job = stage.job(60)
    quick = {**QUICK, "workflow.steps.dispatch:REFUSED_FOR": 0.5}
    with stage.cast(job) as cast:
        cast.hub(settings=quick)
        cast.worker("broken", engine={"damaged": True}, settings={"workers.worker:EVERY": 0.2})
        until(lambda: told(cast, "broken", "batch left"))
        until(lambda: any("damaged" in note for note in job.figures.notes))
        cast.worker("right", engine={})
        done(job)
        return {"left": len(told(cast, "broken", "batch left"))}


def full_disk(stage: Stage) -> Figures:
    """The hub's disk is full for a while: answers wait, and are kept once there is room.

    Its log cannot be written then, either, and so tells nothing here.
    """
    job = stage.job(stage.size(150, 1_000), units=10)
    with stage.cast(job) as cast:
        usual(cast, seconds=0.1)
        _more(job, 2)
        pid = cast.parts["hub"].pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        waiting = celeryapp.lists_of(HUB)[1]
        until(lambda: stage.redis.client.llen(waiting) > 2, 20)
        held = job.figures.batches_done
        time.sleep(stage.size(1, 20))
        assert (job.figures.batches_done, job.figures.state) == (held, JobState.RUNNING)
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
        done(job, 60)
        assert cast.parts["hub"].starts == 1
        return {"answered before and after": (held, job.figures.batches - held),
                "sent again": again(cast)}  # fmt: skip


def locked_catalog(stage: Stage) -> Figures:
    """Somebody holds one catalog's lock: the others go on, and it follows when it is free."""
    job = stage.job(60, "es", "ar")
    root = job.town.root
    with stage.cast(job) as cast:
        with locked(places.lock_path(root, "es", "notices")):
            usual(cast, seconds=0.02)
            until(lambda: any("lock" in note for note in job.figures.notes))
            until(lambda: job.figures.units_done > job.figures.units / 2)
            assert job.figures.state is JobState.RUNNING
        done(job)
        return {"waited": len(told(cast, "hub", "a catalog waits")) > 0}


def broken_catalog(stage: Stage) -> Figures:
    """Somebody saves a catalog that is none: its chunks say so, and go on once it is mended."""
    job = stage.job(60, "es", "ar")
    path = job.town.catalog("es", "notices")
    sound = path.read_bytes()
    path.write_bytes(b'msgid "no end\n')
    with stage.cast(job) as cast:
        usual(cast, seconds=0.02)
        until(lambda: job.figures.notes)
        until(lambda: job.figures.units_done > job.figures.units / 2)
        path.write_bytes(sound)
        done(job)
    return {}


def down_at_start(stage: Stage) -> Figures:
    """Hub and worker start before Redis does."""
    job = stage.job(60)
    stage.redis.kill()
    try:
        with stage.cast(job) as cast:
            usual(cast, seconds=0.02)
            _waiting_both(cast)
            stage.redis.start()
            back = time.monotonic()
            done(job, 60)
            took = time.monotonic() - back
            assert [part.starts for part in cast.parts.values()] == [1, 1]
    finally:
        stage.redis.restart()
    return {"s to the end": round(took, 1)}


def _waiting_both(cast: Cast) -> None:
    for name in ("hub", "one"):
        until(lambda name=name: told(cast, name, "waiting for Redis"))


ROWS = [
    Row("R18", "the clock jumps an hour ahead and back: nothing is sent in masses", wrong_clock),
    Row("hubs", "a second hub refuses with exit code 4", two_hubs),
    Row("password", "a wrong password ends hub and worker with exit code 5", wrong_password),
    Row("package", "no worker has the exact package: the job waits for one", missing_package),
    Row("damaged", "a worker's package is damaged: it leaves the batches to others",
        broken_package),
    Row("disk", "the hub's disk is full: answers wait, none is lost", full_disk),
    Row("lock", "a catalog is locked: the others go on, and it follows", locked_catalog),
    Row("catalog", "a catalog is broken: the others go on, it follows once mended",
        broken_catalog),
    Row("start", "Redis is down when hub and worker start", down_at_start),
]  # fmt: skip
