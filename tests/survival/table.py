"""The tables of the set: what was kept, of each kind and in each locale, and which rung won it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from tests.survival.reading import LOCALES
from tests.survival.score import Judged, Score, by_kind, by_locale


def kept(ours: Sequence[Judged], theirs: Sequence[Judged]) -> Table:
    """One line for each kind, each locale, and all; `theirs`, of the bare engine, may be none."""
    table = Table("", "units", "Polypress: kept all", "withheld", "bare engine: kept all")
    for column in table.columns[1:]:
        column.justify = "right"
    for pair in ((by_kind(ours), by_kind(theirs)), (by_locale(ours), by_locale(theirs))):
        for name, score in pair[0].items():
            units = score.texts // (len(LOCALES) if name not in LOCALES else 1)
            table.add_row(name, str(units), *_cells(score, pair[1].get(name) if theirs else None))
        table.add_section()
    all_units = len({one.unit.id for one in ours})
    theirs_all = Score.of(theirs) if theirs else None
    table.add_row("all", str(all_units), *_cells(Score.of(ours), theirs_all))
    return table


def _cells(ours: Score, theirs: Score | None) -> tuple[str, str, str]:
    bare = f"{theirs.kept / theirs.texts:.1%}" if theirs else "-"
    return f"{ours.share_kept:.2%}", f"{ours.share_withheld:.1%}", bare


def rungs(of: Mapping[str, Mapping[str, int]]) -> Table:
    """How many segments each rung of the ladder won, by locale."""
    table = Table("segments won by", *of)
    for column in table.columns[1:]:
        column.justify = "right"
    for name in sorted({name for one in of.values() for name in one}):
        table.add_row(name, *(str(one.get(name, 0)) for one in of.values()))
    return table
