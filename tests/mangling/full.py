"""Row Q1 in full: 10,000 strings in each locale; writes benchmarks/results/mangling.json.

python tests/mangling/full.py [--seed N] [--strings N]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from functools import partial
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.mangling.play import Played

ROOT = Path(__file__).resolve().parents[2]
AS_IN_PYTEST = str(ROOT / "tests" / "as_in_pytest.py")
RESULTS = ROOT / "benchmarks" / "results" / "mangling.json"
FULL = 10_000
SHOWN = 40


def main() -> int:
    from tests.mangling.play import LOCALES, Played  # noqa: PLC0415 (after `as_in_pytest`)

    asked, begun, whole = _asked(), time.monotonic(), Played()
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        play_one = partial(_played, strings=asked.strings, seed=asked.seed)
        for played in pool.map(play_one, LOCALES):
            whole.add(played)
    told = {"seed": asked.seed, "locales": list(LOCALES), **_figures(whole)}
    told["seconds"] = round(time.monotonic() - begun, 1)
    sys.stdout.write(f"{json.dumps(told, indent=1, ensure_ascii=False)}\n")
    for line in whole.wrong[:SHOWN]:
        sys.stdout.write(f"MISMATCH: {line}\n")
    if asked.strings >= FULL:
        RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return bool(whole.wrong)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--strings", type=int, default=FULL, help="so many in each locale")
    return parser.parse_args()


def _played(locale: str, *, strings: int, seed: int) -> Played:
    run_path(AS_IN_PYTEST)
    from tests.mangling.play import play  # noqa: PLC0415 (after `as_in_pytest`)

    with tempfile.TemporaryDirectory(prefix="polypress-mangling-") as folder:
        return play(Path(folder), locale, strings=strings, seed=seed)


def _figures(played: Played) -> dict[str, Any]:
    """All counts, the greatest first, and how many lines the checker wrote."""
    told = {one.name: getattr(played, one.name) for one in fields(played)}
    told["mismatches"] = len(told.pop("wrong"))
    return {name: dict(one.most_common()) if isinstance(one, Counter) else one
            for name, one in told.items()}  # fmt: skip


if __name__ == "__main__":
    run_path(AS_IN_PYTEST)
    sys.exit(main())
