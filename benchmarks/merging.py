"""How long a large catalog takes to merge one changed item, against gettext's own `msgcat`.

Run by `make bench`, or as `python -m benchmarks.merging [--quick] [--json FILE]`. A catalog of
100,000 units (5,000 items of 20), a third of them approved, is brought up to date after one
sentence of one item changed: lock, read, compare with the base, merge, splice, look again, switch
and record. The peer reads and writes the same file: `msgcat -o copy.po catalog.po`. Both in turn,
the median of the rounds. The bar: at most 2.5 times as long.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.planning import units
from benchmarks.project import begin
from benchmarks.reporting import Benchmark
from workflow import catalog
from workflow.bootstrap import open_project
from workflow.model import Item, Message, Unit
from workflow.steps.project import Project

BAR = 2.5
PLACE = "es", "notices"


@dataclass(frozen=True, slots=True)
class Size:
    """How many units, in items of 20, and how often both sides run."""

    units: int
    rounds: int


FULL, QUICK = Size(100_000, 5), Size(10_000, 3)


def run(size: Size, console: Console) -> dict[str, Any]:
    """Merge and copy in turn."""
    console.print(f"a catalog of {size.units:,} units …")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        begin(root)
        items = _items(size.units)
        path = _begun(root, items)
        ours, peer = [], []
        for number in range(size.rounds):
            items = _changed(items, number)
            ours.append(_timed(lambda items=items: _merge(open_project(root), items)))  # type: ignore[misc]
            peer.append(_timed(lambda: _copy(path)))
        ratio = statistics.median(ours) / statistics.median(peer)
        return {
            "machine": platform.machine(),
            "load": os.getloadavg()[0],
            "units": size.units,
            "bytes": path.stat().st_size,
            "merge": {"seconds": ours, "median": statistics.median(ours)},
            "msgcat": {"seconds": peer, "median": statistics.median(peer)},
            "ratio": ratio,
            "bar": BAR,
            "met": ratio <= BAR,
        }


def _items(count: int) -> list[Item]:
    found: dict[str, list[Unit]] = {}
    for unit in units(count):
        found.setdefault(unit.item, []).append(unit)
    return [
        Item("notices", name, f"content/{name}.md", "", tuple(own)) for name, own in found.items()
    ]


def _begun(root: Path, items: list[Item]) -> Path:
    """The catalog with drafts and approved texts, and its base."""
    project = open_project(root)
    _merge(project, items)
    project.catalogs.update(*PLACE, lambda messages: list(map(_filled, enumerate(messages))))
    return root / "locales/es/LC_MESSAGES/notices.po"


def _filled(numbered: tuple[int, Message]) -> Message:
    number, message = numbered
    unit = Unit("notices", *(message.context or "").split("#"), message.source)
    text = message.source.swapcase()
    made = catalog.draft(unit, text, packages="en_es@1.0#00000000")
    flags = frozenset[str]() if number % 3 == 0 else made.flags
    return replace(message, translations=(text,), comments=made.comments, flags=flags)


def _changed(items: list[Item], number: int) -> list[Item]:
    """The items with one more sentence in one unit of one of them."""
    at = (number * 997) % len(items)
    first, *rest = items[at].units
    new = replace(first, source=f"{first.source} One more {number}.")
    return [*items[:at], replace(items[at], units=(new, *rest)), *items[at + 1 :]]


def _merge(project: Project, items: list[Item]) -> None:
    assert project.catalogs.update(*PLACE, lambda messages: catalog.merge(messages, items))  # noqa: S101 (nothing written would measure nothing)


def _copy(path: Path) -> None:
    command = ["msgcat", "-o", str(path.with_name("copy.po.out")), str(path)]
    subprocess.run(command, check=True)


def _timed(work: Callable[[], None]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("side", "seconds", "of msgcat")
    for side in ("merge", "msgcat"):
        median = report[side]["median"]
        table.add_row(side, f"{median:.2f}", f"{median / report['msgcat']['median']:.2f}")
    console.print(table)
    console.print(f"{report['units']:,} units, {report['bytes'] / 2**20:.0f} MiB: "
                  f"{report['ratio']:.2f}, bar {report['bar']}")  # fmt: skip


if __name__ == "__main__":
    Benchmark(__doc__, "merging", FULL, QUICK, run, show).main()
