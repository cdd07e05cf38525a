"""The simulation in full, with both peers; prints a table, writes benchmarks/results/review.json.

python tests/simulation/full.py [--seed N] [--operations N] [--towns N] [--way NAME …]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from runpy import run_path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AS_IN_PYTEST = str(ROOT / "tests" / "as_in_pytest.py")
RESULTS = ROOT / "benchmarks" / "results" / "review.json"


def main() -> int:
    from tests.simulation import rows, table  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.simulation.peers import WAYS  # noqa: PLC0415 (the same)

    asked = _asked(list(WAYS))
    ways = _ways_played(asked)
    figures = {name: one["figures"] for name, one in ways.items()}
    sys.stdout.write(f"{table.table(figures)}\n\n{table.NOTE}\n")
    wrong = table.broken(figures["polypress"]) if "polypress" in figures else []
    wrong += [problem for one in ways.values() for problem in one["problems"]]
    full = asked.operations >= FULL and len(ways) == len(WAYS)
    played = rows.full() if full else []
    wrong += [f"row {row['id']}" for row in played if not row["passed"]]
    for line in wrong:
        sys.stdout.write(f"BROKEN: {line}\n")
    if full:
        _write({"seed": asked.seed, "towns": asked.towns, "operations": asked.operations,
                "note": table.NOTE, "ways": ways, "rows": played})  # fmt: skip
    return bool(wrong)


FULL = 10_000


def _asked(ways: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", type=int, default=FULL)
    parser.add_argument("--towns", type=int, default=16, help="the operations are shared by them")
    parser.add_argument("--way", nargs="+", choices=ways, default=ways)
    return parser.parse_args()


def _ways_played(asked: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """The figures of each way, all towns together."""
    each = asked.operations // asked.towns
    chosen = [(name, asked.seed + town, each) for name in asked.way for town in range(asked.towns)]
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        told = list(pool.map(_played, chosen))
    ways = {}
    for name in asked.way:
        mine = [one for (of, _, _), one in zip(chosen, told, strict=True) if of == name]
        ways[name] = {
            "seconds": round(sum(one["seconds"] for one in mine), 1),
            "done": dict(sum((Counter(one["done"]) for one in mine), Counter())),
            "figures": dict(sum((Counter(one["figures"]) for one in mine), Counter())),
            "problems": [line for one in mine for line in one["problems"]],
        }
    return ways


def _played(chosen: tuple[str, int, int]) -> dict[str, Any]:
    run_path(AS_IN_PYTEST)
    from tests.simulation import table  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.simulation.peers import WAYS  # noqa: PLC0415 (the same)
    from tests.simulation.play import Play  # noqa: PLC0415 (the same)

    name, seed, operations = chosen
    again = f"--towns 1 --way '{name}' --seed {seed} --operations {operations}"
    begun, problems = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="polypress-simulation-") as folder:
        play = Play(WAYS[name](Path(folder)), seed)
        try:
            play.all(operations)
        except Exception:  # noqa: BLE001 (the others are played, too)
            problems = [f"stopped at operation {play.now} ({again}): {traceback.format_exc()}"]
    if name == "polypress" and table.broken(play.record.counted):
        problems += [f"{again}: {one}" for one in play.record.examples_of(table.PROMISES)]
    return {"seconds": time.monotonic() - begun, "done": play.done,
            "figures": play.record.counted, "problems": problems}  # fmt: skip


def _write(results: dict[str, Any]) -> None:
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_path(AS_IN_PYTEST)
    sys.exit(main())
