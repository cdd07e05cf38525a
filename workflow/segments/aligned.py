"""Markup by word alignment: the engine sees words, and marks go round the words they belong to.

The idea is that of Bergamot's translator (its HTML transfer): each word of a translation stands in
the marks of the source word on which the decoder's attention rested. Here a mark is never doubled
or lost: where the words of a span are scattered, the place is unsure, and the caller tries another
way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workflow.segments.clean import WORD, Clean, Mark
from workflow.segments.tokens import OPENING, TOKEN

_HEAD = re.compile(r"[¿¡(\[«\u201c\"'\u2018\u201e]*")
_TAIL = re.compile(
    r"[.,;:!?…)\]»\u201d\"'\u2019\u060c\u061b\u061f\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]*$"
)
_DIGITS = re.compile(r"\d+")
MOST_APART = 2
"""Words of one span stand in a row, or with one between two of them that is nobody's."""
GATHERED = 0.6
"""The share of a span's words that stand together at least; the others are strays."""


def placed(clean: Clean, answer: str, alignment: Sequence[int] | None) -> str | None:
    """The answer with the tokens of the markup where the alignment says; None if that is unsure.

    `answer` is an answer to the clean text, `alignment` that of its hypothesis.
    """
    words = list(WORD.finditer(answer))
    if alignment is None or len(words) != len(alignment):
        return None
    links = _anchored(alignment, clean.protected.text.split(), [word[0] for word in words])
    hulls = [_hull(links, mark) for mark in clean.marks]
    certain = [hull for hull in hulls if hull is not None]
    if len(certain) < len(hulls):
        return None
    return _inserted(clean, answer, _bounds(clean.marks, certain, words))


def _anchored(
    alignment: Sequence[int], source: Sequence[str], target: Sequence[str]
) -> Sequence[int]:
    """The alignment with the words that are surely each other's: those of tokens and numbers."""
    here, there = _anchors(source), _anchors(target)
    known = {there[key]: here[key] for key in here.keys() & there.keys()}
    return [known.get(at, link) for at, link in enumerate(alignment)]


def _anchors(words: Sequence[str]) -> dict[str, int]:
    """Words by their tokens, or else their digits, where just one word has these."""
    found: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        signs = TOKEN.findall(word) if OPENING in word else _DIGITS.findall(word)
        if signs:
            kind = "token" if OPENING in word else "digits"
            found.setdefault(" ".join([kind, *signs]), []).append(at)
    return {key: places[0] for key, places in found.items() if len(places) == 1}


def _hull(links: Sequence[int], mark: Mark) -> tuple[int, int] | None:
    """The first and last word of a span in the answer; None if they are not surely these."""
    inside = [at for at, link in enumerate(links) if mark.first <= link <= mark.last]
    if not inside or not mark.whole:
        return None
    group = max(_groups(inside, 1 if mark.first == mark.last else MOST_APART), key=len)
    reached = {links[at] for at in group}
    strangers = any(links[at] >= 0 for at in range(group[0], group[-1] + 1) if at not in group)
    sure = (
        len(group) >= GATHERED * len(inside)
        and 2 * len(reached) >= mark.last - mark.first + 1
        and not strangers
    )
    return (group[0], group[-1]) if sure else None


def _groups(places: Sequence[int], apart: int) -> list[list[int]]:
    groups = [[places[0]]]
    for before, at in pairwise(places):
        if at - before > apart:
            groups.append([])
        groups[-1].append(at)
    return groups


_Bounds = tuple[int, int]
"""Where a mark opens and closes in the answer, in characters."""


def _bounds(
    marks: Sequence[Mark], hulls: Sequence[tuple[int, int]], words: Sequence[re.Match[str]]
) -> list[_Bounds]:
    return [
        _bound(mark, words[first], words[last])
        for mark, (first, last) in zip(marks, hulls, strict=True)
    ]


