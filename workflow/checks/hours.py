"""Times of the day in an engine's answer: 15:00 may become 15h or 3 pm, but no price and no 3 am.

As a value 15:00 and 15 are the same number (`workflow.numbers`), and a half of the day is no number
at all; so numbers alone do not tell. Times are minutes from midnight here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workflow.model import Diagnostic, Severity

_HALVES = {
    "night": r"de la noche|da noite|du soir",
    "late": r"p\.?\s?m\b|de la tarde|da tarde|de l['\u2019]apr\u00e8s-midi"
    r"|(?:\w{1,20}\s)?(?:مساء|(?:ال)?ظهر)",
    "early": r"a\.?\s?m\b|de la mañana|de la madrugada|da manhã|du matin|صباح|فجر",
}
_HALF = "|".join(f"(?P<{name}>{words})" for name, words in _HALVES.items())
_NUMBER = r"(?<![\d:.,])(\d{1,2})"
_WITH_HALF = re.compile(rf"{_NUMBER}(?:[:h](\d{{2}}))?\s?(?:h\s?)?(?:{_HALF})", re.IGNORECASE)
_WRITTEN = re.compile(rf"{_NUMBER}(?:[:h](\d{{2}})(?![\d:])|\s?h(?!\w))")
HOUR = re.compile(
    rf"(?<![\d:.,])\d{{1,2}}(?:[:h]\d{{2}})?\s?(?:(?:h\s?)?(?:{'|'.join(_HALVES.values())})|h(?!\w))",
    re.IGNORECASE,
)
"""A time with the letters that say which it is: `15 h`, `5 p.m`, `5 de la tarde`."""
_WITH_UNIT = re.compile(
    rf"{_NUMBER}()\s?(?:horas?|heures?|hours?|uhr|stunden?|ore|uur|o['\u2019]clock)\b",
    re.IGNORECASE,
)
_AFTER_WORD = re.compile(
    r"(?:الساعة|\blas?|\bàs?|\balle|\bum)\s(\d{1,2})()(?![\d:]|[.,]\d|\s(?:de|of)\b)"
)
_PLAIN = re.compile(rf"{_NUMBER}()(?![\d:]|[.,]\d)")
_NOON = 12


@dataclass(frozen=True, slots=True)
class _Clock:
    """The times of a text: those that are surely meant, and all that it may be read to say."""

    sure: frozenset[int]
    possible: frozenset[int]


def hour_findings(source: str, target: str) -> Iterator[Diagnostic]:
    """The times that got lost, and those that the source does not say."""
    here, there = _clock(source), _clock(target)
    for minutes in sorted(here.sure - there.possible):
        yield Diagnostic("number", Severity.ERROR, f"the time {_shown(minutes)} is lost")
    for minutes in sorted(there.sure - here.possible):
        yield Diagnostic(
            "number", Severity.ERROR, f"the time {_shown(minutes)} is not in the source"
        )


def _clock(text: str) -> _Clock:
    """With one half of the day in a text, times without one may belong to either."""
    halves = {found.start(1): _with_half(found) for found in _WITH_HALF.finditer(text)}
    bare = _bare(text, halves.keys(), _WRITTEN)
    maybe = bare | _bare(text, halves.keys(), _WITH_UNIT, _AFTER_WORD)
    if not halves:
        return _Clock(frozenset(bare), frozenset(maybe))
    maybe |= _bare(text, halves.keys(), _PLAIN)
    later = {minutes + _NOON * 60 for minutes in maybe if minutes < _NOON * 60}
    sure = frozenset(halves.values())
    return _Clock(sure, sure | maybe | later)


def _bare(text: str, taken: Collection[int], *patterns: re.Pattern[str]) -> set[int]:
    return {
        int(found[1]) * 60 + int(found[2] or 0)
        for pattern in patterns
        for found in pattern.finditer(text)
        if found.start(1) not in taken
    }


def _with_half(found: re.Match[str]) -> int:
    hour, minutes = int(found[1]), int(found[2] or 0)
    if hour > _NOON:
        return hour * 60 + minutes
    half = found.lastgroup
    if half == "early" or (half == "night" and hour == _NOON):
        hour %= _NOON
    elif hour < _NOON:
        hour += _NOON
    return hour * 60 + minutes


def _shown(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
