"""chrF of one sentence, as sacrebleu computes it by default (M. Popović, "chrF", 2015).

Character n-grams of up to 6 without spaces, recall counted twice; sacrebleu itself is a tool of
those who train packages (`tools/demo_packages`), and no dependency of what is tested here.
"""

from __future__ import annotations

from collections import Counter

ORDER, BETA = 6, 2


def chrf(text: str, reference: str) -> float:
    """How close a text is to its reference, from 0 to 100; orders that one lacks are left out."""
    shares = [shares for n in range(1, ORDER + 1) if (shares := _shares(text, reference, n))]
    if not shares:
        return 0.0
    precision, recall = (sum(side) / len(shares) for side in zip(*shares, strict=True))
    if not precision + recall:
        return 0.0
    weight = BETA**2
    return 100 * (1 + weight) * precision * recall / (weight * precision + recall)


def _shares(text: str, reference: str, n: int) -> tuple[float, float] | None:
    """Precision and recall of the n-grams of one length."""
    ours, theirs = _ngrams(text, n), _ngrams(reference, n)
    if not ours or not theirs:
        return None
    same = (ours & theirs).total()
    return same / ours.total(), same / theirs.total()


def _ngrams(text: str, n: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(letters[start : start + n] for start in range(len(letters) - n + 1))
