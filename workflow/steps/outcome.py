"""What a translate run did, as figures that hide nothing: by locale, unit and segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from workflow.errors import PolypressError
from workflow.model import Diagnostic
from workflow.steps.settle import Chosen, Settled


@dataclass(frozen=True, slots=True)
class Withheld:
    """A unit whose machine text failed its checks, with the findings."""

    unit: str
    findings: tuple[Diagnostic, ...]

    @property
    def item(self) -> str:
        """The id of the unit's item."""
        return self.unit.partition(":")[2].partition("#")[0]


@dataclass(frozen=True, slots=True)
class Done:
    """A collection was drafted in a locale, and nothing failed.

    `left` are the units that have no fresh text all the same, with findings if they were withheld;
    `memory` is the version of the memory that had none for them.
    """

    collection: str
    locale: str
    memory: int
    left: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """What the engine said of this run's segments, as means over them; None without segments.

    `score` is the mean log-probability of a piece (0 is certainty), `fallback` the share of source
    pieces that are single bytes, `coverage` the share of source words that the attention visited.
    `rungs` counts segments by the way their text was won.
    """

    segments: int = 0
    rungs: Mapping[str, int] = field(default_factory=dict)
    score: float | None = None
    fallback: float | None = None
    coverage: float | None = None


@dataclass(frozen=True, slots=True)
class LocaleOutcome:
    """What a run did for one locale.

    Of the units that needed a text, `memory` came from the memory and `machine` from the engine;
    `withheld` are all that were left without one, those of collections that were left out, too.
    `decoded` counts segments over all hops of the route; `written` names the catalogs that changed.
    """

    locale: str
    route: str = ""
    memory: int = 0
    machine: int = 0
    withheld: tuple[Withheld, ...] = ()
    decoded: int = 0
    figures: Figures = Figures()
    written: tuple[str, ...] = ()
    failures: tuple[PolypressError, ...] = ()


Note = Callable[[Done], None]
"""Hears what was done."""


def nobody(_done: Done) -> None:
    """A Note that nobody reads."""


def figures(settled: Iterable[Settled]) -> Figures:
    """The figures of all segments of a run."""
    chosen = [segment for unit in settled for segment in unit.segments]
    if not chosen:
        return Figures()
    return Figures(
        segments=len(chosen),
        rungs=dict(Counter(str(segment.rung) for segment in chosen)),
        score=_mean(chosen, "score"),
        fallback=_mean(chosen, "fallback"),
        coverage=_mean(chosen, "coverage"),
    )


def _mean(chosen: Sequence[Chosen], name: str) -> float:
    return round(fmean(getattr(segment.hypothesis, name) for segment in chosen), 4)
