"""What a trace tells again: the figures and warnings of a collection that is not read this time."""

from __future__ import annotations

import json
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from workflow.model import Diagnostic, Severity
from workflow.ports.traces import Trace
from workflow.steps.contents import Contents
from workflow.steps.outcome import Withheld


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A collection with nothing to do, and what the run that found so told of it.

    `items` are their ids, `units` counts them, `left` has by locale the units that were left
    without a fresh text, those that were withheld with their findings, and `memory` the version of
    the memory that had none for them.
    """

    collection: str
    items: tuple[str, ...]
    units: int
    warnings: tuple[Diagnostic, ...]
    left: Mapping[str, tuple[Withheld, ...]]
    memory: Mapping[str, int]

    def may_go_on(self, locale: str, memory: int, items: Group[str] = ()) -> bool:
        """Whether a unit (of these items, if any) is left that a newer memory may know."""
        left = self.left.get(locale, ())
        wanted = any(not items or unit.item in items for unit in left)
        return wanted and self.memory.get(locale) != memory


def content_told(contents: Contents) -> str:
    """A collection's content, as its trace holds it."""
    items = [item.id for item in contents.items]
    return _json([items, len(contents.units), [astuple(one) for one in contents.warnings]])


def left_told(left: Iterable[Withheld]) -> str:
    """The units without a fresh text, as the trace of a catalog holds them."""
    return _json([[one.unit, [astuple(found) for found in one.findings]] for one in left])


def told_again(content: Trace, catalogs: Iterable[Trace]) -> Unchanged | None:
    """What the traces of a collection say; None for what no version of ours has written."""
    left = [trace for trace in catalogs if trace.told]
    try:
        items, units, warnings = json.loads(content.told)
        return Unchanged(
            content.collection,
            tuple(map(str, items)),
            int(units),
            tuple(map(_diagnostic, warnings)),
            {trace.locale: _left(trace.told) for trace in left},
            {trace.locale: trace.memory for trace in left},
        )
    except (ValueError, TypeError):
        return None


def _left(told: str) -> tuple[Withheld, ...]:
    return tuple(
        Withheld(str(unit), tuple(map(_diagnostic, found))) for unit, found in json.loads(told)
    )


def _diagnostic(row: Sequence[str]) -> Diagnostic:
    check, severity, message, place = row
    return Diagnostic(check, Severity(severity), message, place)


def _json(value: Any) -> str:  # noqa: ANN401 (any value that becomes JSON)
    return json.dumps(value, separators=(",", ":"))
