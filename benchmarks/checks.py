"""How fast all checks judge a catalog.

Run by `make bench`, or as `python -m benchmarks.checks [--quick] [--json FILE]`. Units of a made-up
language, plain ones and such with numbers, names, markup, placeholders and terms, are judged by
all checks, each text with its own markup read from Markdown. The bar: 10,000 units in 10 seconds.
"""

from __future__ import annotations

import os
import platform
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.random_package import words
from benchmarks.reporting import Benchmark
from workflow.adapters.markdown import MarkdownFormat
from workflow.checks import Subject, findings
from workflow.glossary import Glossary, Term

FULL, QUICK = 10_000, 1_000
SECONDS = 10.0
LOCALES = ("es", "ar", "zh-Hans", "de")
DRESSED = (
    "Call **{0}** at 9:00.",
    "See [{0}](https://city.example/{1}).",
    "%s: {0} {1}",
    "{0} 1,500",
)


def subjects(count: int) -> Iterator[Subject]:
    """Translations of two sentences, three in five of them with something to compare."""
    chance, known = random.Random(11), words(4000, seed=11)
    terms = Glossary(tuple(Term(word, "*", word, match_case=False) for word in known[:50]))
    markup = MarkdownFormat().markup
    for number in range(count):
        locale = LOCALES[number % len(LOCALES)]
        source, target = (" ".join(chance.choices(known, k=18)).capitalize() for _ in range(2))
        dress = DRESSED[number % 5] if number % 5 < len(DRESSED) else ""
        extra = dress.format(known[number % 997], known[number % 991]) if dress else ""
        texts = [f"{text} on Monday. {extra}".strip() for text in (source, target)]
        marks = [markup(text) for text in texts]
        yield Subject(*texts, "en", locale, *marks, terms=terms.for_locale(locale))


def run(count: int, console: Console) -> dict[str, Any]:
    """Judge so many units; the time is that of the checks alone."""
    console.print(f"judging {count:,} units …")
    made = list(subjects(count))
    findings(made[0])
    begun, used = time.monotonic(), time.process_time()
    told = Counter(one.check for subject in made for one in findings(subject))
    seconds, processor = time.monotonic() - begun, time.process_time() - used
    return {
        "machine": platform.machine(),
        "load": os.getloadavg()[0],
        "units": count,
        "seconds": seconds,
        "processor": processor,
        "findings": dict(told),
        "bars": {"seconds": SECONDS},
        "met": {"seconds": seconds * FULL / count <= SECONDS},
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report as a table."""
    table = Table("units", "seconds", "processor s", "units/s", "findings")
    table.add_row(
        f"{report['units']:,}",
        f"{report['seconds']:.2f}",
        f"{report['processor']:.2f}",
        f"{report['units'] / report['seconds']:,.0f}",
        f"{sum(report['findings'].values()):,}",
    )
    console.print(table)
    console.print(f"{report['met']}")


BENCHMARK = Benchmark(__doc__, "checks", FULL, QUICK, run, show)

if __name__ == "__main__":
    BENCHMARK.main()
