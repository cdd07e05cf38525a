"""The order of the review queue: what must be looked at, then what is risky where many see it.

Pure: units in, an order out. The same units have the same order, whoever asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

UNKNOWN = 0.5
"""The risk that a text of unknown risk ranks by: a reviewer changes it or does not."""
TITLE, FIRST, LATER, LEAST = 1.0, 0.8, 0.1, 0.2
"""How visible a title is, and a body's first paragraph; each later one loses a tenth, down to
the least."""
TWICE = 0.5
"""What each doubling of the places of one text adds to its visibility, as a share of it."""


class Need(StrEnum):
    """Why a unit needs a person, the most urgent first."""

    CONFLICT = "conflict"
    ERROR = "error finding"
    RECALLED = "recalled"
    NEEDS_WORK = "needs work"
    WITHHELD = "withheld"
    STALE = "stale"
    DRAFT = "draft"


URGENT = (Need.CONFLICT, Need.ERROR, Need.RECALLED, Need.NEEDS_WORK)
"""Needs that come first whatever the risk, in this order."""
CERTAIN = frozenset({Need.WITHHELD})
"""Needs that no machine meets: their risk counts as 1."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How much a text is seen.

    `position` is which unit of its item it is (from 0), `places` in how many places the same source
    text stands, `date` that of its item in ISO 8601, if it has one.
    """

    title: bool = False
    position: int = 0
    places: int = 1
    date: str = ""


class Waiting(Protocol):
    """A unit that needs a person."""

    @property
    def need(self) -> Need:
        """Why."""
        ...

    @property
    def risk(self) -> float | None:
        """The chance that a reviewer changes the text, None if it is unknown."""
        ...

    @property
    def sight(self) -> Sight:
        """How much it is seen."""
        ...

    @property
    def id(self) -> str:
        """What tells it from all others: the last word on the order."""
        ...


Unit = TypeVar("Unit", bound=Waiting)


def visibility(sight: Sight) -> float:
    """How visible a text is: 1 for a title, less for each paragraph, more for many places."""
    base = TITLE if sight.title else max(LEAST, FIRST - LATER * sight.position)
    return base * (1 + TWICE * math.log2(max(1, sight.places)))


def score(need: Need, risk: float | None, sight: Sight) -> float:
    """Risk times visibility, with 1 for what no machine could do and a default for the unknown."""
    known = 1.0 if need in CERTAIN else UNKNOWN if risk is None else risk
    return known * visibility(sight)


def in_order(units: Iterable[Unit]) -> Sequence[Unit]:
    """The units as they are to be looked at.

    Conflicts, texts with errors, recalled texts and those that a person left unfinished come first,
    the most visible before others; then all the rest by score. Of equal ones the newest item
    comes first.
    """
    by_name = sorted(units, key=lambda one: one.id)
    by_date = sorted(by_name, key=lambda one: one.sight.date, reverse=True)
    return sorted(by_date, key=_rank)


def _rank(one: Waiting) -> tuple[int, float]:
    if one.need in URGENT:
        return URGENT.index(one.need), -visibility(one.sight)
    return len(URGENT), -score(one.need, one.risk, one.sight)
