"""How throughput grows with workers, with an engine that takes a fixed time for each batch.

Run by `make bench`, or as `python -m benchmarks.scaling [--quick] [--json FILE]`. Real worker
processes of one thread each, a real hub and a real Redis; the engine sleeps a second a batch, so
that two cores do not hide how the queue scales (a model of Argos' size takes several). Throughput
counts from the first round of answers to the last one.
The bar: eight workers give at least 7 times what one gives.
"""

from __future__ import annotations

import os
import platform
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.queue_stage import Stage, stage, until, workers
from benchmarks.random_package import words
from benchmarks.reporting import Benchmark
from workflow.batching import LARGEST

FULL = {"counts": (1, 8), "rounds": 10, "seconds": 1.0, "repeats": 3}
QUICK = {"counts": (1, 4), "rounds": 6, "seconds": 0.8, "repeats": 1}
BAR = 7 / 8
"""Of the throughput of so many single workers."""


def throughput(folder: Path, count: int, *, rounds: int, seconds: float) -> float:
    """Batches a second that so many workers answer."""
    with stage(folder) as on, workers(on, count, seconds=seconds):
        on.write(_texts(count * rounds * LARGEST))
        job = on.plan()
        first = until(lambda: _done(on, job) >= count)
        begun = _done(on, job)
        total = on.figures(job).batches
        last = until(lambda: _done(on, job) == total)
        return (total - begun) / (last - first)


def _done(on: Stage, job: int) -> int:
    return on.figures(job).batches_done


def _texts(count: int) -> list[str]:
    known = words(1000, seed=3)
    return [f"{known[number % 1000].capitalize()} number {number}." for number in range(count)]


def run(scale: dict[str, Any], console: Console) -> dict[str, Any]:
    """Measure each number of workers, the sides taking turns."""
    found: dict[int, list[float]] = {count: [] for count in scale["counts"]}
    for number in range(scale["repeats"]):
        for count in scale["counts"]:
            with tempfile.TemporaryDirectory() as folder:
                pace = throughput(
                    Path(folder), count, rounds=scale["rounds"], seconds=scale["seconds"]
                )
            found[count].append(pace)
            console.print(f"round {number + 1}: {count} workers: {pace:.2f} batches/s")
    one, many = scale["counts"]
    gain = median(found[many]) / median(found[one])
    return {
        "machine": platform.machine(),
        "load": os.getloadavg()[0],
        "seconds_a_batch": scale["seconds"],
        "batches_per_second": {str(count): median(paces) for count, paces in found.items()},
        "workers": many,
        "gain": gain,
        "bar": BAR * many,
        "met": gain >= BAR * many,
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("workers", "batches/s", title="Throughput, a fixed time for each batch")
    for count, pace in report["batches_per_second"].items():
        table.add_row(count, f"{pace:.2f}")
    console.print(table)
    verdict = "met" if report["met"] else "missed"
    console.print(f"gain {report['gain']:.2f}, at least {report['bar']:.2f}: {verdict}")


if __name__ == "__main__":
    Benchmark(__doc__, "scaling", FULL, QUICK, run, show).main()
