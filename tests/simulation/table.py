"""The figures of all ways side by side, and which promises are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PROMISES = (
    "human edits lost",
    "comments lost",
    "stale told as current",
    "entries doubled",
    "false conflicts",
    "approvals lost to a style",
)
"""What must be zero."""
SHARE = "one-sentence edits that kept the others"
OF = "one-sentence edits"
LEAST = 0.8
TOLD = (
    "texts typed",
    *PROMISES,
    "approvals under another style",
    OF,
    SHARE,
    "conflicts, both sides changed",
    "conflicts in doubt",
    "an older text of a person's saved again, both kept",
    "replaced by another who saw it, not kept",
)
NOTE = """\
A text is superseded when somebody who saw it typed over it. A run reads the file after each save,
before an old copy is saved over it: what comes between two runs, no program sees. Nobody deletes
comment lines. A conflict is in doubt when the copy's base is unknown (no header, or the database
was lost)."""


def broken(figures: Mapping[str, int]) -> list[str]:
    """The promises that these figures break."""
    wrong = [f"{figures[name]} {name}" for name in PROMISES if figures.get(name)]
    if figures.get(SHARE, 0) < LEAST * figures.get(OF, 0):
        wrong.append(f"{figures.get(SHARE, 0)} of {figures[OF]} {SHARE}")
    return wrong


def table(ways: Mapping[str, Mapping[str, int]]) -> str:
    """One line a figure, one column a way."""
    wide = max(map(len, TOLD)) + 2
    rows: list[Sequence[str]] = [("", *ways)]
    rows += [(name, *(f"{way.get(name, 0):,}" for way in ways.values())) for name in TOLD]
    return "\n".join(row[0].ljust(wide) + "".join(cell.rjust(18) for cell in row[1:])
                     for row in rows)  # fmt: skip
