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
    r"(?<![\d:.,])(\d{1,2})\s?(?:horas?|heures?|uhr|ore|uur|[ap]\.?\s?m\b|o['\u2019]clock|صباح|مساء|ظهر)",
    re.IGNORECASE,
)
_AFTER_WORD = re.compile(
    r"(?:الساعة|\blas?|\bàs?|\balle|\bum)\s(\d{1,2})(?![\d:]|[.,]\d|\s(?:de|of)\b)"
)
_HALF = re.compile(r"\d\s?[ap]\.?\s?m\b|o['\u2019]clock|صباح|مساء|ظهر", re.IGNORECASE)
_NOON = 12


def hour_findings(source: str, target: str) -> Iterator[Diagnostic]:
    """The full hours that got lost, and those that the source does not say."""
    halves = bool(_HALF.search(source) or _HALF.search(target))
    wanted, told = _hours(source, halves=halves), _hours(target, halves=halves)
    for hour in sorted((_full(source, halves=halves) - told).elements()):
        yield Diagnostic("number", Severity.ERROR, f"the hour {hour}:00 is lost")
    for hour in sorted((_full(target, halves=halves) - wanted).elements()):
        yield Diagnostic("number", Severity.ERROR, f"the hour {hour}:00 is not in the source")


def _full(text: str, *, halves: bool) -> Counter[int]:
    """Hours that are surely meant as such."""
    return Counter(_value(found[1], halves=halves) for found in _FULL.finditer(text))


def _hours(text: str, *, halves: bool) -> Counter[int]:
    """All numbers that may be read as a full hour, each once however it is written."""
    places = {
        found.start(1): found[1]
        for pattern in (_FULL, _WITH_UNIT, _AFTER_WORD)
        for found in pattern.finditer(text)
    }
    return Counter(_value(number, halves=halves) for number in places.values())


def _value(number: str, *, halves: bool) -> int:
    return int(number) % _NOON if halves else int(number)
