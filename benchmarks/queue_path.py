"""The queue against the local path on one machine, and a worker's memory at two concurrencies.

Run by `make bench`, or as `python -m benchmarks.queue_path [--quick] [--json FILE]`. The package
has the size of Argos' own, random weights and forced lengths (`benchmarks.forced`). The local side
is `steps.translate` with a replica for each core; the queue's is `translate --queue` to the end of
the job, with one worker process of as many threads, a hub and a Redis on the same cores. Both have
the model in memory before. The bars: 0.9 of the local path's segments a second, and 1.3 times the
memory of a worker of one thread for one of four, each set up as `polypress worker` sets it up: with
a replica for each thread, but no more than there are cores. What four replicas take is told, too.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.project import begin
from benchmarks.queue_side import REF, real_engine
from benchmarks.queue_stage import Stage, stage, until, workers
from benchmarks.random_package import ARGOS, build, sentences
from benchmarks.reporting import Benchmark
from workers.worker import resident
from workflow.adapters.argos.devices import usable_cores
from workflow.jobs import JobState
from workflow.model import DecodeParameters
from workflow.steps.ingest import ingest
from workflow.steps.translate import translate

SPEED, MEMORY = 0.9, 1.3
FULL = {"segments": 1200, "rounds": 3}
QUICK = {"segments": 240, "rounds": 1}
WARM = "Warm."


def local(folder: Path, package: str, texts: list[str]) -> float:
    """Segments a second of the local path."""
    begin(folder)
    on = Stage(folder, "")
    on.write(texts)
    engine = real_engine(package, usable_cores())
    engine.translate(REF, [WARM], DecodeParameters(), lambda _: None)
    project = on.project(engine)
    ingested = ingest(project)
    begun = time.monotonic()
    (outcome,) = translate(project, ingested)
    return outcome.decoded / (time.monotonic() - begun)


def queued(
    folder: Path, package: str, texts: list[str], threads: int, replicas: int
) -> tuple[float, int]:
    """Segments a second by the queue, and the worker's memory at its peak in bytes."""
    asked = {"folder": package, "threads": threads, "replicas": replicas}
    with stage(folder) as on, workers(on, 1, **asked) as (worker,):
        on.write([WARM])
        _finished(on, on.plan())
        on.write(texts)
        begun = time.monotonic()
        job = on.plan()
        peak = 0

        def ended() -> bool:
            nonlocal peak
            peak = max(peak, resident(worker))
            return on.figures(job).state in {JobState.DONE, JobState.PARTIAL}

        seconds = until(ended, seconds=600, pause=0.2) - begun
        return on.figures(job).segments_done / seconds, peak


def _finished(on: Stage, job: int) -> None:
    until(lambda: on.figures(job).state in {JobState.DONE, JobState.PARTIAL}, pause=0.1)


def run(scale: dict[str, Any], console: Console) -> dict[str, Any]:
    """Let the sides take turns; medians."""
    texts = list(dict.fromkeys(sentences(scale["segments"], seed=9, longest=16)))
    cores = usable_cores()
    locally: list[float] = []
    by_queue: list[float] = []
    sizes = {"1": (1, 1), "4": (4, min(4, cores)), "4 replicas": (4, 4)}
    memory: dict[str, list[int]] = {name: [] for name in sizes}
    with tempfile.TemporaryDirectory() as temporary:
        console.print("making a package of Argos' size with random weights …")
        package = str(build(Path(temporary) / "package", shape=ARGOS))
        for number in range(scale["rounds"]):
            here = Path(temporary) / str(number)
            locally.append(local(here / "local", package, texts))
            pace, _ = queued(here / "queue", package, texts, cores, cores)
            by_queue.append(pace)
            part = texts[: len(texts) // 3]
            for name, size in sizes.items():
                memory[name].append(queued(here / f"memory-{name}", package, part, *size)[1])
            console.print(f"round {number + 1}: local {locally[-1]:.1f}, queue {pace:.1f}")
    return _report(scale, locally, by_queue, memory)


def _report(
    scale: dict[str, Any], locally: list[float], by_queue: list[float], memory: dict[str, list[int]]
) -> dict[str, Any]:
    peaks = {name: median(found) for name, found in memory.items()}
    speed, growth = median(by_queue) / median(locally), peaks["4"] / peaks["1"]
    return {
        "machine": platform.machine(),
        "cores": usable_cores(),
        "load": os.getloadavg()[0],
        "segments": scale["segments"],
        "rounds": scale["rounds"],
        "segments_per_second": {"local": median(locally), "queue": median(by_queue)},
        "resident_bytes": peaks,
        "ratios": {"speed": speed, "memory": growth},
        "bars": {"speed": SPEED, "memory": MEMORY},
        "met": {"speed": speed >= SPEED, "memory": growth <= MEMORY},
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("", "figure", "ratio", "bar", "")
    paces, peaks = report["segments_per_second"], report["resident_bytes"]
    ratios, bars, met = report["ratios"], report["bars"], report["met"]
    told = {True: "met", False: "missed"}
    table.add_row("local path, segments/s", f"{paces['local']:.1f}", "", "", "")
    table.add_row(
        "queue, segments/s",
        f"{paces['queue']:.1f}",
        f"{ratios['speed']:.2f}",
        f"≥ {bars['speed']}",
        told[met["speed"]],
    )
    table.add_row("worker, 1 thread, MiB", f"{peaks['1'] / 2**20:.0f}", "", "", "")
    table.add_row(
        "worker, 4 threads, MiB",
        f"{peaks['4'] / 2**20:.0f}",
        f"{ratios['memory']:.2f}",
        f"≤ {bars['memory']}",
        told[met["memory"]],
    )
    most = peaks["4 replicas"]
    ratio = f"{most / peaks['1']:.2f}"
    table.add_row("the same with 4 replicas, MiB", f"{most / 2**20:.0f}", ratio, "", "")
    console.print(table)


if __name__ == "__main__":
    Benchmark(__doc__, "queue_path", FULL, QUICK, run, show).main()
