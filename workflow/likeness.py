"""Likeness: how much two texts resemble each other, and in which words they differ.

The one door to rapidfuzz, which is loaded when it is first needed: few commands compare texts.

>>> round(ratio("The pool opens late.", "The pool opens early."), 2)
0.83
>>> word_diff("The pool opens late.", "The pool opens early.")
'The pool opens [-late-] {+early+}.'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from types import ModuleType

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 2_000
"""Words of a text that are compared for a diff: time grows with their square."""


def ratio(one: str, other: str, *, least: float = 0.0) -> float:
    """How much two texts resemble each other, in [0, 1]; 0 for what is below `least`.

    Twice the length of their longest common subsequence of characters over the sum of their
    lengths (rapidfuzz's normalized Indel similarity).
    """
    return float(_indel().normalized_similarity(one, other, score_cutoff=least or None))


def word_ratio(one: str, other: str) -> float:
    """The same by words and signs instead of characters, upper and lower case alike."""
    here, there = (
        [word for word in _WORDS.findall(text.casefold())[:_MOST_WORDS] if not word.isspace()]
        for text in (one, other)
    )
    return float(_indel().normalized_similarity(here, there))


def closest(
    query: str, choices: Sequence[str], *, least: float, limit: int | None = None
) -> list[tuple[int, float]]:
    """Index and ratio of the choices that resemble a text most, best first; equals in order."""
    from rapidfuzz.process import extract  # noqa: PLC0415 - see the top

    scorer = _indel().normalized_similarity
    found = extract(query, choices, scorer=scorer, score_cutoff=least, limit=None)
    ranked = sorted((-score, index) for _, score, index in found)
    return [(index, -score) for score, index in ranked[:limit]]


@cache
def _indel() -> ModuleType:
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - see the top

    return Indel


def word_diff(old: str, new: str) -> str:
    """The new text with the words that differ: `[-gone-]` and `{+come+}`, as wdiff marks them.

    Of a very long text only the first 2,000 words and signs are compared.
    """
    before, after = _WORDS.findall(old)[:_MOST_WORDS], _WORDS.findall(new)[:_MOST_WORDS]
    parts: list[tuple[str, str]] = []
    for step in _indel().opcodes(before, after):
        if step.tag == "equal":
            parts.append(("=", "".join(after[step.dest_start : step.dest_end])))
        else:
            parts.append(("-", "".join(before[step.src_start : step.src_end])))
            parts.append(("+", "".join(after[step.dest_start : step.dest_end])))
    return "".join(_marked(parts))


def _marked(parts: Sequence[tuple[str, str]]) -> list[str]:
    """Runs of words that differ, with single blanks between them counted in."""
    told: list[str] = []
    joined = _over_blanks([part for part in parts if part[1]])
    for same, run in groupby(joined, key=lambda part: part[0] == "="):
        steps = list(run)
        if same:
            told += [text for _, text in steps]
            continue
        gone = "".join(text for sign, text in steps if sign in "-~")
        come = "".join(text for sign, text in steps if sign in "+~")
        told += _pair(gone, come)
    return told


def _over_blanks(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Blanks between two differences belong to both (`~`)."""
    last = len(parts) - 1
    return [
        ("~", text) if sign == "=" and text.isspace() and 0 < at < last else (sign, text)
        for at, (sign, text) in enumerate(parts)
    ]


def _pair(gone: str, come: str) -> list[str]:
    """One difference; blanks at its ends stand outside the brackets."""
    frame = come or gone
    start = frame[: len(frame) - len(frame.lstrip())]
    end = frame[len(frame.rstrip()) :] if frame.strip() else ""
    marks = [f"[-{gone.strip()}-]"] if gone.strip() else []
    marks += [f"{{+{come.strip()}+}}"] if come.strip() else []
    return [start, " ".join(marks), end]
