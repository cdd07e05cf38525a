"""Overlong segments cut into stretches that a model can take, so that nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workflow.model import Hypothesis
from workflow.ports import Hypotheses

Encode = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a segment: its pieces, and the text that stands between it and the one before."""

    pieces: tuple[str, ...]
    glue: str = ""


def stretches(text: str, encode: Encode, *, limit: int) -> list[Stretch]:
    """The segment itself if it has at most `limit` pieces, else parts that do.

    It is halved at the space nearest to its middle (at the middle where there is none) until every
    part fits. Argos sends such a segment whole: CTranslate2 then cuts its input at 1,024 pieces
    and its output at 256 without a word.
    """
    return list(_cut(text, encode, limit, glue=""))


def _cut(text: str, encode: Encode, limit: int, *, glue: str) -> Iterator[Stretch]:
    pieces = encode(text)
    if len(pieces) <= limit or len(text) < 2:  # noqa: PLR2004 - one character has no halves
        yield Stretch(pieces=tuple(pieces), glue=glue)
        return
    left, between, right = _halves(text)
    yield from _cut(left, encode, limit, glue=glue)
    yield from _cut(right, encode, limit, glue=between)


def _halves(text: str) -> tuple[str, str, str]:
    middle = len(text) // 2
    spaces = [text.rfind(" ", 1, middle + 1), text.find(" ", middle, len(text) - 1)]
    found = [place for place in spaces if place > 0]
    if not found:
        return text[:middle], "", text[middle:]
    place = min(found, key=lambda at: abs(at - middle))
    return text[:place], " ", text[place + 1 :]


def joined(answers: Sequence[tuple[Stretch, Hypotheses]]) -> Hypotheses:
    """The hypotheses for a segment from those for its stretches, best with best and so on.

    Score, fallback, coverage and the others are means, weighted by the stretches' source pieces.
    A rank in which a stretch has no answer has none as a whole: a text with a hole in it would look
    like one.
    """
    if len(answers) == 1:
        return answers[0][1]
    ranks = zip(*(hypotheses for _, hypotheses in answers), strict=False)
    parts = [stretch for stretch, _ in answers]
    return tuple(_joined_rank(parts, rank) for rank in ranks)


def _joined_rank(parts: Sequence[Stretch], rank: Sequence[Hypothesis]) -> Hypothesis:
    weights = [max(1, len(part.pieces)) for part in parts]

    def known(values: list[float | None]) -> float | None:
        return None if None in values else mean([value for value in values if value is not None])

    def mean(values: list[float]) -> float:
        weighted = (weight * value for weight, value in zip(weights, values, strict=True))
        return sum(weighted) / sum(weights)

    hole = any(part.pieces and not one.text for part, one in zip(parts, rank, strict=True))
    joined = "".join(part.glue + one.text for part, one in zip(parts, rank, strict=True))
    return Hypothesis(
        text="" if hole else joined,
        score=mean([one.score for one in rank]),
        fallback=mean([one.fallback for one in rank]),
        coverage=mean([one.coverage for one in rank]),
        focus=known([one.focus for one in rank]),
        source_piece=known([one.source_piece for one in rank]),
        target_piece=known([one.target_piece for one in rank]),
        spread=known([one.spread for one in rank]),
    )
