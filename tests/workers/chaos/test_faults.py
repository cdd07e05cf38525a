"""The fault rows in their small form; `make chaos` plays the full one."""

from __future__ import annotations

import pytest

from tests.workers.chaos.programme import ROWS
from tests.workers.chaos.stage import Row, Stage


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS if row.small])
def test_a_fault_costs_nothing(stage: Stage, row: Row) -> None:
    row.play(stage)
