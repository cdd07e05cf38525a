"""Chooses the weights of `workflow.risk.CHOSEN`: `python -m benchmarks.risk_weights`.

Only the first half of the test texts goes into the weights; `benchmarks.risk` reports on the other.
Where the ground ends (`LOST`, `WIDTH`) and `STRETCH` were set by hand, with both in view.

The weights are a ridge regression of the rank by quality, within each pair of languages, of the
out-of-sublanguage texts, where the decoder's score tells little. The start and slope for known
ground are a logistic regression of whether an in-sublanguage text differs from its reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.risk_sets import IN, OUT, PERFECT, PIVOT, Sample, all_samples, of_domain
from workflow import risk

HALF, KNOWN = 0, 600
PENALTY = 100.0
"""Of the weights of signs in standard deviations; 20 and 100 were as good within the half."""
STRETCH = 6.0
"""From ranks to logits, by hand: with it two digits of risk keep the order of what is lost."""
STEPS, PACE = 200, 0.5
Array = npt.NDArray[np.float64]


def found_in(some: Sequence[Sample]) -> list[dict[str, float]]:
    """The signs of each sample."""
    return [
        risk.signs(risk.features_of(one.source, one.hypothesis.text, one.hypothesis))
        for one in some
    ]


def rank_of_badness(some: Sequence[Sample]) -> Array:
    """0 for the best of a set, towards 1 for the worst."""
    order = np.argsort(np.argsort([-one.quality for one in some], kind="stable"))
    return np.asarray(order / len(some), float)


def chosen(halves: Sequence[Sequence[Sample]]) -> dict[str, risk.Term]:
    """The terms, from the first halves of the out-of-sublanguage sets."""
    names = list(risk.CHOSEN)
    rows = [[found[name] for name in names] for some in halves for found in found_in(some)]
    signs, target = np.array(rows), np.concatenate([rank_of_badness(some) for some in halves])
    usual, spread = signs.mean(axis=0), signs.std(axis=0)
    unit = (signs - usual) / spread
    bend = unit.T @ unit + PENALTY * np.eye(len(names))
    weights = STRETCH * np.linalg.solve(bend, unit.T @ (target - target.mean())) / spread
    return {
        name: risk.Term(round(float(weight), 3), round(float(middle), 3))
        for name, weight, middle in zip(names, weights, usual, strict=True)
    }


def line(some: Sequence[Sample]) -> Array:
    """Start and slope of the logit of differing from the reference, by doubt."""
    doubt = np.array([found["doubt"] for found in found_in(some)])
    differs = np.array([one.quality < PERFECT for one in some], float)
    columns, fitted = np.column_stack([np.ones_like(doubt), doubt]), np.zeros(2)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(columns @ fitted)))
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns
        fitted = fitted - PACE * np.linalg.solve(bend, columns.T @ (chance - differs))
    return fitted


def halves(every: Mapping[str, Sequence[Sample]], domain: str) -> list[list[Sample]]:
    """The first half of a domain, pair by pair; the pivot only repeats two of them."""
    pairs = (some for pair, some in every.items() if pair != str(PIVOT))
    return [of_domain(some, domain, HALF) for some in pairs]


def main() -> None:
    """Print the terms, and the start and slope."""
    every = all_samples(KNOWN)
    for name, term in chosen(halves(every, OUT)).items():
        print(f"{name}: Term({term.weight}, {term.usual})")
    start, slope = line([one for some in halves(every, IN) for one in some])
    print(f"KNOWN_START, KNOWN_SLOPE = {start:.2f}, {slope:.2f}")


if __name__ == "__main__":
    main()
