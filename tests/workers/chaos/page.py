"""The table of docs/faults.md, made from the figures of the last `make chaos`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "benchmarks" / "results" / "chaos.json"
PAGE = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"


def renewed(page: str, results: Mapping[str, Any]) -> str:
    """The page with the table of these results."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table(results) + END + rest.partition(END)[2]


def table(results: Mapping[str, Any]) -> str:
    head = "| row | what happens | held | seconds | figures |\n|---|---|---|---:|---|\n"
    return head + "".join(
        f"| {row['id']} | {row['title']} | {'yes' if row['passed'] else '**no**'}"
        f" | {row['seconds']:.0f} | {told(row['figures'])} |\n"
        for row in results["rows"]
    )


def told(figures: Mapping[str, Any]) -> str:
    """Figures in one line."""
    kept = {name: value for name, value in figures.items() if value is not True and value != {}}
    return "; ".join(f"{name}: {_value(value)}" for name, value in kept.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        parts = (
            f"{name.removesuffix(', sent again')} {_value(one)}" for name, one in value.items()
        )
        return ", ".join(parts)
    if isinstance(value, list | tuple):
        return " to ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def write(played: Sequence[Mapping[str, Any]], *, order: Sequence[str]) -> None:
    """Keep these rows beside those that were not played now, and renew the page."""
    rows = {row["id"]: row for row in [*_before(), *played]}
    results = {"rows": [rows[each] for each in order if each in rows]}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def _before() -> list[dict[str, Any]]:
    if not RESULTS.exists():
        return []
    found: list[dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"]
    return found
