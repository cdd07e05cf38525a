"""`make chaos`: all fault rows and the chaos test in full; prints a table, writes JSON.

python tests/workers/chaos/full.py [ID …]    (the chaos test has the ID `chaos`)
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


AT_ONCE = 3
"""Rows played side by side: most of the time they wait. The chaos test is played alone."""


def main(chosen: list[str]) -> int:
    from tests.workers.chaos import page  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.workers.chaos.cast import Nursery  # noqa: PLC0415 (the same)
    from tests.workers.chaos.programme import ROWS  # noqa: PLC0415 (the same)
    from tests.workers.chaos.stage import Stage, alone  # noqa: PLC0415 (the same)

    nursery = Nursery()
    rows = [CHAOS, *ROWS] if not chosen else [row for row in (CHAOS, *ROWS) if row.id in chosen]
    with (
        tempfile.TemporaryDirectory(prefix="polypress-chaos-") as name,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        stage: Any = Stage(nursery, None, Path(name), full=True)  # type: ignore[arg-type]
        played = [_played(row, stage, alone) for row in rows if row is CHAOS]
        rest = [row for row in rows if row is not CHAOS]
        played += pool.map(lambda row: _played(row, stage, alone), rest)
    nursery.close()
    page.write(played, order=[CHAOS.id, *(row.id for row in ROWS)])
    return any(not one["passed"] for one in played)


def _chaos(stage: Any) -> dict[str, Any]:  # noqa: ANN401
    from tests.workers.chaos.chaos import play  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.workers.chaos.programme import FULL  # noqa: PLC0415 (the same)

    outcome = play(stage.nursery, stage.folder, stage.redis, FULL)
    assert not outcome.wrong, outcome.wrong[:20]
    assert outcome.state == "done"
    told = outcome.figures
    assert (told["worker kills"], told["hub kills"], told["Redis kills"]) == (20, 5, 3), told
    assert (told["FLUSHALL"], told["answers doubled"], told["answers delayed"]) == (1, 100, 100)
    return told


CHAOS = SimpleNamespace(
    id="chaos",
    title="a job of 10,000 segments in three locales, and everything at once",
    play=_chaos,
)


def _played(row: Any, stage: Any, alone: Callable[..., dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401
    from tests.workers.chaos.page import told  # noqa: PLC0415 (after `as_in_pytest`)

    begun = time.monotonic()
    figures: dict[str, Any] = {}
    try:
        figures = alone(stage, row)
        passed = True
    except Exception:  # noqa: BLE001 (the other rows are played, too)
        traceback.print_exc()
        passed = False
    seconds = round(time.monotonic() - begun, 1)
    verdict = "ok" if passed else "FAILED"
    line = f"{row.id:9}{verdict:8}{seconds:7} s  {row.title}\n{'':26}{told(figures)}\n"
    sys.stdout.write(line)
    sys.stdout.flush()
    return {"id": row.id, "title": row.title, "passed": passed, "seconds": seconds,
            "figures": figures}  # fmt: skip


def as_in_pytest() -> None:
    """Let `tests` be this folder, as it is in pytest: some package installs one of that name."""
    module = ModuleType("tests")
    module.__path__ = [str(ROOT / "tests")]
    sys.modules["tests"] = module
    sys.path[0] = str(ROOT)


if __name__ == "__main__":
    as_in_pytest()
    sys.exit(main(sys.argv[1:]))
