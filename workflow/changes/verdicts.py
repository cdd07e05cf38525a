"""Verdicts: what kind of change a source text went through, and what that asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from workflow import numbers
from workflow.changes import evidence
from workflow.changes.matching import pairs
from workflow.changes.negations import negations
from workflow.changes.style import plain_style
from workflow.segments import split

LONGEST = 60
"""Characters of what changed that a reason shows."""


class Kind(StrEnum):
    """What a change asks for: nothing, nothing but a note, a review, or a recall at once."""

    SAME = "same"
    STYLE = "style"
    REWORDED = "reworded"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a change, and for a recall what must not stay as it was."""

    kind: Kind
    reasons: tuple[str, ...] = ()


def verdict(old: str, new: str, *, language: str, names: Collection[str] = ()) -> Verdict:
    """How a source text changed; `names` are those that are never translated.

    Blanks and the style of quotation marks and dashes alone: STYLE. A number, date, name, negation,
    unit of measure, link, placeholder or quotation that changed: RECALL. Anything else is REWORDED,
    and so are whole sentences that were added: they make nothing wrong that stood there before.
    """
    if old == new:
        return Verdict(Kind.SAME)
    if plain_style(old) == plain_style(new) and evidence.links(old) == evidence.links(new):
        return Verdict(Kind.STYLE)
    before, after = _changed(old, new, language)
    reasons = dict.fromkeys(_reasons(before, after, language, names))
    return Verdict(Kind.RECALL if reasons else Kind.REWORDED, tuple(map(_short, reasons)))


def _changed(old: str, new: str, language: str) -> tuple[str, str]:
    """Both texts without the sentences that they share, and without those that were added."""
    before, after = (_sentences(text, language) for text in (old, new))
    shared = Counter(map(plain_style, before)) & Counter(map(plain_style, after))
    left, right = _without(before, shared), _without(after, shared)
    if len(right) > len(left):
        known = {now for _, now in pairs(left, right)}
        spare = [text for index, text in enumerate(right) if index not in known]
        if len(known) == len(left):
            right = [text for text in right if text not in spare]
    return "\n".join(left), "\n".join(right)


def _sentences(text: str, language: str) -> list[str]:
    return [piece for piece in split(text, language) if piece.strip()]


def _without(sentences: list[str], shared: Counter[str]) -> list[str]:
    left, rest = Counter(shared), []
    for sentence in sentences:
        style = plain_style(sentence)
        if left[style]:
            left[style] -= 1
        else:
            rest.append(sentence)
    return rest


def _reasons(old: str, new: str, language: str, known: Collection[str]) -> Iterator[str]:
    lost, added = numbers.differences(old, new)
    yield from _told("number", Counter(lost), Counter(added))
    yield from _told("date", evidence.dates(old, language), evidence.dates(new, language))
    days = (evidence.relative_days(text, language) for text in (old, new))
    yield from _told("date", *days)
    yield from _told("name", *_names(old, new, language, known))
    yield from _told("unit of measure", evidence.measures(old), evidence.measures(new))
    yield from _told("link or placeholder", evidence.links(old), evidence.links(new))
    yield from _told("quotation", evidence.quotations(old), evidence.quotations(new))
    if len(before := negations(old, language)) != len(after := negations(new, language)):
        yield from _told("negation", Counter(before), Counter(after))


def _names(
    old: str, new: str, language: str, known: Collection[str]
) -> tuple[Counter[str], Counter[str]]:
    """Names of either text that the other does not hold even as a plain word."""
    before = evidence.names(old, language, known)
    after = evidence.names(new, language, known)
    return _absent(before - after, new), _absent(after - before, old)


def _absent(found: Counter[str], text: str) -> Counter[str]:
    there = evidence.words(text)
    return Counter(
        {
            name: count
            for name, count in found.items()
            if name.casefold() not in there and name not in text
        }
    )


def _told(what: str, old: Counter[str], new: Counter[str]) -> Iterator[str]:
    yield from (f"{what}: {change}" for change in evidence.each_difference(old, new))


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= 2 * LONGEST else f"{line[: 2 * LONGEST]}…"
