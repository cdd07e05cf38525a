"""How fast Polypress decodes, beside argostranslate's loop and bare CTranslate2.

Run by `make bench`, or as `python -m benchmarks.decoding [--quick] [--json FILE]`. Three subjects:
one-sentence units and paragraphs of three sentences for a package of the size of Argos' own (6+6
layers, 512 wide, 32,000 pieces, int8) with random weights, its outputs forced to the source's
length on all sides (`benchmarks.forced`); and real sentences for a demo package, as it decodes
them. Beam 4 and four hypotheses on all sides; the preset `draft` beside the loop as it is. The loop
is called once for each unit, as argostranslate does. Every side runs in a process of its own, the
sides take turns, and the median of the rounds counts. Slow sides get an even sample of the same
texts by length. A run in whose time other programs took more than a tenth of the cores is done
again, as long as there is patience for that; the report says how many were taken all the same.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from benchmarks.decoding_report import figures, show, verdicts
from benchmarks.decoding_subjects import (
    LOOP,
    POLYPRESS,
    REAL,
    ROOT,
    Scale,
    Side,
    Subject,
    subjects,
)
from benchmarks.quiet import Quiet
from benchmarks.reporting import Benchmark
from workflow.adapters.argos.devices import usable_cores

FULL = Scale(sentences=192, rounds=3, loop=6, defaults=16, runs=3, patience=600)
QUICK = Scale(sentences=48, rounds=1, loop=6, defaults=16, every=False)
REQUEST = {"beam": 4, "hypotheses": 4, "forced": False, "units": False}


@dataclass(slots=True)
class Results:
    """What all rounds gave, by subject and side."""

    runs: dict[str, dict[str, list[dict[str, float]]]] = field(default_factory=dict)
    texts: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def medians(self) -> dict[str, dict[str, dict[str, float]]]:
        """The median of each figure."""
        return {
            subject: {
                side: {key: median(run[key] for run in runs) for key in runs[0]}
                for side, runs in sides.items()
            }
            for subject, sides in self.runs.items()
        }

    def identical(self, subject: str) -> float:
        """The share of texts for which Polypress and the loop say the same."""
        texts = self.texts[subject]
        (theirs, *_) = (found for side, found in texts.items() if side.startswith(LOOP))
        pairs = list(zip(texts[POLYPRESS], theirs, strict=True))
        return sum(one == other for one, other in pairs) / len(pairs)


def measure(subject: Subject, side: Side, cores: int, quiet: Quiet, results: Results) -> float:
    """Run a side once, and keep what it gave; its texts a second."""
    texts = sorted(subject.texts, key=len)[side.share // 2 :: side.share]
    request = {"folder": str(subject.folder), "texts": texts, "replicas": cores}
    request |= {"runs": subject.runs} | REQUEST | subject.settings | side.settings
    answer = quiet.run(lambda: ask(side.module, request))
    speed = len(texts) / median(answer["seconds"])
    run = {"speed": speed, "outside": 1000 * answer.get("outside", 0.0) / len(texts)}
    run["peak"] = answer.get("peak", 0)
    results.runs.setdefault(subject.name, {}).setdefault(side.name, []).append(run)
    if side.share == 1 and "texts" in answer:
        found = [one if isinstance(one, str) else one[0] for one in answer["texts"]]
        results.texts.setdefault(subject.name, {})[side.name] = found
    return speed


def ask(module: Sequence[str], request: dict[str, Any]) -> dict[str, Any]:
    """What a side answers, in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-m", *module],
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=clean,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def run(scale: Scale, console: Console) -> dict[str, Any]:
    """Make the packages, let the sides take turns, and take medians."""
    cores, load, results = usable_cores(), os.getloadavg()[0], Results()
    quiet = Quiet(scale.patience)
    with tempfile.TemporaryDirectory() as temporary:
        console.print(f"load {load:.2f}; making a package of Argos' size with random weights …")
        everything = list(subjects(Path(temporary), cores, scale))
        for number in range(scale.rounds):
            for subject in everything:
                for side in subject.sides:
                    speed = measure(subject, side, cores, quiet, results)
                    who = f"{subject.name}: {side.name}"
                    console.print(f"round {number + 1}, {who}: {speed:.1f} a second")
    found = figures(results.medians(), results.identical(REAL))
    about = {"machine": platform.machine(), "cores": cores, "load": load, "rounds": scale.rounds}
    about |= {"disturbed": quiet.disturbed, "others": round(quiet.worst, 3)}
    return {**about, **found, **verdicts(found["figures"])}


if __name__ == "__main__":
    Benchmark(__doc__, "decoding", FULL, QUICK, run, show).main()
