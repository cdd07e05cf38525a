"""How well risk finds bad segments: part of `make bench`, or `python -m benchmarks.risk [--quick]`.

The demo packages translate text that they know and text that they do not (`benchmarks.risk_sets`),
with the settings of every run; the segments are put in the order of `workflow.risk`, and it is
counted how many of the bad ones stand in the first 30 % of this order. AUC is the chance that a bad
segment stands before another one: 0.5 is an order by lot.

The weights were fitted on one half of the texts (`benchmarks.risk_weights`). What counts is `held
out`, the other half; `score only` is that half in the order of the decoder's score; `all texts` is
both halves. The signs and the form of the model were decided with both halves in view, so that
`held out` flatters a little; only the weights have not seen it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.reporting import Benchmark
from benchmarks.risk_sets import DOMAINS, OUT, PIVOT, Sample, all_samples, bad_of, of_domain
from workflow import risk

FIRST, BAR = 0.3, 0.7
HELD_OUT = 1
VIEWS = ("held out", "score only", "all texts")


@dataclass(frozen=True, slots=True)
class Scale:
    """How many segments of known text are decoded for each pair of languages."""

    known: int


FULL, QUICK = Scale(600), Scale(150)


def by_risk(one: Sample) -> float:
    """The risk as the workflow settles it, with the two digits that a catalog keeps."""
    features = risk.features_of(one.source, one.hypothesis.text, one.hypothesis)
    return round(risk.risk(features) or 0.0, 2)


def by_score(one: Sample) -> float:
    """The decoder's doubt alone."""
    return -one.hypothesis.score


def auc(bad: Sequence[bool], risks: Sequence[float]) -> float:
    """The chance that a bad one has more risk than another; a tie is half a hit."""
    ours = [risk for is_bad, risk in zip(bad, risks, strict=True) if is_bad]
    others = [risk for is_bad, risk in zip(bad, risks, strict=True) if not is_bad]
    if not ours or not others:
        return math.nan
    hits = sum((one > two) + 0.5 * (one == two) for one in ours for two in others)
    return hits / (len(ours) * len(others))


def recall(bad: Sequence[bool], risks: Sequence[float]) -> float:
    """The share of bad ones that stand in the first 30 % of the queue."""
    order = sorted(range(len(bad)), key=lambda at: -risks[at])
    first = order[: int(FIRST * len(order))]
    return sum(bad[at] for at in first) / max(1, sum(bad))


def measure(some: Sequence[Sample], order: Callable[[Sample], float]) -> dict[str, Any]:
    """One set in one order."""
    bad, risks = bad_of(some), [order(one) for one in some]
    return {
        "segments": len(some),
        "bad": sum(bad),
        "auc": round(auc(bad, risks), 3),
        "recall": round(recall(bad, risks), 3),
    }


def views(every: Sequence[Sample], domain: str) -> dict[str, Any]:
    """A domain of one pair of languages, seen in each way."""
    held_out, whole = of_domain(every, domain, HELD_OUT), of_domain(every, domain)
    return {
        "held out": measure(held_out, by_risk),
        "score only": measure(held_out, by_score),
        "all texts": measure(whole, by_risk),
    }


def run(scale: Scale, console: Console) -> dict[str, Any]:
    """Decode everything and measure each domain of each pair."""
    console.print("decoding the test texts of the demo packages …")
    found = all_samples(scale.known)
    results = {
        domain: {
            pair: views(some, domain)
            for pair, some in found.items()
            if domain == OUT or pair != str(PIVOT)
        }
        for domain in DOMAINS
    }
    means = {
        domain: round(fmean(of["held out"]["recall"] for of in pairs.values()), 3)
        for domain, pairs in results.items()
    }
    return {
        "known_segments": scale.known,
        "first": FIRST,
        "bar": BAR,
        "domains": results,
        "mean_recall_held_out": means,
        "met": {domain: mean >= BAR for domain, mean in means.items()},
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Print AUC and recall of each domain and pair."""
    table = Table("domain", "pair", "segments", "bad", title="Bad segments in the first 30 %")
    for view in VIEWS:
        table.add_column(f"{view}: AUC", justify="right")
        table.add_column("recall", justify="right")
    for domain, pairs in report["domains"].items():
        for pair, of in pairs.items():
            told = of["held out"]
            cells = [f"{of[view][key]:.2f}" for view in VIEWS for key in ("auc", "recall")]
            table.add_row(domain, pair, str(told["segments"]), str(told["bad"]), *cells)
    console.print(table)
    for domain, mean in report["mean_recall_held_out"].items():
        verdict = "met" if report["met"][domain] else "missed"
        console.print(f"{domain}: {mean:.0%} of the bad ones, bar {BAR:.0%}: {verdict}")


if __name__ == "__main__":
    Benchmark(__doc__, "risk", FULL, QUICK, run, show).main()
