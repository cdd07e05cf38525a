"""The fault rows in their small form; `make chaos` plays the full one.

Most of their time the rows wait, so some are played side by side, each on a Redis of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.workers.chaos.programme import ROWS
from tests.workers.chaos.stage import Figures, Row, Stage, alone

AT_ONCE = 5
SMALL = [row for row in ROWS if row.small]


@pytest.fixture(scope="module")
def played(stage: Stage, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Figures]]]:
    chosen = {item.callspec.params["row"].id for item in request.session.items
              if item.path == request.path and hasattr(item, "callspec")}  # fmt: skip
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {row.id: pool.submit(alone, stage, row) for row in SMALL if row.id in chosen}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in SMALL])
def test_a_fault_costs_nothing(played: dict[str, Future[Figures]], row: Row) -> None:
    played[row.id].result()
