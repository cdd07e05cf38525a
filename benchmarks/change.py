"""What one changed sentence costs, in a project and in one with ten times the items.

Run by `make bench`, or as `python -m benchmarks.change [--quick] [--json FILE]`. Two projects with
three locales (Portuguese goes through Spanish): 1,000 items in 4 collections, and ten times as many
items in ten times as many collections. Both are filled once, by an engine that answers at once.
Then, round by round, one sentence of one item changes in each, and `polypress translate` runs as a
whole process with the packages of `packages/`. It decodes that sentence, once for each package,
and takes at most 1.5 times as long in the large project as in the small one, by the medians of the
rounds. Runs with nothing changed are timed beside it.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.reporting import Benchmark
from workflow.bootstrap import open_models, open_project
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Route, Traits
from workflow.ports import Engine, Hypotheses
from workflow.steps.ingest import ingest
from workflow.steps.translate import translate
from workflow.steps.unchanged import surveyed

BAR = 1.5
LOCALES = ("es", "ar", "pt")
HERE = Path(__file__).resolve().parent.parent
SETTINGS = """\
[project]
name = "Stage"
source = "en"
locales = ["es", "ar", "pt"]
"""
COLLECTION = """
[collections.{0}]
path = "content/{0}"
format = "markdown"
fields = ["title", "body"]
"""
NOTICE = """\
---
title: The library is closed
---

The library will be closed on {day}. It will reopen on {next} at {hour}.

The reading room stays open. {last}
"""
LAST = "Please bring your library card."
CHANGED = (
    "Please bring your identity card.",
    "Please come by bus.",
    "Please use the side entrance.",
    "Please call us first.",
    "Entry is free.",
)
"""What that sentence becomes, in one item in each round."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "March", "May", "June", "October", "November")


@dataclass(frozen=True, slots=True)
class Size:
    """Items of a collection, collections of the small project, and how often both run."""

    items: int
    collections: int
    rounds: int


FULL, QUICK = Size(250, 4, 5), Size(20, 2, 2)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """The routes of an engine, with answers that take no time."""

    engine: Engine

    def route(self, source: str, target: str) -> Route:
        """The route of the packages that are there."""
        return self.engine.route(source, target)

    def detour(self, route: Route) -> Route | None:
        """The same."""
        return self.engine.detour(route)

    def traits(self, package: PackageRef) -> Traits:
        """The same."""
        return self.engine.traits(package)

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        _parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        """The text itself, with the language before it."""
        progress(len(segments))
        return [(Hypothesis(f"{package.target}: {text}"),) for text in segments]


@dataclass(frozen=True, slots=True)
class Stage:
    """A project and its items, `count` collections of `items` each."""

    root: Path
    count: int
    items: int

    def begin(self) -> None:
        """Write settings and content, and install the packages."""
        names = [f"notices-{number}" for number in range(self.count)]
        for at, name in enumerate(names):
            (self.root / "content" / name).mkdir(parents=True)
            for item in range(self.items):
                self.write(at, item)
        tables = "".join(COLLECTION.format(name) for name in names)
        (self.root / "polypress.toml").write_text(SETTINGS + tables, "utf-8")
        for outcome in open_models(self.root).install([str(HERE / "packages")]):
            assert outcome.package, outcome  # noqa: S101 (without it nothing is measured)

    def write(self, collection: int, item: int, *, last: str = LAST) -> None:
        """One item, with its last sentence."""
        number = collection * self.items + item
        text = NOTICE.format(
            day=_day(number), next=_day(number + 1), hour=f"{8 + number % 10}:00", last=last
        )
        path = self.root / "content" / f"notices-{collection}" / f"n{item}.md"
        path.write_text(text, "utf-8")

    def fill(self) -> None:
        """Give every unit a draft, as the first run does."""
        project = open_project(self.root)
        project = replace(project, engine=AtOnce(project.engine))
        survey = surveyed(project, LOCALES)
        ingested = ingest(project, unchanged=survey.unchanged)
        outcomes = translate(project, ingested, note=survey.note)
        assert not any(one.failures or one.withheld for one in outcomes)  # noqa: S101
        survey.keep(ingested.contents)

    def run(self) -> tuple[float, dict[str, int]]:
        """Seconds of a whole process, and the segments that it decoded for each locale."""
        command = [sys.executable, "-m", "workers.main", "-p", str(self.root), "translate"]
        begun = time.monotonic()
        done = subprocess.run([*command, "--json"], check=True, capture_output=True, cwd=HERE)
        seconds = time.monotonic() - begun
        told = json.loads(done.stdout)
        assert told["ingested"]["items"] == self.count * self.items  # noqa: S101
        return seconds, {one["locale"]: one["decoded"] for one in told["locales"]}


