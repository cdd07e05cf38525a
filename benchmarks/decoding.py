"""How fast Polypress decodes, beside argostranslate's loop and bare CTranslate2.

Run by `make bench`, or as `python -m benchmarks.decoding [--quick] [--json FILE]`. The package has
the size of Argos' own (6+6 layers, 512 wide, 32,000 pieces, int8) and random weights; outputs are
forced to the source's length on all sides (`benchmarks.forced`); beam 4 and one hypothesis on all
sides. Every side runs in a process of its own, the sides take turns, and the median of the rounds
counts. The slow sides get an even sample of the same segments by length.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.random_package import ARGOS, build, sentences
from benchmarks.reporting import Benchmark
from workflow.adapters.argos.devices import usable_cores

ROOT = Path(__file__).parents[1]
POLYPRESS, DEFAULTS = "Polypress", "argostranslate's loop, its defaults"
BARS = {"best loop": 2.5, "default loop": 6.0, "bare ctranslate2": 0.9}


@dataclass(frozen=True, slots=True)
class Side:
    """One program with its settings; `share` says that it decodes every `share`-th segment."""

    name: str
    module: tuple[str, ...]
    settings: dict[str, Any]
    share: int = 1


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: segments, rounds, and the shares of the two slow kinds of side."""

    segments: int
    rounds: int
    loop: int
    defaults: int


FULL = Scale(segments=256, rounds=3, loop=6, defaults=16)
QUICK = Scale(segments=96, rounds=1, loop=8, defaults=24)


def sides(cores: int, scale: Scale) -> list[Side]:
    """Polypress, bare CTranslate2 in several batch sizes, the loop in several thread settings."""
    peer, ours = ("benchmarks.argos_peer",), "benchmarks.decoding_sides"
    bare = [
        Side(f"bare ctranslate2, batches of {size}", (ours, "bare"), {"batch": size})
        for size in (4, 8, 16)
    ]
    threads = sorted({(1, 1), (1, cores), (cores, 1)})
    loops = [
        Side(f"argostranslate's loop, inter {inter}, intra {intra}", peer, settings, scale.loop)
        for inter, intra in threads
        for settings in [{"replicas": inter, "threads": intra}]
    ]
    defaults = Side(DEFAULTS, peer, {"replicas": None, "threads": None}, scale.defaults)
    return [Side(POLYPRESS, (ours, "polypress"), {}), *bare, *loops, defaults]


def measure(side: Side, folder: Path, texts: list[str], cores: int) -> dict[str, float]:
    """Run a side once; segments a second, and milliseconds outside decoding where it says so."""
    sample = sorted(texts, key=len)[side.share // 2 :: side.share]
    request = {"folder": str(folder), "texts": sample, "replicas": cores, "hypotheses": 1}
    request |= {"forced": True, **side.settings}
    clean = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-m", *side.module],
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=clean,
        check=True,
    )
    answer = json.loads(done.stdout)
    seconds = answer["seconds"]
    speed = len(sample) / (median(seconds) if isinstance(seconds, list) else seconds)
    return {"speed": speed, "outside": 1000 * answer.get("outside", 0.0) / len(sample)}


def summary(results: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The ratios that have a bar, and the time outside decoding."""
    speeds = {name: result["speed"] for name, result in results.items()}
    ours = speeds[POLYPRESS]

    def best(start: str) -> float:
        return max(speed for name, speed in speeds.items() if name.startswith(start))

    ratios = {
        "best loop": ours / best("argostranslate's loop, inter"),
        "default loop": ours / speeds[DEFAULTS],
        "bare ctranslate2": ours / best("bare"),
    }
    return {
        "segments_per_second": speeds,
        "ratios": ratios,
        "bars": BARS,
        "met": {name: ratio >= BARS[name] for name, ratio in ratios.items()},
        "outside_decoding_ms_per_segment": results[POLYPRESS]["outside"],
    }


def run(scale: Scale, console: Console) -> dict[str, Any]:
    """Build the package, let the sides take turns, and take medians."""
    cores = usable_cores()
    texts = sentences(scale.segments, seed=5, longest=16)
    runs: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        console.print("making a package of Argos' size with random weights …")
        folder = build(Path(temporary) / "package", shape=ARGOS)
        for number in range(scale.rounds):
            for side in sides(cores, scale):
                result = measure(side, folder, texts, cores)
                runs.setdefault(side.name, []).append(result)
                console.print(f"round {number + 1}: {side.name}: {result['speed']:.1f} segments/s")
    keys = ("speed", "outside")
    medians = {name: {key: median(r[key] for r in of) for key in keys} for name, of in runs.items()}
    about = {"machine": platform.machine(), "cores": cores, "load": os.getloadavg()[0]}
    return {**about, "segments": scale.segments, "rounds": scale.rounds, **summary(medians)}


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as tables."""
    table = Table("side", "segments/s", title="Decoding, beam 4, one hypothesis")
    for name, speed in report["segments_per_second"].items():
        table.add_row(name, f"{speed:.1f}")
    console.print(table)
    table = Table("Polypress beside", "ratio", "at least", "")
    for name, ratio in report["ratios"].items():
        verdict = "met" if report["met"][name] else "missed"
        table.add_row(name, f"{ratio:.2f}", f"{BARS[name]:g}", verdict)
    console.print(table)
    outside = report["outside_decoding_ms_per_segment"]
    console.print(f"outside decoding: {outside:.2f} ms a segment")


if __name__ == "__main__":
    Benchmark(__doc__, "decoding", FULL, QUICK, run, show).main()
