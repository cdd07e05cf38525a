"""The table of publishing in docs/faults.md, made from the figures of the last `make chaos`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.workers.chaos.page import PAGE, ROOT, table

RESULTS = ROOT / "benchmarks" / "results" / "publishing_faults.json"
BEGIN, END = "<!-- publishing: begin -->\n", "<!-- publishing: end -->\n"


def renewed(page: str, results: Mapping[str, Any]) -> str:
    """The page with the table of these results."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table(results) + END + rest.partition(END)[2]


def write(
    played: Sequence[Mapping[str, Any]],
    *,
    seed: int,
    order: Sequence[str],
    results: Path = RESULTS,
    page: Path = PAGE,
) -> None:
    """Keep these rows beside those that were not played now, and renew the page."""
    before = json.loads(results.read_text("utf-8"))["rows"] if results.exists() else []
    rows = {row["id"]: row for row in [*before, *played]}
    found = {"seed": seed, "rows": [rows[each] for each in order if each in rows]}
    results.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page.write_text(renewed(page.read_text("utf-8"), found), encoding="utf-8")
