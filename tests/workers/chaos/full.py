"""`make chaos`: all fault rows and the chaos test in full; prints a table, writes JSON.

python tests/workers/chaos/full.py [ID …]    (the chaos test has the ID `chaos`)
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "benchmarks" / "results" / "chaos.json"


def main(chosen: list[str]) -> int:
    from tests.workers.chaos.cast import Nursery  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.workers.chaos.stage import Stage  # noqa: PLC0415 (the same)
    from tests.workers.redis_for_tests import running  # noqa: PLC0415 (the same)

    nursery = Nursery()
    played = []
    with tempfile.TemporaryDirectory(prefix="polypress-chaos-") as name:
        folder = Path(name)
        with running(folder / "redis") as redis:
            stage = Stage(nursery, redis, folder, full=True)
            for id_, title, play in _programme(stage):
                if not chosen or id_ in chosen:
                    played.append(_played(id_, title, play))
    nursery.close()
    if not chosen:
        _write(played)
    return any(not one["passed"] for one in played)


def _programme(stage: Any) -> Iterator[tuple[str, str, Callable[[], dict[str, Any]]]]:  # noqa: ANN401
    from tests.workers.chaos.chaos import play  # noqa: PLC0415 (after `as_in_pytest`)
    from tests.workers.chaos.programme import FULL, ROWS  # noqa: PLC0415 (the same)

    def chaos() -> dict[str, Any]:
        outcome = play(stage.nursery, stage.folder / "chaos", stage.redis, FULL)
        stage.redis.client.flushall()
        assert not outcome.wrong, outcome.wrong[:20]
        assert outcome.state == "done"
        return outcome.figures

    yield "chaos", "a job of 10,000 segments in three locales, and everything at once", chaos
    for row in ROWS:
        yield row.id, row.title, lambda row=row: row.play(stage)


def _played(id_: str, title: str, play: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    begun = time.monotonic()
    figures: dict[str, Any] = {}
    try:
        figures = play()
        passed = True
    except Exception:  # noqa: BLE001 (the other rows are played, too)
        traceback.print_exc()
        passed = False
    seconds = round(time.monotonic() - begun, 1)
    verdict = "ok" if passed else "FAILED"
    sys.stdout.write(f"{id_:9}{verdict:8}{seconds:7} s  {title}\n{'':26}{told(figures)}\n")
    sys.stdout.flush()
    return {"id": id_, "title": title, "passed": passed, "seconds": seconds, "figures": figures}


def told(figures: dict[str, Any]) -> str:
    """Figures in one line."""
    parts = [f"{name}: {_value(value)}" for name, value in figures.items() if value not in ({}, "")]
    return "; ".join(parts)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return " to ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _write(played: list[dict[str, Any]]) -> None:
    body = {"machine": f"{platform.system()}, {platform.machine()}", "rows": played}
    RESULTS.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def as_in_pytest() -> None:
    """Let `tests` be this folder, as it is in pytest: some package installs one of that name."""
    module = ModuleType("tests")
    module.__path__ = [str(ROOT / "tests")]
    sys.modules["tests"] = module
    sys.path[0] = str(ROOT)


if __name__ == "__main__":
    as_in_pytest()
    sys.exit(main(sys.argv[1:]))
