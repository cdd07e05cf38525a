"""Full hours in an engine's answer: 15:00 may become 15h, but no price, no day, and no other hour.

As a value 15:00 and 15 are the same number (`workflow.numbers`), so numbers alone do not tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.model import Diagnostic, Severity

_FULL = re.compile(r"(?<![\d:.,])(\d{1,2})(?:[:h]00(?!\d)|\s?h(?!\w))")
_WITH_UNIT = re.compile(
    r"(?<![\d:.,])(\d{1,2})\s?(?:horas?|heures?|hours?|uhr|stunden?|ore|uur|[ap]\.?\s?m\b"
    r"|o['\u2019]clock|صباح|مساء|ظهر)",
    re.IGNORECASE,
)
_AFTER_WORD = re.compile(
    r"(?:الساعة|\blas?|\bàs?|\balle|\bum)\s(\d{1,2})(?![\d:]|[.,]\d|\s(?:de|of)\b)"
)
_ANY = (_FULL, _WITH_UNIT, _AFTER_WORD)
"""What may be read as a full hour; the last one is none for certain: it may be a day."""
_HALF = re.compile(r"\d\s?[ap]\.?\s?m\b|o['\u2019]clock|صباح|مساء|ظهر", re.IGNORECASE)
_NOON = 12


def hour_findings(source: str, target: str) -> Iterator[Diagnostic]:
    """The full hours that got lost, and those that the source does not say."""
    halves = bool(_HALF.search(source) or _HALF.search(target))
    lost = _hours(source, _FULL, halves=halves) - _hours(target, *_ANY, halves=halves)
    new = _hours(target, _FULL, _WITH_UNIT, halves=halves) - _hours(source, *_ANY, halves=halves)
    for hour in sorted(lost.elements()):
        yield Diagnostic("number", Severity.ERROR, f"the hour {hour}:00 is lost")
    for hour in sorted(new.elements()):
        yield Diagnostic("number", Severity.ERROR, f"the hour {hour}:00 is not in the source")


def _hours(text: str, *patterns: re.Pattern[str], halves: bool) -> Counter[int]:
    """The hours that are written in one of these ways, each place once."""
    places = {found.start(1): found[1] for one in patterns for found in one.finditer(text)}
    return Counter(_value(number, halves=halves) for number in places.values())


def _value(number: str, *, halves: bool) -> int:
    return int(number) % _NOON if halves else int(number)
