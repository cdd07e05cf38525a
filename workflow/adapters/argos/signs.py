"""What a decoder's answer tells of its own quality: score, fallback, attention, pieces.

All hypotheses of a segment are looked at together: with four of them this is what the calling
thread spends most of its time on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np

BYTE = re.compile(r"<0x[0-9A-F]{2}>")
VISITED = 0.5
UNSEEN = 0.05
"""Attention (of one target piece) to a word that counts as none."""
TINY = 1e-9
MARKS = "\N{LOWER ONE EIGHTH BLOCK}@"
"""What says that a word begins or goes on, in the notations of sentencepiece and subword-nmt."""
PIECES = 1 << 16
"""Pieces that are remembered with what they hold: two vocabularies of Argos' size."""

Attention = Sequence[Sequence[float]]
"""A row for each target piece, a column for each source piece (and the end of the sentence)."""
_Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """Where the attention of one hypothesis rests.

    `coverage` is the share of source words that it visited: those to whose pieces all target pieces
    together give at least half of one target piece's attention. `focus` is the share of a target
    piece's attention that its strongest source word gets, as a mean; what goes to the end of the
    sentence is left out. `alignment` gives for each target word the source word that its pieces
    look at most, -1 if at none. The last two are None if there is nothing to look at.
    """

    coverage: float
    focus: float | None = None
    alignment: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The attention of one hypothesis, and where its words begin among its `pieces`.

    The `given` pieces of a prefix come before these, with rows in `attention`, too.
    """

    attention: Attention
    word_starts: Sequence[int]
    pieces: int
    given: int = 0

    @property
    def rest(self) -> int:
        """How many rows there are behind the last piece, negative if some lack."""
        return len(self.attention) - self.given - self.pieces


def looks(targets: Sequence[Target], word_starts: Sequence[int], pieces: int) -> list[Look]:
    """A Look for each hypothesis; `word_starts` and `pieces` are those of the source."""
    if not word_starts:
        return [Look(1.0) for _ in targets]
    found = iter(_looks([one for one in targets if one.attention], word_starts, pieces))
    return [next(found) if one.attention else Look(0.0) for one in targets]


def _looks(targets: Sequence[Target], word_starts: Sequence[int], pieces: int) -> list[Look]:
    """The same for hypotheses that have attention, of a source that has words."""
    if not targets:
        return []
    sizes = [len(one.attention) for one in targets]
    firsts = [0, *accumulate(sizes[:-1])]
    per_word = _per_word(targets, word_starts, pieces)
    coverage = (np.add.reduceat(per_word, firsts, axis=0) >= VISITED).sum(axis=1)
    share = per_word.max(axis=1) / np.maximum(per_word.sum(axis=1), TINY)
    focus = (np.add.reduceat(share, firsts) / sizes).tolist()
    aligned = _alignments(per_word, targets, firsts)
    return list(map(Look, (coverage / len(word_starts)).tolist(), focus, aligned))


def _per_word(targets: Sequence[Target], word_starts: Sequence[int], pieces: int) -> _Array:
    """One array for all hypotheses: a row for each target piece, a column for each source word."""
    columns = len(targets[0].attention[0])
    flat = chain.from_iterable(chain.from_iterable(one.attention for one in targets))
    weights = np.fromiter(flat, dtype=np.float32).reshape(-1, columns)
    return np.add.reduceat(weights[:, :pieces], word_starts, axis=1)


def _alignments(
    per_word: _Array, targets: Sequence[Target], firsts: Sequence[int]
) -> list[tuple[int, ...] | None]:
    """The rows of all target words summed at once; each hypothesis then takes what is its own."""
    bounds: list[int] = []
    places: list[slice | None] = []
    for one, first in zip(targets, firsts, strict=True):
        start = first + one.given
        known = bool(one.word_starts) and one.rest >= 0
        bounds += [first] * (not known or bool(one.given))  # what is before the first word
        mine = [start + word for word in one.word_starts] if known else []
        places.append(slice(len(bounds), len(bounds) + len(mine)) if known else None)
        bounds += mine
        bounds += [start + one.pieces] * (known and one.rest > 0)  # what is behind the last
    summed = np.add.reduceat(per_word, bounds, axis=0)
    best = np.where(summed.max(axis=1) > UNSEEN, summed.argmax(axis=1), -1).tolist()
    return [None if place is None else tuple(best[place]) for place in places]


def mean_score(score: float, *, pieces: int, given: int, penalty: float) -> float:
    """Mean log-probability of a target piece (natural logarithm), from CTranslate2's score.

    CTranslate2 divides the sum of log-probabilities by length^penalty; the length counts the end of
    the sentence and the `given` pieces of a target prefix, the sum leaves the prefix out (measured
    with 4.8 against `score_batch`). `pieces` is the length of the output with its prefix.
    """
    length = pieces + 1
    return score * float(length**penalty) / max(1, length - given)


def fallback_share(pieces: Sequence[str], known: Collection[str]) -> float:
    """The share of source pieces that are single bytes or that the model does not know."""
    if not pieces:
        return 0.0
    strange = sum(_is_byte(piece) or bool(known and piece not in known) for piece in pieces)
    return strange / len(pieces)


def letters_per_piece(pieces: Sequence[str]) -> float | None:
    """How many letters a piece has on average: few where a vocabulary can only spell the words.

    A single byte has none. None if there are no pieces.
    """
    return sum(map(_letters, pieces)) / len(pieces) if pieces else None


@lru_cache(PIECES)
def _is_byte(piece: str) -> bool:
    return bool(BYTE.fullmatch(piece))


@lru_cache(PIECES)
def _letters(piece: str) -> int:
    return 0 if _is_byte(piece) else len(piece.strip(MARKS))


def spreads(scores: Sequence[float]) -> list[float | None]:
    """By how much the next score lies below each; None for the last."""
    return [*(best - next_best for best, next_best in pairwise(scores)), None][: len(scores)]
