"""The survival set in full, with the bare engine; prints tables, writes results/survival.json.

python tests/survival/full.py [--short] [--kind KIND …] [--no-bare]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

from rich.console import Console

if TYPE_CHECKING:
    from tests.survival.reading import Unit
    from tests.survival.score import Judged
    from tests.survival.town import Translated

ROOT = Path(__file__).resolve().parents[2]
AS_IN_PYTEST = str(ROOT / "tests" / "as_in_pytest.py")
RESULTS = ROOT / "benchmarks" / "results" / "survival.json"
SHORT = 60
MOST_SHOWN = 40


def main() -> int:
    from tests.survival import bare, score, table, town  # noqa: PLC0415 (after `as_in_pytest`)

    asked = _asked()
    units = _chosen(asked)
    with tempfile.TemporaryDirectory(prefix="polypress-survival-") as folder:
        root = town.begun(Path(folder), units)
        made = town.translated(root, units)
        ours = score.judged(units, made.texts)
        raw = bare.bare(root, [one.source for one in units]) if asked.bare else None
    theirs = score.judged(units, raw) if raw else []
    console = Console(width=max(100, Console().width))
    console.print(table.kept(ours, theirs))
    console.print(table.rungs(made.rungs))
    _tell(ours, made)
    if not (asked.short or asked.kind) and asked.bare:
        _write(ours, theirs, made)
    return bool(score.failures(ours))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help=f"an even sample of {SHORT} units")
    parser.add_argument("--kind", nargs="+", default=[], help="only units of these kinds")
    parser.add_argument("--no-bare", dest="bare", action="store_false", help="Polypress alone")
    return parser.parse_args()


def _chosen(asked: argparse.Namespace) -> list[Unit]:
    from tests.survival import reading  # noqa: PLC0415 (after `as_in_pytest`)

    units = [one for one in reading.units() if not asked.kind or one.kind in asked.kind]
    return reading.even_sample(units, SHORT) if asked.short else units


def _tell(ours: list[Judged], made: Translated) -> None:
    from tests.survival import score  # noqa: PLC0415 (after `as_in_pytest`)

    withheld = [one for one in ours if one.withheld]
    for one in withheld[:MOST_SHOWN]:
        why = made.reasons[one.locale].get(one.unit.source, "?")
        sys.stdout.write(f"withheld {one.unit.id} {one.locale}: {why}\n  {one.unit.source}\n")
    wrong = score.failures(ours)
    for line in wrong[:MOST_SHOWN]:
        sys.stdout.write(f"BROKEN {line}\n")
    sys.stdout.write(f"{len(wrong)} broken, {len(withheld)} of {len(ours)} texts withheld\n")


def _write(ours: list[Judged], theirs: list[Judged], made: Translated) -> None:
    from workflow.adapters.files import write_atomically  # noqa: PLC0415 (with the others)

    report = {
        "seconds": made.seconds,
        "rungs": made.rungs,
        "polypress": _scores(ours),
        "bare engine": _scores(theirs),
        "withheld": [
            {"id": one.unit.id, "locale": one.locale,
             "why": made.reasons[one.locale].get(one.unit.source, "")}
            for one in ours if one.withheld
        ],
        "broken": [
            {"id": one.unit.id, "locale": one.locale, "broken": one.broken, "target": one.target}
            for one in ours if one.broken
        ],
    }  # fmt: skip
    write_atomically(RESULTS, f"{json.dumps(report, indent=1, ensure_ascii=False)}\n".encode())


def _scores(found: list[Judged]) -> dict[str, Any]:
    from tests.survival import score  # noqa: PLC0415 (after `as_in_pytest`)

    groups = {"kinds": score.by_kind(found), "locales": score.by_locale(found),
              "all": {"": score.Score.of(found)}}  # fmt: skip
    told = {
        group: {
            name: {"texts": one.texts, "withheld": one.withheld, "kept": one.kept,
                   "broken": one.broken}
            for name, one in of.items()
        }
        for group, of in groups.items()
    }  # fmt: skip
    return {**told, "all": told["all"][""]}


if __name__ == "__main__":
    run_path(AS_IN_PYTEST)
    sys.exit(main())
