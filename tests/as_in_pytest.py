"""Lets `tests` be this folder, as it is in pytest: some package installs one of that name.

Run by programs of this folder before they import from it: `run_path(… "tests/as_in_pytest.py")`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parent

module = ModuleType("tests")
module.__path__ = [str(TESTS)]
sys.modules.setdefault("tests", module)
if str(TESTS.parent) not in sys.path:
    sys.path.insert(0, str(TESTS.parent))
