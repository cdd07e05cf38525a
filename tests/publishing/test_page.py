from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.publishing import page
from tests.publishing.programme import ROWS
from tests.workers.chaos.page import PAGE


def results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.RESULTS.read_text("utf-8"))
    return found


def test_the_page_shows_the_figures_of_the_last_full_run() -> None:
    text = PAGE.read_text("utf-8")
    assert page.renewed(text, results()) == text


def test_the_last_full_run_played_every_row_and_each_held() -> None:
    rows = results()["rows"]
    assert [row["id"] for row in rows] == [row.id for row in ROWS]
    assert [row["id"] for row in rows if not row["passed"]] == []


def test_every_row_is_explained() -> None:
    text = PAGE.read_text("utf-8")
    assert [row.id for row in ROWS if f"**{row.id}**" not in text] == []


def test_rows_that_were_not_played_now_keep_their_figures(tmp_path: Path) -> None:
    into = {"results": tmp_path / "results.json", "page": tmp_path / "page.md"}
    into["page"].write_text(f"before\n{page.BEGIN}{page.END}after\n", "utf-8")
    for name in ("b", "a"):
        row = {"id": name, "title": name, "passed": True, "seconds": 1, "figures": {"n": 1_000}}
        page.write([row], seed=1, order=["a", "b"], **into)
    lines = into["page"].read_text("utf-8").splitlines()
    assert lines[4:6] == [f"| {name} | {name} | yes | 1 | n: 1,000 |" for name in ("a", "b")]
    assert (lines[0], lines[-1]) == ("before", "after")
