"""Rows that take a real package, or a long job."""

from __future__ import annotations

import dataclasses
import os
import statistics
from pathlib import Path
from threading import Event
from typing import Any

from tests.e2e.places import PACKAGES
from tests.workers.chaos import job as jobs
from tests.workers.chaos.cast import Cast
from tests.workers.chaos.stage import QUICK, Figures, Row, Stage, again, until, usual
from tests.workers.chaos.storm import threads
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.models import Models
from workflow.adapters.argos.store import ArgosStore
from workflow.jobs import JobState

PAIR = "translate-en_es-1_0.argosmodel"
MANY = ("en_es", "en_ar", "en_fr", "en_de", "en_it", "en_nl", "en_pl", "es_pt")
LOCALES = ("es", "ar", "fr", "de", "it", "nl", "pl", "pt")


def real_package(stage: Stage) -> Figures:
    """Many restarts of a worker with a package of ctranslate2: it never hangs."""
    folder = stage.folder / "packages"
    assert all(one.package for one in Models(ArgosStore(folder)).install([str(PACKAGES / PAIR)]))
    town = stage.town(stage.size(80, 2_000))
    project = dataclasses.replace(town.project, engine=ArgosEngine(ArgosStore(folder)))
    job = jobs.plan(dataclasses.replace(town, project=project), units=4)
    restarts, slowest = 0, 0.0
    with stage.cast(job) as cast:
        cast.hub(settings=QUICK, packages=str(folder))
        cast.worker(packages=str(folder))
        while restarts < stage.size(3, 60) and job.figures.state is JobState.RUNNING:
            slowest = max(slowest, _answer(job))
            restarts += cast.kill("one")
        figures = job.finish(120)
        assert figures.state is JobState.DONE, figures
        assert not job.left()
        assert slowest < 20
        return {"restarts": restarts, "slowest to the next answer, s": round(slowest, 1),
                "sent again": again(cast)}  # fmt: skip


def _answer(job: jobs.Job) -> float:
    aim = min(job.figures.batches_done + 1, job.figures.batches)
    return until(lambda: job.figures.batches_done >= aim, 30, what="an answer")


def memory(stage: Stage) -> Figures:
    """The memory of hub and worker over a long job in eight languages."""
    job = stage.job(stage.size(100, 5_000), *LOCALES, units=100)
    sizes: dict[str, list[int]] = {"hub": [], "one": []}
    with stage.cast(job) as cast:
        usual(cast, pairs=MANY, seconds=0.01)
        stopped, beside = threads(lambda stop: _measure(cast, sizes, stop))
        figures = job.finish(500)
        stopped.set()
        beside[0].join(5)
        count = len(list(Path(f"/proc/{cast.parts['one'].pid}/task").iterdir()))
        assert figures.state is JobState.DONE
    told = {f"{name}, MiB": _growth(rows) for name, rows in sizes.items()}
    assert all(last - first < 40 for first, last in told.values())
    return {"segments": figures.segments, "threads": count, **told}


def _measure(cast: Cast, sizes: dict[str, list[int]], stop: Event) -> None:
    while not stop.wait(0.2):
        for name, rows in sizes.items():
            pages = Path(f"/proc/{cast.parts[name].pid}/statm").read_text("ascii").split()[1]
            rows.append(int(pages) * os.sysconf("SC_PAGE_SIZE"))


def _growth(rows: list[int]) -> tuple[float, float]:
    """The median in the second quarter of the time, and in the last."""
    quarter = max(1, len(rows) // 4)
    parts: tuple[Any, Any] = rows[quarter : 2 * quarter] or rows, rows[-quarter:]
    first, last = (round(statistics.median(part) / 2**20, 1) for part in parts)
    return first, last


ROWS = [
    Row("R20", "a worker with a real package is killed and started many times", real_package),
    Row("R21", "memory does not grow over a long job in eight languages", memory, small=False),
]
