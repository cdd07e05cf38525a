"""How fast the translation memory answers, exact and similar.

Run as `python -m benchmarks.memory [--quick] [--json FILE]`. A memory of 100,000 made-up sentences
(words as frequent as in a language, by Zipf's rule) is learned, then 100,000 are looked up: 70 in a
hundred stand in it, 15 differ in one word, 15 are new; what has no exact match is looked up by
likeness. The bar: 5 seconds for both passes. A run in which nothing changed is timed, too.
"""

from __future__ import annotations

import os
import platform
import random
import tempfile
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.random_package import words
from benchmarks.reporting import Benchmark
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.memory import SqliteMemory
from workflow.memory import Lesson

FULL, QUICK = 100_000, 10_000
SECONDS = 5.0
KNOWN, CHANGED = 0.70, 0.15
HERE = "notices:today#body"


class _Texts:
    """Sentences of 6 to 14 words; the same ones in every run."""

    def __init__(self) -> None:
        self.chance = random.Random(3)
        self.words = words(20_000, seed=7)
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def new(self) -> str:
        count = self.chance.randint(6, 14)
        chosen = self.chance.choices(self.words, cum_weights=self.weights, k=count)
        return " ".join(chosen).capitalize() + "."

    def changed(self, text: str) -> str:
        """The sentence with another word in one place."""
        parts = text.split()
        parts[self.chance.randrange(len(parts))] = self.chance.choice(self.words)
        return " ".join(parts)

    def asked(self, held: list[str]) -> list[tuple[str, str]]:
        """As many queries as there are sentences."""
        queries = []
        for _ in held:
            drawn, text = self.chance.random(), self.chance.choice(held)
            if drawn >= KNOWN:
                text = self.changed(text) if drawn < KNOWN + CHANGED else self.new()
            queries.append((HERE, text))
        return queries


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    begun = time.monotonic()
    found = work()
    return time.monotonic() - begun, found


def measure(count: int, folder: Path) -> dict[str, float]:
    """Learn so many sentences and look up as many."""
    texts = _Texts()
    held = [texts.new() for _ in range(count)]
    asked = texts.asked(held)
    lessons = [Lesson(f"notices:i{n // 5}#body", text, text) for n, text in enumerate(held)]
    memory = SqliteMemory(Database(folder / "polypress.db"))
    learn, _ = timed(lambda: memory.learn("es", memory.news("es", "notices", lessons)))
    memory.news("es", "notices", lessons)
    unchanged, _ = timed(lambda: memory.news("es", "notices", lessons))
    exact, matches = timed(lambda: memory.exact("es", asked))
    rest = [query for at, query in enumerate(asked) if at not in matches]
    similar, alike = timed(lambda: memory.similar("es", rest))
    return {
        "held": count,
        "asked": len(asked),
        "learn": learn,
        "unchanged": unchanged,
        "exact": exact,
        "exact_found": len(matches),
        "similar": similar,
        "similar_asked": len(rest),
        "similar_found": len(alike),
        "both": exact + similar,
        "bytes": sum(path.stat().st_size for path in folder.glob("polypress.db*")),
    }


def run(count: int, console: Console) -> dict[str, Any]:
    """One memory, one round of questions."""
    console.print(f"a memory of {count:,} sentences, and as many questions …")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(count, Path(folder))
    return {
        "machine": platform.machine(),
        "load": os.getloadavg()[0],
        "figures": figures,
        "bars": {"exact": SECONDS, "both": SECONDS},
        "met": {name: figures[name] <= SECONDS for name in ("exact", "both")},
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    found = report["figures"]
    table = Table("pass", "asked", "found", "seconds", "a second")
    for name, asked in (("exact", found["asked"]), ("similar", found["similar_asked"])):
        pace = asked / found[name]
        told = f"{found[f'{name}_found']:,}"
        table.add_row(name, f"{asked:,}", told, f"{found[name]:.2f}", f"{pace:,.0f}")
    console.print(table)
    console.print(
        f"both {found['both']:.2f} s; learned in {found['learn']:.1f} s,"
        f" unchanged in {found['unchanged']:.2f} s, {found['bytes'] / 2**20:.0f} MiB;"
        f" {report['met']}"
    )


if __name__ == "__main__":
    Benchmark(__doc__, "memory", FULL, QUICK, run, show).main()