def _day(number: int) -> str:
    """A weekday with a date: after as many as there are items they begin anew."""
    month = MONTHS[number // 196 % len(MONTHS)]
    return f"{DAYS[number % 7]} {1 + number // 7 % 28} {month}"


def run(size: Size, console: Console) -> dict[str, Any]:
    """Fill both projects, then change and run in turn."""
    with tempfile.TemporaryDirectory() as folder:
        stages = {
            name: Stage(Path(folder, name), size.collections * times, size.items)
            for name, times in (("small", 1), ("large", 10))
        }
        for name, stage in stages.items():
            console.print(f"{name}: {stage.count * stage.items:,} items are filled …")
            stage.root.mkdir()
            stage.begin()
            stage.fill()
        console.print("one sentence changes …")
        rounds = [
            {name: _round(stage, number) for name, stage in stages.items()}
            for number in range(size.rounds)
        ]
    return _report(size, rounds)


def _round(stage: Stage, number: int) -> dict[str, Any]:
    """A run after one sentence has changed, and one with nothing changed."""
    stage.write(number % stage.count, 7 * number % stage.items, last=CHANGED[number])
    seconds, decoded = stage.run()
    unchanged, nothing = stage.run()
    assert not any(nothing.values()), nothing  # noqa: S101 (a run that is not what it should be)
    return {"seconds": seconds, "decoded": decoded, "unchanged": unchanged}


def _report(size: Size, rounds: Sequence[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    report: dict[str, Any] = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "locales": len(LOCALES),
    }
    for name, times in (("small", 1), ("large", 10)):
        own = [one[name] for one in rounds]
        seconds, unchanged = ([one[key] for one in own] for key in ("seconds", "unchanged"))
        report[name] = {
            "items": size.items * size.collections * times,
            "collections": size.collections * times,
            "seconds": seconds,
            "median": statistics.median(seconds),
            "decoded": [one["decoded"] for one in own],
            "unchanged": {"seconds": unchanged, "median": statistics.median(unchanged)},
        }
    ratio = report["large"]["median"] / report["small"]["median"]
    exact = all(
        one["decoded"] == dict.fromkeys(LOCALES, 1) for each in rounds for one in each.values()
    )
    return report | {"ratio": ratio, "bar": BAR, "exact": exact, "met": exact and ratio <= BAR}


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("items", "collections", "one sentence changed (s)", "nothing changed (s)")
    for name in ("small", "large"):
        own = report[name]
        table.add_row(
            f"{own['items']:,}", str(own["collections"]), f"{own['median']:.2f}",
            f"{own['unchanged']['median']:.2f}",
        )  # fmt: skip
    console.print(table)
    decoded = report["large"]["decoded"][-1]
    told = ", ".join(f"{locale} {number}" for locale, number in decoded.items())
    console.print(f"segments decoded: {told}{'' if report['exact'] else ' (not as it should be)'}")
    console.print(f"ratio {report['ratio']:.2f}, bar {report['bar']}")


if __name__ == "__main__":
    Benchmark(__doc__, "change", FULL, QUICK, run, show).main()
