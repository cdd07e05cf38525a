"""What a decoder's answer tells of its own quality: score, fallback, coverage, focus, pieces."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

BYTE = re.compile(r"<0x[0-9A-F]{2}>")
VISITED = 0.5
UNSEEN = 0.05
"""Attention (of one target piece) to a word that counts as none."""
TINY = 1e-9
MARKS = "\N{LOWER ONE EIGHTH BLOCK}@"
"""What says that a word begins or goes on, in the notations of sentencepiece and subword-nmt."""


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
    strange = sum(bool(BYTE.fullmatch(piece)) or _unknown(piece, known) for piece in pieces)
    return strange / len(pieces)


def _unknown(piece: str, known: Collection[str]) -> bool:
    return bool(known) and piece not in known


def coverage_share(attention: Sequence[Sequence[float]], words: Sequence[int]) -> float:
    """The share of source words that the decoder's attention visited.

    `attention` has a row for each target piece and a column for each source piece; `words` gives
    the word of each source piece. A word is visited if the weights that all target pieces together
    give to all of its pieces come to at least half of one target piece's attention.
    """
    if not words:
        return 1.0
    if not attention:
        return 0.0
    weights = np.asarray(attention, dtype=np.float32).sum(axis=0)
    per_word = np.bincount(words, weights=weights[: len(words)])
    return float(np.mean(per_word >= VISITED))


def focus_share(attention: Sequence[Sequence[float]], words: Sequence[int]) -> float | None:
    """The share of a target piece's attention that its strongest source word gets, as a mean.

    The arguments are those of `coverage_share`; attention to the end of the sentence is left out.
    None if there is nothing to look at.
    """
    if not words or not attention:
        return None
    weights = np.asarray(attention, dtype=np.float32)[:, : len(words)]
    per_word = np.add.reduceat(weights, _starts(words), axis=1)
    return float(np.mean(per_word.max(axis=1) / np.maximum(per_word.sum(axis=1), TINY)))


def alignment(
    attention: Sequence[Sequence[float]], words: Sequence[int], target_words: Sequence[int]
) -> tuple[int, ...] | None:
    """For each target word the source word that its pieces look at most, -1 if at none.

    `attention` and `words` are those of `coverage_share`; `target_words` gives the word of each
    target piece. None if there is nothing to look at.
    """
    if not words or not target_words or len(attention) < len(target_words):
        return None
    weights = np.asarray(attention, dtype=np.float32)[: len(target_words), : len(words)]
    per_word = np.add.reduceat(weights, _starts(words), axis=1)
    summed = np.add.reduceat(per_word, _starts(target_words), axis=0)
    seen = summed.max(axis=1) > UNSEEN
    return tuple(np.where(seen, summed.argmax(axis=1), -1).tolist())


def _starts(words: Sequence[int]) -> list[int]:
    return [at for at, word in enumerate(words) if not at or word != words[at - 1]]


def letters_per_piece(pieces: Sequence[str]) -> float | None:
    """How many letters a piece has on average: few where a vocabulary can only spell the words.

    A single byte has none. None if there are no pieces.
    """
    if not pieces:
        return None
    letters = (0 if BYTE.fullmatch(piece) else len(piece.strip(MARKS)) for piece in pieces)
    return sum(letters) / len(pieces)


def spreads(scores: Sequence[float]) -> list[float | None]:
    """By how much the next score lies below each; None for the last."""
    return [*(best - next_best for best, next_best in pairwise(scores)), None][: len(scores)]
