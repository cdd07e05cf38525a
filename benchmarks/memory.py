"""How much memory a process takes that decodes four batches at a time, beside one at a time.

Run as `python -m benchmarks.memory [--quick] [--json FILE]`. The package has the size of Argos' own
(6+6 layers, 512 wide, 32,000 pieces, int8) and random weights, outputs are forced to the source's
length (`benchmarks.forced`), beam 4. Each side is a process of its own, in turns; its resident
memory is sampled from outside. The largest sample of a run counts, and of the runs the median.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.random_package import ARGOS, build, sentences
from workflow.adapters.argos.engine import usable_cores
from workflow.adapters.files import write_atomically

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "memory.json"
BAR = 1.3
SIDES = (1, 4)
EVERY = 0.02
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is decoded, as a queue's batches of `size` segments, and how often."""

    batches: int
    size: int
    runs: int


FULL = Scale(batches=8, size=32, runs=3)
QUICK = Scale(batches=4, size=16, runs=1)


@dataclass(frozen=True, slots=True)
class Resident:
    """Resident memory in bytes: the largest sample, and the one in the middle."""

    peak: int
    typical: int


def watched(
    command: Sequence[str], *, given: str = "", done: Callable[[], bool] = lambda: False
) -> Resident:
    """Run a command and sample its memory until it ends, or until `done`, which ends it.

    `given` goes to its standard input. A worker ends when it is told to: then `done` says when
    its work is. Raises CalledProcessError if the command fails.
    """
    with tempfile.TemporaryFile("w+") as handed:
        handed.write(given)
        handed.seek(0)
        running = psutil.Popen(command, stdin=handed, stdout=subprocess.DEVNULL, cwd=ROOT)
        samples = _sampled(running, done)
        told = running.poll() is None
        if told:
            running.terminate()
        code = running.wait()
    if code and not told:
        raise subprocess.CalledProcessError(code, command)
    return Resident(peak=max(samples), typical=int(median(samples)))


def _sampled(running: psutil.Popen, done: Callable[[], bool]) -> list[int]:
    """Bytes of the process and its children, every 20 ms."""
    samples = [0]
    while running.poll() is None and not done():
        samples.append(_resident(running))
        time.sleep(EVERY)
    return samples


def _resident(running: psutil.Process) -> int:
    try:
        family = [running, *running.children(recursive=True)]
        return sum(each.memory_info().rss for each in family)
    except psutil.NoSuchProcess:
        return 0


def side(threads: int, folder: Path, batches: Sequence[Sequence[str]]) -> Resident:
    """The engine with so many threads, each of which decodes batches of its own."""
    request = {"folder": str(folder), "threads": threads, "batches": batches}
    command = [sys.executable, "-m", "benchmarks.memory_side"]
    return watched(command, given=json.dumps(request))


def run(scale: Scale, console: Console) -> dict[str, Any]:
    """Build the package, let the sides take turns, and take medians."""
    texts = sentences(scale.batches * scale.size, seed=5, longest=16)
    batches = [texts[start : start + scale.size] for start in range(0, len(texts), scale.size)]
    found: dict[int, list[Resident]] = {threads: [] for threads in SIDES}
    with tempfile.TemporaryDirectory() as temporary:
        console.print("making a package of Argos' size with random weights …")
        folder = build(Path(temporary) / "package", shape=ARGOS)
        for number in range(scale.runs):
            for threads in SIDES:
                found[threads].append(side(threads, folder, batches))
                peak = found[threads][-1].peak / MIB
                console.print(f"run {number + 1}: {threads} at a time: {peak:.0f} MiB")
    about = {"machine": platform.machine(), "cores": usable_cores(), "load": os.getloadavg()[0]}
    return {**about, **asdict(scale), **summary(found)}


def summary(found: dict[int, list[Resident]]) -> dict[str, Any]:
    """Medians in MiB by how many at a time, and their ratio beside the bar."""
    peaks = {threads: median(one.peak for one in runs) / MIB for threads, runs in found.items()}
    typical = {t: median(one.typical for one in runs) / MIB for t, runs in found.items()}
    ratio = peaks[SIDES[1]] / peaks[SIDES[0]]
    return {
        "peak_mib": {str(threads): round(mib, 1) for threads, mib in peaks.items()},
        "typical_mib": {str(threads): round(mib, 1) for threads, mib in typical.items()},
        "ratio": round(ratio, 3),
        "bar": BAR,
        "met": ratio <= BAR,
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("at a time", "peak, MiB", "typical, MiB", title="Resident memory of decoding")
    for threads in map(str, SIDES):
        peak, typical = report["peak_mib"][threads], report["typical_mib"][threads]
        table.add_row(threads, f"{peak:.0f}", f"{typical:.0f}")
    console.print(table)
    verdict = "met" if report["met"] else "missed"
    console.print(f"ratio of the peaks {report['ratio']:.2f}, at most {BAR:g}: {verdict}")


def main() -> None:
    """Measure, print a table, write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short run, under a minute")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where to write the figures")
    chosen = parser.parse_args()
    console = Console()
    report = run(QUICK if chosen.quick else FULL, console)
    show(report, console)
    write_atomically(chosen.json, (json.dumps(report, indent=2) + "\n").encode())
    console.print(f"written to {chosen.json}")


if __name__ == "__main__":
    main()
