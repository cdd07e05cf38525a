from __future__ import annotations

import json

from tests.workers.chaos import page
from tests.workers.chaos.programme import ROWS


def results() -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(page.RESULTS.read_text("utf-8"))
    return found


def test_the_page_shows_the_figures_of_the_last_full_run() -> None:
    text = page.PAGE.read_text("utf-8")
    assert page.renewed(text, results()) == text


def test_the_last_full_run_played_every_row_and_each_held() -> None:
    rows = results()["rows"]
    assert [row["id"] for row in rows] == ["chaos", *(row.id for row in ROWS)]
    assert [row["id"] for row in rows if not row["passed"]] == []


def test_every_row_is_explained() -> None:
    text = page.PAGE.read_text("utf-8")
    assert [row.id for row in ROWS if f"**{row.id}**" not in text] == []
