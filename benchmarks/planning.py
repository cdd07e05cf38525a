"""How fast a job is planned, and whether memory grows with it.

Run by `make bench`, or as `python -m benchmarks.planning [--quick] [--json FILE]`. A job of
1,000,000 segments (units of two made-up sentences) is planned through the real steps into a real
ledger on disk, then one a tenth of that size; each in a process of its own. The bars: under 60
seconds, and at most 1.15 times the memory of the smaller job at the peak.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.project import begin
from benchmarks.random_package import words
from benchmarks.reporting import Benchmark
from workflow.bootstrap import open_ledger, open_project
from workflow.jobs import JobState, Request
from workflow.model import PackageRef, Route, Traits, Unit, digest_of
from workflow.steps.draft import Wanted
from workflow.steps.plan import Planning
from workflow.steps.project import Project
from workflow.steps.wanted import prepared

ROOT = Path(__file__).parents[1]
FULL, QUICK = 1_000_000, 50_000
SECONDS, GROWTH = 60.0, 1.15


class _Routes:
    """An engine that knows the way and is never asked for more."""

    def route(self, _source: str, _target: str) -> Route:
        return Route((PackageRef("en", "es", "1.0", digest_of("planning")),))

    def detour(self, _route: Route) -> Route | None:
        """There is no other."""
        return None

    def traits(self, _package: PackageRef) -> Traits:
        """Nobody probed it."""
        return Traits()


def units(count: int) -> Iterator[Unit]:
    """Units of two sentences, some with markup, no two sentences alike."""
    chance, known = random.Random(7), words(4000, seed=7)
    halves = [" ".join(chance.choices(known, k=chance.randint(3, 7))) for _ in range(997)]
    for number in range(count):
        one, two, three = (halves[(number * step) % 997] for step in (1, 3, 7))
        last = f"**{three}**" if number % 5 == 0 else three
        text = f"{one.capitalize()} {two} {number}. {two.capitalize()} {last} {number}."
        yield Unit("notices", f"item-{number // 20}", "body", text)


def planned(segments: int, folder: Path) -> dict[str, float]:
    """Plan a job of so many segments; seconds, and bytes of memory at the peak."""
    begin(folder)
    project = replace(open_project(folder), engine=_Routes())  # type: ignore[arg-type]
    ledger = open_ledger(folder)
    job = ledger.begin(Request(("es",)), project.clock.now())
    begun, used = time.monotonic(), time.process_time()
    found = Planning(project, ledger, job).units("es", _wanted(project, units(segments // 2)))
    ledger.planned(job, JobState.RUNNING)
    seconds = time.monotonic() - begun
    processor = time.process_time() - used
    (figures,) = ledger.figures(job)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "segments": found,
        "batches": figures.batches,
        "seconds": seconds,
        "processor": processor,
        "peak": peak,
        "ledger": sum(path.stat().st_size for path in (folder / "var").glob("polypress.db*")),
    }


def _wanted(project: Project, stream: Iterator[Unit]) -> Iterator[Wanted]:
    (collection,) = project.collections
    return (prepared(project, collection, unit, "es") for unit in stream)


def measure(segments: int) -> dict[str, float]:
    """Plan in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.planning", "--side", str(segments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run(segments: int, console: Console) -> dict[str, Any]:
    """Plan the small job, then the large one."""
    console.print(f"planning {segments // 10:,} and {segments:,} segments …")
    small, large = measure(segments // 10), measure(segments)
    growth = large["peak"] / small["peak"]
    return {
        "machine": platform.machine(),
        "load": os.getloadavg()[0],
        "small": small,
        "large": large,
        "growth": growth,
        "bars": {"seconds": SECONDS, "growth": GROWTH},
        "met": {"seconds": large["seconds"] < SECONDS, "growth": growth <= GROWTH},
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table(
        "segments", "batches", "seconds", "processor s", "segments/s", "peak MiB", "ledger MiB"
    )
    for side in (report["small"], report["large"]):
        pace = side["segments"] / side["seconds"]
        table.add_row(
            f"{side['segments']:,.0f}",
            f"{side['batches']:,.0f}",
            f"{side['seconds']:.1f}",
            f"{side['processor']:.1f}",
            f"{pace:,.0f}",
            f"{side['peak'] / 2**20:.0f}",
            f"{side['ledger'] / 2**20:.0f}",
        )
    console.print(table)
    console.print(f"memory grows to {report['growth']:.2f} of the smaller job's; {report['met']}")


def main() -> None:
    """The benchmark, or one side of it in this process."""
    benchmark = Benchmark(__doc__, "planning", FULL, QUICK, run, show)
    parser = benchmark.parser()
    parser.add_argument("--side", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(planned(chosen.side, Path(folder))))
    else:
        benchmark.main(chosen)


if __name__ == "__main__":
    main()
