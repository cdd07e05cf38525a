"""The simulation in full, with both peers; prints a table, writes benchmarks/results/review.json.

python tests/simulation/full.py [--seed N] [--operations N] [--way NAME …]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "review.json"


def main() -> int:
    from tests.simulation import rows, table  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.simulation.ways import WAYS  # noqa: PLC0415 (the same)

    asked = _asked(list(WAYS))
    chosen = [(name, asked.seed, asked.operations) for name in asked.way]
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        told = dict(zip(asked.way, pool.map(_played, chosen), strict=True))
    figures = {name: one["figures"] for name, one in told.items()}
    sys.stdout.write(f"{table.table(figures)}\n\n{table.NOTE}\n")
    wrong = table.broken(figures["polypress"]) if "polypress" in figures else []
    wrong += [one["problem"] for one in told.values() if one["problem"]]
    played = rows.full() if asked.operations >= FULL else []
    wrong += [f"row {row['id']}" for row in played if not row["passed"]]
    for line in [*wrong, *(told.get("polypress", {}).get("examples", []) if wrong else [])]:
        sys.stdout.write(f"BROKEN (--seed {asked.seed}): {line}\n")
    if asked.operations >= FULL and len(told) == len(WAYS):
        _write({"seed": asked.seed, "operations": asked.operations, "note": table.NOTE,
                "ways": told, "rows": played})  # fmt: skip
    return bool(wrong)


FULL = 10_000


def _asked(ways: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", type=int, default=FULL)
    parser.add_argument("--way", nargs="+", choices=ways, default=ways)
    return parser.parse_args()


def _played(chosen: tuple[str, int, int]) -> dict[str, Any]:
    as_in_pytest()
    from tests.simulation.play import Play  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.simulation.ways import WAYS  # noqa: PLC0415 (the same)

    name, seed, operations = chosen
    begun, problem = time.monotonic(), ""
    with tempfile.TemporaryDirectory(prefix="polypress-simulation-") as folder:
        play = Play(WAYS[name](Path(folder)), seed)
        try:
            play.all(operations)
        except Exception:  # noqa: BLE001 (the others are played, too)
            problem = f"{name} stopped at operation {play.now}: {traceback.format_exc()}"
    return {"seconds": round(time.monotonic() - begun, 1), "done": dict(play.done),
            "figures": dict(play.record.counted), "problem": problem,
            "examples": play.record.examples if name == "polypress" else []}  # fmt: skip


def _write(results: dict[str, Any]) -> None:
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def as_in_pytest() -> None:
    """Let `tests` be this folder, as it is in pytest: some package installs one of that name."""
    module = ModuleType("tests")
    module.__path__ = [str(ROOT / "tests")]
    sys.modules.setdefault("tests", module)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


if __name__ == "__main__":
    as_in_pytest()
    sys.exit(main())
