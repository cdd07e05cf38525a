"""Risk: the chance that a reviewer will change a machine text. A prior, not yet calibrated.

Two logistic models over signs that cost nothing extra, mixed by how far the engine is lost. Where
it is on ground that it knows, the doubt in its own score orders texts well, and only that counts.
Where it is lost, every score is bad and some are good by chance; there the other signs come in:
how source and text are spelled, where the attention was, how long the text is.

The weights were fitted on half of the demo packages' test texts (`benchmarks/risk_weights.py`);
those in `SET` by hand, since these texts cannot tell them. What reviewers really do will replace
all of them; see `docs/review.md`. A sign that nobody measured adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workflow.model import Diagnostic, Hypothesis, Severity

TOLD = "prior, not yet calibrated"
"""What is said wherever a risk is shown."""
UNUSUAL = 0.3
"""A length is unusual from a ratio of e^0.3 (1.35) on, in either direction."""
MOST = 3
"""Findings beyond this many say nothing more."""
LEAST = 0.005
"""No risk that findings raise counts as less."""
CERTAIN = 0.02
"""Added to the negative score before its logarithm is taken: below it, all scores are alike."""


SIGNS = ("score", "fallback", "coverage", "focus", "source_piece", "target_piece", "spread")
"""What an engine says of its own answer: fields of `Hypothesis` and of `Features` alike."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one segment's machine text; None where nobody measured it.

    `score` to `spread` are those of `Hypothesis`. `length` is that of the text in characters, and
    `length_ratio` says how many of them come on one of the source; `memory` is the likeness in
    [0,1] of the nearest source that people approved a text for; `rung` tells how the text was won.
    """

    score: float | None = None
    fallback: float = 0.0
    coverage: float = 1.0
    focus: float | None = None
    source_piece: float | None = None
    target_piece: float | None = None
    spread: float | None = None
    length: int | None = None
    length_ratio: float | None = None
    memory: float | None = None
    rung: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One sign: its weight for each unit of it above what is usual."""

    weight: float
    usual: float


CHOSEN: Mapping[str, Term] = {
    "doubt": Term(1.24, 0.0),
    "source_piece": Term(-0.75, 2.22),
    "focus": Term(-3.72, 0.65),
    "target_piece": Term(-0.31, 2.31),
    "uncovered": Term(0.8, 0.15),
    "unusual_length": Term(0.16, 0.08),
    "brevity": Term(0.28, -3.95),
}
"""Signs that count as far as an engine is lost, with weights from half of the test texts."""
SET: Mapping[str, Term] = {
    "fallback": Term(4.0, 0.0),
    "spread": Term(-1.0, 0.1),
    "errors": Term(3.0, 0.0),
    "warnings": Term(0.7, 0.0),
    "memory": Term(-2.5, 0.6),
    "later answer": Term(0.3, 0.0),
    "repaired answer": Term(0.5, 0.0),
    "markup as tokens": Term(0.2, 0.0),
    "numbers as tokens": Term(0.5, 0.0),
    "other tokens": Term(0.3, 0.0),
    "clauses apart": Term(0.8, 0.0),
    "pieces apart": Term(1.0, 0.0),
    "other route": Term(0.5, 0.0),
    "markup at the edges": Term(4.0, 0.0),
}
"""Signs whose weights were set by hand."""
KNOWN_START, KNOWN_SLOPE = 8.2, 5.8
"""From doubt to the logit of the risk, on known ground."""
LOST_START = 2.2
"""The logit of the risk of a text with the usual signs where the engine is lost: 0.9, by hand."""
LOST, WIDTH = -0.7, 0.1
"""The doubt at which an engine counts as lost by half, and how gently it does."""
MEMORY_START, MEMORY_SLOPE = -2.0, 8.0
"""For a text of the memory: the same source approved elsewhere has 0.12, a likeness of 0.8 0.40."""
SHARES = (1.0, 0.5, 0.25)
"""How much of the risk of a unit's worst, second and third worst segment counts."""


def features_of(
    source: str,
    text: str,
    hypothesis: Hypothesis | None,
    *,
    rung: str = "",
    memory: float | None = None,
) -> Features:
    """The features of a segment's text; without a hypothesis it came from the memory."""
    length = max(1, len(text))
    ratio = length / len(source) if source else None
    told = Features(length=length, length_ratio=ratio, rung=str(rung), memory=memory)
    if hypothesis is None:
        return told
    return replace(told, **{name: getattr(hypothesis, name) for name in SIGNS})


def risk(features: Features | None) -> float | None:
    """The risk of a segment's text in [0,1]; None if neither an engine nor a memory spoke of it."""
    if features is None:
        return None
    if features.score is not None:
        return _mixed(signs(features))
    if features.memory is not None:
        return _logistic(MEMORY_START + MEMORY_SLOPE * (1 - features.memory))
    return None


def unit_risk(segments: Iterable[float | None]) -> float | None:
    """The risk of a unit: that its worst segment is changed, or else a share of the next worst.

    `1 - (1 - r1)(1 - r2/2)(1 - r3/4)` for the three worst. A reviewer who reads a unit finds its
    worst sentence; were all sentences to count in full, every long unit would be a risk. Segments
    of unknown risk are left out; None if nothing is known.
    """
    known = sorted((one for one in segments if one is not None), reverse=True)
    if not known:
        return None
    worst = zip(known, SHARES, strict=False)
    return 1 - math.prod(1 - share * value for value, share in worst)


def raised(known: float | None, findings: Iterable[Diagnostic]) -> float | None:
    """The risk of a unit in whose text the checks have found something."""
    found = [finding.severity for finding in findings]
    if known is None or not found:
        return known
    errors = found.count(Severity.ERROR)
    counts = {"errors": min(errors, MOST), "warnings": min(len(found) - errors, MOST)}
    bounded = min(max(known, LEAST), 1 - LEAST)
    return _logistic(math.log(bounded / (1 - bounded)) + _weighed(counts, SET))


def signs(features: Features) -> dict[str, float]:
    """The signs that were measured, by their names in CHOSEN and SET."""
    given: dict[str, float | None] = {
        "doubt": None if features.score is None else math.log(max(0.0, -features.score) + CERTAIN),
        "source_piece": features.source_piece,
        "focus": features.focus,
        "target_piece": features.target_piece,
        "uncovered": 1 - features.coverage,
        "unusual_length": _unusual(features.length_ratio),
        "brevity": None if features.length is None else -math.log(features.length),
        "fallback": features.fallback,
        "spread": None if features.spread is None else min(features.spread, 1.0),
        "memory": features.memory,
        features.rung: 1.0,
    }
    return {name: value for name, value in given.items() if value is not None}


def _mixed(found: Mapping[str, float]) -> float:
    """The risk by both models, each as far as the engine is where it was made for."""
    doubt, more = found["doubt"], _weighed(found, SET)
    lost = _logistic((doubt - LOST) / WIDTH)
    on_known_ground = _logistic(KNOWN_START + KNOWN_SLOPE * doubt + more)
    where_lost = _logistic(LOST_START + _weighed(found, CHOSEN) + more)
    return (1 - lost) * on_known_ground + lost * where_lost


def _weighed(found: Mapping[str, float], terms: Mapping[str, Term]) -> float:
    """The sum of the signs by these terms."""
    return sum(
        term.weight * (found[name] - term.usual) for name, term in terms.items() if name in found
    )


def _unusual(ratio: float | None) -> float | None:
    return None if not ratio else max(0.0, abs(math.log(ratio)) - UNUSUAL)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-min(max(value, -30.0), 30.0)))
