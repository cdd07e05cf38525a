"""How a source text changed, and which old text a new one was. The first, plain rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from workflow.segments import Segmented

ENOUGH = 0.6
"""How much two texts must resemble each other to be one that changed."""


class Kind(StrEnum):
    """What kind of change it is."""

    SAME = "same"
    STYLE = "style"
    REWORDED = "reworded"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a change and why it is one."""

    kind: Kind
    reasons: tuple[str, ...] = ()


def verdict(old: str, new: str, *, language: str, names: Collection[str] = ()) -> Verdict:  # noqa: ARG001 (rules to come)
    """How a text changed: only its spaces, or more."""
    if old == new:
        return Verdict(Kind.SAME)
    same = " ".join(old.split()) == " ".join(new.split())
    return Verdict(Kind.STYLE if same else Kind.REWORDED)


def pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which old text became which new one, by index, the most alike first."""
    rated = sorted(
        (-_ratio(before, after), was, now)
        for was, before in enumerate(old)
        for now, after in enumerate(new)
    )
    found: list[tuple[int, int]] = []
    for rate, was, now in rated:
        free = all(was != one[0] and now != one[1] for one in found)
        if -rate >= ENOUGH and free:
            found.append((was, now))
    return found


def _ratio(before: str, after: str) -> float:
    return SequenceMatcher(None, before[:2000], after[:2000], autojunk=False).ratio()


def sentence_pairs(  # noqa: PLR0913 (one for each source of evidence)
    source: Segmented,
    target: Segmented,
    *,
    language: str,  # noqa: ARG001 (rules to come)
    locale: str,  # noqa: ARG001 (rules to come)
    names: Collection[str] = (),  # noqa: ARG001 (rules to come)
    known: Callable[[str], Collection[str]] = lambda _: (),
) -> tuple[tuple[int, int], ...] | None:
    """Which target segment stands for which source segment, None if that is not certain."""
    alone = len(source.segments) == len(target.segments) == 1
    return ((0, 0),) if alone else None


def kept(  # noqa: PLR0913 (one for each source of evidence)
    old: Segmented,  # noqa: ARG001 (rules to come)
    new: Segmented,  # noqa: ARG001 (rules to come)
    target: Segmented,  # noqa: ARG001 (rules to come)
    *,
    language: str,  # noqa: ARG001 (rules to come)
    locale: str,  # noqa: ARG001 (rules to come)
    names: Collection[str] = (),  # noqa: ARG001 (rules to come)
    known: Callable[[str], Collection[str]] = lambda _: (),
) -> Mapping[int, str]:
    """The person's translation of each unchanged sentence, by index in the new source."""
    return {}
