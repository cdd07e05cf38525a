"""Which old text of a field became which new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.changes.style import plain_style
from workflow.likeness import ratio, word_ratio

ENOUGH_WORDS = 0.5
"""The likeness of two texts by words, from which one is the other one changed."""
ENOUGH_LETTERS = 0.75
"""The same by letters, for short texts and for scripts without blanks."""
_TOO_LONG = 20_000  # characters that no paragraph has
_NEAR = 20  # how far apart two blocks of one field may stand when there are many
_MANY = 2_000  # pairs above which only near ones are compared


def pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indices, each index once: texts of one wording first, then the most alike ones."""
    found = list(_of_one_wording(old, new))
    taken_old, taken_new = ({pair[side] for pair in found} for side in (0, 1))
    left = [index for index in range(len(old)) if index not in taken_old]
    right = [index for index in range(len(new)) if index not in taken_new]
    for _, was, now in sorted(_rated(old, new, left, right)):
        if was not in taken_old and now not in taken_new:
            taken_old.add(was)
            taken_new.add(now)
            found.append((was, now))
    return sorted(found)


def likeness(one: str, other: str) -> float:
    """How much two texts resemble each other, in [0, 1]; 0 if they are not the same one changed."""
    if max(len(one), len(other)) > _TOO_LONG:
        return 0.0
    by_words = word_ratio(one, other)
    by_letters = ratio(one, other, least=ENOUGH_LETTERS)
    return max(by_words if by_words >= ENOUGH_WORDS else 0.0, by_letters)


def _of_one_wording(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    there: dict[str, list[int]] = {}
    for index, text in enumerate(new):
        there.setdefault(plain_style(text), []).append(index)
    for index, text in enumerate(old):
        if found := there.get(plain_style(text)):
            yield index, found.pop(0)


def _rated(
    old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[float, int, int]]:
    near = len(left) * len(right) > _MANY
    for place, was in enumerate(left):
        reach = range(max(place - _NEAR, 0), place + _NEAR + 1) if near else range(len(right))
        for at in reach:
            if at < len(right) and (rate := likeness(old[was], new[right[at]])):
                yield -rate, was, right[at]
