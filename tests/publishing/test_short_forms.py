"""The fault rows of publishing in their small form; `make chaos` plays the full one.

In a process of their own: it forks while it has no threads, and is small.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.publishing.programme import ROWS

FULL = Path(__file__).with_name("full.py")


def test_no_reader_sees_anything_of_any_fault() -> None:
    command: list[str | Path] = [sys.executable, FULL, "--short"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(row.id in done.stdout for row in ROWS)
