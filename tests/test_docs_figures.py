"""The figures in the pages are those of the last `make bench` and `make chaos`."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import publishing, serving
from benchmarks.decoding_report import told
from tests.documentation import DOCS, ROOT, rows, section
from tests.simulation.table import TOLD
from workflow.steps.settle import Rung


def result(name: str) -> dict[str, Any]:
    path = ROOT / "benchmarks" / "results" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def figures() -> list[str]:
    scaling, planning, path = (result(name) for name in ("scaling", "planning", "queue_path"))
    resident = {name: size / 2**20 for name, size in path["resident_bytes"].items()}
    ratio = path["ratios"]
    many = resident["4 replicas"] / resident["1"]
    return [
        f"{scaling['gain']:.2f}",
        f"{planning['large']['seconds']:.0f} s",
        f"{planning['growth']:.2f}",
        f"{ratio['speed']:.2f}",
        f"{ratio['memory']:.2f} ({resident['1']:.0f} and {resident['4']:.0f} MiB)",
        f"{many:.2f} ({resident['4 replicas']:.0f} MiB)",
    ]


def test_the_page_of_the_queue_shows_the_figures_of_the_last_run() -> None:
    table = rows(section(DOCS / "queue.md", "## How fast, how large"))
    assert [row[1] for row in table] == figures()


def test_the_page_of_operators_shows_the_figures_of_the_last_run() -> None:
    table = rows(section(DOCS / "operators.md", "### How fast"))
    assert list(table) == told(result("decoding")["figures"])


def test_the_page_of_review_shows_the_figures_of_the_last_run() -> None:
    told = [
        [
            domain,
            pair,
            str(of["held out"]["segments"]),
            str(of["held out"]["bad"]),
            *(
                cell
                for view in ("held out", "score only", "all texts")
                for cell in (f"{of[view]['auc']:.2f}", f"{of[view]['recall']:.0%}")
            ),
        ]
        for domain, pairs in result("risk")["domains"].items()
        for pair, of in pairs.items()
    ]
    assert list(rows(section(DOCS / "review.md", "### How well it works"))) == told


def test_the_page_of_the_architecture_shows_what_a_change_cost_in_the_last_run() -> None:
    report = result("change")
    told = [
        [
            f"{own['items']:,}",
            str(own["collections"]),
            f"{own['median']:.2f} s",
            f"{own['unchanged']['median']:.2f} s",
        ]
        for own in (report["small"], report["large"])
    ]
    assert list(rows(section(DOCS / "architecture.md", "## What a change costs"))) == told
    assert report["met"]


def test_the_page_of_faults_shows_the_figures_of_the_last_mangling() -> None:
    run = result("mangling")
    told = {
        "strings, in all six locales": run["strings"],
        "manglings of answers": sum(run["manglings"].values()),
        "texts in catalogs": run["texts"],
        "mismatches": run["mismatches"],
        "units withheld": run["withheld"],
        **{f"segments: {name}": count for name, count in run["rungs"].items()},
        **{f"units withheld: `{name}`": count for name, count in run["reasons"].items()},
    }
    table = rows(section(DOCS / "faults.md", "## What an engine does to texts"))
    assert list(table) == [[name, f"{count:,}"] for name, count in told.items()]
    assert run["mismatches"] == 0


def test_the_page_of_merging_shows_the_figures_of_the_last_run() -> None:
    ways = result("review")["ways"]
    told = [[name, *(f"{way['figures'].get(name, 0):,}" for way in ways.values())] for name in TOLD]
    assert list(rows(section(DOCS / "merging.md", "## Tried, and what others lose"))) == told


def test_the_page_of_merging_shows_the_fault_rows_of_the_last_run() -> None:
    told = [
        [row["id"], row["title"], "; ".join(f"{name} {n:,}" for name, n in row["figures"].items())]
        for row in result("review")["rows"]
    ]
    assert list(rows(section(DOCS / "merging.md", "## Fault rows"))) == told


def _kept(name: str, ours: dict[str, int], bare: dict[str, int], locales: int) -> list[str]:
    settled = ours["texts"] - ours["withheld"]
    return [
        name,
        f"{ours['texts'] // locales:,}",
        f"{ours['kept'] / settled:.1%}",
        f"{ours['withheld'] / ours['texts']:.1%}",
        f"{bare['kept'] / bare['texts']:.1%}",
    ]


def test_the_page_of_translation_shows_what_survived_in_the_last_run() -> None:
    ours, bare = (result("survival")[name] for name in ("polypress", "bare engine"))
    told = [
        _kept(name, of, bare[group][name], locales)
        for group, locales in (("kinds", 3), ("locales", 1))
        for name, of in ours[group].items()
    ]
    told.append(_kept("all", ours["all"], bare["all"], 3))
    assert list(rows(section(DOCS / "translation.md", "## Tried"))) == told


def test_the_page_of_translation_shows_which_rungs_helped_in_the_last_run() -> None:
    counts = result("survival")["rungs"]
    told = [
        [rung, *(f"{of.get(rung, 0):,}" for of in counts.values())]
        for rung in Rung
        if any(rung in of for of in counts.values())
    ]
    assert list(rows(section(DOCS / "translation.md", "## Which rungs helped"))) == told


def test_the_page_of_serving_shows_the_figures_of_the_last_run() -> None:
    report = result("serving")
    assert list(rows(section(DOCS / "serving.md", "## How fast"))) == serving.told(report)
    assert report["met"]


def test_the_page_of_releases_shows_the_figures_of_the_last_run() -> None:
    report = result("publishing")
    text = section(DOCS / "releases.md", "## What it costs")
    assert list(rows(text)) == publishing.told(report)
    assert publishing.verdict(report) in " ".join(text.split())
