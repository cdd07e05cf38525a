"""`make chaos`: publishing under kills, with a full disk and by two at once; prints, writes JSON.

python tests/publishing/full.py [--short] [--seed N] [ROW …]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random
from runpy import run_path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AS_IN_PYTEST = str(ROOT / "tests" / "as_in_pytest.py")
SEED = 20261128


def main() -> int:
    from tests.publishing import page  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.publishing.programme import ROWS  # noqa: PLC0415 (the same)

    asked = _asked([row.id for row in ROWS])
    chosen = [row for row in ROWS if row.id in asked.rows]
    passed = True
    for row in chosen:
        played = _played(row, asked)
        passed = passed and played["passed"]
        if not asked.short:
            page.write([played], seed=asked.seed, order=[one.id for one in ROWS])
    return not passed


def _asked(rows: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help="the small form; writes nothing")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(rows)}")
    asked = parser.parse_args()
    asked.rows = asked.rows or rows
    if unknown := set(asked.rows) - set(rows):
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    return asked


def _played(row: Any, asked: argparse.Namespace) -> dict[str, Any]:  # noqa: ANN401
    from tests.publishing.stage import Stage  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.workers.chaos.page import told  # noqa: PLC0415 (the same)

    begun, figures, passed = time.monotonic(), {}, True
    with tempfile.TemporaryDirectory(prefix="polypress-publishing-") as name:
        Path(name).chmod(0o755)  # nginx' workers are somebody else
        try:
            figures = row.play(Stage(Path(name), not asked.short, Random(f"{asked.seed} {row.id}")))
        except Exception:  # noqa: BLE001 (the other rows are played, too)
            traceback.print_exc()
            passed = False
    seconds = round(time.monotonic() - begun, 1)
    verdict = "ok" if passed else f"FAILED (--seed {asked.seed})"
    sys.stdout.write(f"{row.id:9}{verdict:8}{seconds:7} s  {row.title}\n{'':26}{told(figures)}\n")
    sys.stdout.flush()
    return {"id": row.id, "title": row.title, "passed": passed, "seconds": seconds,
            "figures": figures}  # fmt: skip


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and mounts end, too
    run_path(AS_IN_PYTEST)
    sys.exit(main())
