"""The fault rows F1 and Q4 in small; `long_forms.py` has them in full."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.adapters.pofile import invented, long_forms, mutations

pytestmark = pytest.mark.gettext
PROGRAM = Path(long_forms.__file__)


def test_two_hundred_invented_entries_are_the_same_after_a_round_trip() -> None:
    for width in range(len(long_forms.WIDTHS)):
        assert long_forms.q4(200, seed=width) == {"entries": 200, "files": 1}


def test_five_hundred_mutated_files_are_read_as_msgcat_reads_them_or_refused() -> None:
    command = [sys.executable, str(PROGRAM), "F1", "500"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    figures = dict(re.findall(r"(\w+)(?:, \w+)? ([\d.]+)(?:,|$)", done.stdout.strip()))
    assert int(figures["files"]) == 500
    assert min(int(figures["read"]), int(figures["refused"])) > 80
    assert float(figures["largest"]) < 300


def test_the_same_seed_gives_the_same_files() -> None:
    raw = invented.catalog(7, 20).encode()
    assert raw == invented.catalog(7, 20).encode() != invented.catalog(8, 20).encode()
    once, again = (
        [mutations.mutated(raw, chance) for _ in range(50)] for chance in (Random(1), Random(1))
    )
    assert once == again
    assert len({*once, raw}) > 45


def test_a_row_that_fails_is_told_with_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> dict[str, float]:
        raise AssertionError("not the same")

    monkeypatch.setitem(long_forms.ROWS, "Q4", broken)
    assert long_forms.main(["Q4"]) == 1
