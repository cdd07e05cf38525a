"""Numbers in a text of any language: every digit run, with all values that it can be read as."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice, product

BLANKS = " \u00a0\u202f\u2009"
GROUPING = f".,\u066c'’{BLANKS}"
DECIMAL = ".,\u066b"
RUN = re.compile(rf"\d+(?:[{GROUPING}\u066b]\d+)*")
MOST_READINGS = 20_000
HOURS, MINUTES, DATE_PARTS = 24, 60, 3

Reading = tuple[str, ...]
"""The values of one run, if it is read in one way."""


def differences(text: str, expected: Sequence[str]) -> tuple[list[str], list[str]]:
    """What the text lacks of the expected values and what it has too much, read at its best."""
    wanted = Counter(map(canonical, expected))
    ways = product(*(readings(run) for run in runs(text)))
    found = (Counter(value for run in way for value in run) for way in islice(ways, MOST_READINGS))
    pairs = [(list((wanted - one).elements()), list((one - wanted).elements())) for one in found]
    return min(pairs, key=lambda pair: (len(pair[0]), len(pair[1])))


def runs(text: str) -> list[str]:
    """The digit runs, with the marks between digits, in ASCII digits."""
    return RUN.findall(in_ascii(text))


def in_ascii(text: str) -> str:
    """The text with the digits of any script in ASCII."""
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def canonical(number: str) -> str:
    """`3.50` is 3.5 and `08` is 8; but `0177`, as of a telephone, is what it is."""
    if number.isdecimal() and number.startswith("0") and len(number) > len("00"):
        return number
    value = Decimal(number)
    return format(value.to_integral() if value == value.to_integral() else value.normalize(), "f")


def readings(run: str) -> list[Reading]:
    """All ways to read a run: as one number, grouped or with a fraction, or as several."""
    groups, marks = re.findall(r"\d+", run), re.findall(r"\D", run)
    found = {tuple(map(canonical, way)) for way in _ways(groups, marks)}
    return sorted(found) or [tuple(map(canonical, groups))]


def _ways(groups: list[str], marks: list[str]) -> Iterator[Reading]:
    yield from _split_at_blanks(groups, marks)
    if not set(marks) & set(BLANKS) and (len(groups) >= DATE_PARTS or _is_time(groups, marks)):
        yield tuple(groups)


def _is_time(groups: list[str], marks: list[str]) -> bool:
    """As in `18.30`."""
    if marks != ["."]:
        return False
    hour, minute = groups
    return int(hour) <= HOURS and len(minute) == len("00") and int(minute) < MINUTES


def _split_at_blanks(groups: list[str], marks: list[str]) -> Iterator[Reading]:
    if not groups:
        yield ()
    for end in range(1, len(groups) + 1):
        cut = marks[end - 1 : end]
        if cut and cut[0] not in BLANKS:
            continue
        for number in _single(groups[:end], marks[: end - 1]):
            for rest in _split_at_blanks(groups[end:], marks[end:]):
                yield (number, *rest)


def _single(groups: list[str], marks: list[str]) -> Iterator[str]:
    """The values of a run that is one number."""
    if _is_grouped(groups, marks):
        yield "".join(groups)
    if marks and marks[-1] in DECIMAL and marks[-1] not in marks[:-1]:
        whole, before = groups[:-1], marks[:-1]
        if _is_grouped(whole, before):
            yield f"{''.join(whole)}.{groups[-1]}"


def _is_grouped(groups: list[str], marks: list[str]) -> bool:
    if not marks:
        return True
    same = len(set(marks)) == 1 and marks[0] in GROUPING
    first, *others = groups
    return same and len(first) <= len("000") and first[0] != "0" and all(
        len(group) == len("000") for group in others
    )  # fmt: skip
