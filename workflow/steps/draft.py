"""Draft: the machine's text for many units at once, all their segments in one pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.model import Route, Unit
from workflow.ports import Hypotheses
from workflow.segments import Protected, Segmented
from workflow.steps import settle
from workflow.steps.decode import Decoding
from workflow.steps.project import Collection
from workflow.steps.settle import Chosen, Settled


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that has no fresh translation in a locale, cut into segments."""

    collection: Collection
    unit: Unit
    cut: Segmented

    @property
    def place(self) -> str:
        """Where its text stands, as the memory knows it."""
        return f"{self.collection.name}:{self.unit.context}"


def drafts(decoding: Decoding, route: Route, wanted: Sequence[Wanted]) -> list[Settled]:
    """The outcome for each unit; segments that lost a piece are decoded again in stretches.

    Both rounds are pooled over all units. Raises PackageError.
    """
    answers = decoding.along(route, {segment.text for _, segment in _segments(wanted)})
    firsts = {
        (one.unit, segment): settle.choose(segment, answers[segment.text], one.collection.format)
        for one, segment in _segments(wanted)
    }
    again = decoding.along(route, set(_texts_apart(firsts)))
    return [_unit(one, firsts, again) for one in wanted]


def _segments(wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Protected]]:
    return ((one, segment) for one in wanted for segment in one.cut.segments)


def _texts_apart(firsts: Mapping[tuple[Unit, Protected], Chosen]) -> Iterator[str]:
    for (_, segment), first in firsts.items():
        if first.text is None:
            yield from settle.texts_apart(segment)


def _unit(
    one: Wanted,
    firsts: Mapping[tuple[Unit, Protected], Chosen],
    again: Mapping[str, Hypotheses],
) -> Settled:
    form = one.collection.format
    chosen = [
        settle.choose_apart(segment, first, again, form)
        if first.text is None and segment.pieces
        else first
        for segment in one.cut.segments
        for first in [firsts[one.unit, segment]]
    ]
    return settle.joined(one.unit, one.cut, chosen, form)
