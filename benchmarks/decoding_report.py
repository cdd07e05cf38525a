"""The figures of the decoding benchmark, their bars, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.decoding_subjects import (
    BARE,
    DEFAULTS,
    DRAFT,
    LOOP,
    ONE,
    PARAGRAPHS,
    POLYPRESS,
    REAL,
)

SAME_BATCHES = f"{BARE}, batches of 12"
"""As many segments as Polypress' own batches have."""
LEAST = {
    "one sentence, beside the loop's best": 3.5,
    "one sentence, beside the loop's defaults": 8.0,
    "paragraphs, beside the loop's best": 2.0,
    "demo package, beside the loop's best": 2.0,
    "demo package, identical texts": 0.995,
    "draft, beside the loop's best": 8.0,
    "beside bare ctranslate2's best": 0.92,
}
MOST = {
    "outside decoding, ms a segment": 0.5,
    "outside decoding, demo package, ms a segment": 0.5,
    "peak memory beside bare ctranslate2": 1.25,
}
TOLD = ("demo package, beside bare ctranslate2's best",)
"""Without a bar: beside a model of a few layers, the work on texts weighs as much as decoding."""
Medians = Mapping[str, Mapping[str, Mapping[str, float]]]


def figures(medians: Medians, identical: float) -> dict[str, Any]:
    """All speeds, and the figures that have a bar."""
    ours = {name: sides[POLYPRESS] for name, sides in medians.items()}
    one = medians[ONE]

    def best(subject: str, start: str) -> float:
        sides = medians[subject].items()
        return max(
            figure["speed"] for name, figure in sides if name.startswith(start) and name != DEFAULTS
        )

    def beside(subject: str) -> float:
        return ours[subject]["speed"] / best(subject, LOOP)

    values = [
        beside(ONE),
        ours[ONE]["speed"] / one[DEFAULTS]["speed"],
        beside(PARAGRAPHS),
        beside(REAL),
        identical,
        one[DRAFT]["speed"] / best(ONE, LOOP),
        ours[ONE]["speed"] / best(ONE, BARE),
        ours[ONE]["outside"],
        ours[REAL]["outside"],
        ours[ONE]["peak"] / one[SAME_BATCHES]["peak"],
        ours[REAL]["speed"] / best(REAL, BARE),
    ]
    speeds = {
        name: {side: round(figure["speed"], 2) for side, figure in sides.items()}
        for name, sides in medians.items()
    }
    peaks = {side: one[side]["peak"] for side in (POLYPRESS, SAME_BATCHES)}
    return {
        "texts_per_second": speeds,
        "peak_bytes": peaks,
        "figures": dict(zip([*LEAST, *MOST, *TOLD], values, strict=True)),
    }


def verdicts(values: Mapping[str, float]) -> dict[str, Any]:
    """The bars, and which of them are met."""
    met = {name: values[name] >= bar for name, bar in LEAST.items()}
    met |= {name: values[name] <= bar for name, bar in MOST.items()}
    return {"bars": {"at least": LEAST, "at most": MOST}, "met": met}


def told(values: Mapping[str, float]) -> list[list[str]]:
    """A row for each figure: its name, its value, and its bar; the page of operators shows them."""
    bars = {name: f"≥ {bar:g}" for name, bar in LEAST.items()}
    bars |= {name: f"≤ {bar:g}" for name, bar in MOST.items()} | dict.fromkeys(TOLD, "none")
    return [[name, f"{values[name]:.{_digits(name)}f}", bar] for name, bar in bars.items()]


def _digits(name: str) -> int:
    return 3 if "identical" in name else 2


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as tables."""
    if report["disturbed"]:
        share = f"{report['others']:.0%} of the cores"
        console.print(f"{report['disturbed']} runs were disturbed: others took up to {share}")
    for subject, sides in report["texts_per_second"].items():
        table = Table(subject, "a second")
        for side, speed in sides.items():
            table.add_row(side, f"{speed:.1f}")
        console.print(table)
    table = Table("Polypress", "figure", "bar", "")
    for name, value, bar in told(report["figures"]):
        verdict = {True: "met", False: "missed", None: ""}[report["met"].get(name)]
        table.add_row(name, value, bar, verdict)
    console.print(table)
