"""Fault rows R10, R13 to R15 and Q3 in small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.rows import ROWS


@pytest.mark.parametrize("row", ROWS)
def test_a_fault_row_holds(tmp_path: Path, row: str) -> None:
    assert all(value >= 0 for value in ROWS[row][1](tmp_path).values())
