"""Cuts text into pieces at random, the same from a seed.

SentencePiece can do so itself, but seeds its generator anew in every process, whatever it is told.
Forward filtering and backward sampling after T. Kudo, "Subword Regularization", 2018.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

FLATNESS = 0.2
"""The exponent on probabilities: 1 keeps the vocabulary's own, 0 makes all cuts alike."""

Edge = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Sampler:
    """Pieces with their log probabilities, and the length of the longest."""

    scores: Mapping[str, float]
    longest: int

    @classmethod
    def of(cls, scores: Mapping[str, float]) -> Sampler:
        """Make one of all pieces that may be used."""
        return cls(scores, max(map(len, scores)))

    def cut(self, text: str, rng: Random) -> list[str] | None:
        """Draw a cut, the likelier ones more often; None if no pieces make up the text."""
        sums = self._sums(text)
        if sums[-1] == -math.inf:
            return None
        pieces: list[str] = []
        end = len(text)
        while end:
            edges = list(self._edges(text, end, sums))
            weights = [math.exp(weight - sums[end]) for _, weight in edges]
            start = rng.choices([start for start, _ in edges], weights)[0]
            pieces.append(text[start:end])
            end = start
        return pieces[::-1]

    def _sums(self, text: str) -> list[float]:
        """Give the log of the summed weights of all cuts of each beginning of the text."""
        sums = [0.0]
        for end in range(1, len(text) + 1):
            weights = [weight for _, weight in self._edges(text, end, sums)]
            most = max(weights, default=-math.inf)
            total = sum(math.exp(weight - most) for weight in weights)
            sums.append(most + math.log(total) if total else -math.inf)
        return sums

    def _edges(self, text: str, end: int, sums: list[float]) -> Iterator[Edge]:
        """Yield each piece that ends there: its start, and the weight of all cuts through it."""
        for start in range(max(0, end - self.longest), end):
            score = self.scores.get(text[start:end])
            if score is not None and sums[start] > -math.inf:
                yield start, sums[start] + FLATNESS * score