def _bound(mark: Mark, first: re.Match[str], last: re.Match[str]) -> _Bounds:
    """Without the punctuation that stands outside the span in the source, too."""
    head, tail = _HEAD.match(first[0]), _TAIL.search(last[0])
    start = first.start() + (len(head[0]) if head and not mark.head else 0)
    end = last.end() - (len(tail[0]) if tail and not mark.tail else 0)
    return (start, end) if start < end else (first.start(), last.end())


def _inserted(clean: Clean, answer: str, bounds: Sequence[_Bounds]) -> str | None:
    """None if two marks would cross, or one would hold nothing."""
    if not _nested(clean.marks, bounds):
        return None
    ends: list[tuple[int, int, int, int]] = []
    for at, (mark, (start, end)) in enumerate(zip(clean.marks, bounds, strict=True)):
        ends += [(start, 1, at, mark.opening), (end, 0, -at, mark.closing)]
    text, position = "", 0
    for offset, _, _, number in sorted(ends):
        text += _renumbered(answer[position:offset], clean.atoms) + f"⟦{number}⟧"
        position = offset
    return text + _renumbered(answer[position:], clean.atoms)


def _nested(marks: Sequence[Mark], bounds: Sequence[_Bounds]) -> bool:
    """Whether marks lie in the answer as they do in the source: one in another, or apart."""
    spots = list(zip(marks, bounds, strict=True))
    return all(start < end for start, end in bounds) and all(
        inner[0] >= outer[0] and inner[1] <= outer[1]
        if one.opening < other.opening and other.closing < one.closing
        else outer[1] <= inner[0] or inner[1] <= outer[0]
        for at, (one, outer) in enumerate(spots)
        for other, inner in spots[at + 1 :]
    )


def _renumbered(text: str, atoms: Sequence[int]) -> str:
    """Tokens as the segment with its markup numbers them; one that stands for nothing is 0."""
    return TOKEN.sub(lambda found: f"⟦{_number(int(found[1]), atoms)}⟧", text)


def _number(number: int, atoms: Sequence[int]) -> int:
    return atoms[number - 1] if 0 < number <= len(atoms) else 0


def at_edges(clean: Clean, answer: str) -> str | None:
    """The answer with its markup round the whole of it; several spans share it in proportion.

    For text that is right and whose markup nobody can place. None if there are fewer words than
    spans side by side.
    """
    words = list(WORD.finditer(answer))
    count = len(clean.protected.text.split())
    hulls = dict(_shared(list(clean.marks), (0, count - 1), (0, len(words) - 1)))
    if len(hulls) < len(clean.marks):
        return None
    ordered = [hulls[mark.opening] for mark in clean.marks]
    return _inserted(clean, answer, _bounds(clean.marks, ordered, words))


def _shared(
    marks: Sequence[Mark], source: tuple[int, int], target: tuple[int, int]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """The words of the answer for each mark, by its opening token; nothing if there are too few."""
    outer = [mark for mark in marks if not any(_holds(other, mark) for other in marks)]
    least = target[0]
    for at, mark in enumerate(outer):
        after = len(outer) - at - 1
        first = max(least, _scaled(mark.first, source, target)) if len(outer) > 1 else target[0]
        last = _scaled(mark.last, source, target) if after else target[1]
        first = min(first, target[1] - after)
        last = min(max(first, last), target[1] - after)
        if first < least:
            return
        least = last + 1
        yield mark.opening, (first, last)
        inner = [other for other in marks if _holds(mark, other)]
        yield from _shared(inner, (mark.first, mark.last), (first, last))


def _holds(outer: Mark, inner: Mark) -> bool:
    return outer.opening < inner.opening and inner.closing < outer.closing


def _scaled(word: int, source: tuple[int, int], target: tuple[int, int]) -> int:
    share = (word - source[0]) / max(1, source[1] - source[0])
    return target[0] + round(share * (target[1] - target[0]))
