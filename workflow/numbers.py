"""Numbers in a text, as values that can be compared across the ways in which locales write them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

NUMBER = re.compile(r"\d+(?:[.,:\u066b\u066c]\d+)*(?:h\d{2}(?!\d))?")
_WRITTEN = re.compile(rf"(?:(?<![^\s(\[])[-\u2212])?(?:{NUMBER.pattern})\w*(?:\s?[%\u066a])?")
_TIME = re.compile(r"(\d{1,2})[:h](\d{2})")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_HOUR = r"(?<![\d.,:])\d{1,2}(?::\d{2})?"
_AFTERNOON = re.compile(
    rf"{_HOUR}(?:\s?(?:,|–|-|\bto|\band|\bor|\buntil|إلى|حتى|و)\s?{_HOUR}){{0,4}}"
    r"\s?(?:p\.?\s?m\b|(?:\w{1,20}\s)?(?:مساء|(?:ال)?ظهر))",
    re.IGNORECASE,
)
_AFTER_MIDNIGHT = re.compile(r"(?<![\d.,:])12(?::\d{2})?(?=\s?(?:a\.?\s?m\b|صباح))", re.IGNORECASE)
_NOON = 12


def written(text: str) -> list[str]:
    """The numbers of a text as it writes them, with what belongs to them: 1.500, 7th, -5, 40 %."""
    return [found[0] for found in _WRITTEN.finditer(text)]


def differences(source: str, target: str) -> tuple[list[str], list[str]]:
    """The values that only the source has, and those that only the target has.

    9:00, 9h00 and 9 are one value, as are 1,500, 1.500 and 1500, and 12.50 and 12,50; digits of
    any script count. An hour that has its half of the day beside it may have those of 24 hours on
    the other side: 5 pm and 17:00 are one value.
    """
    here, there = Counter(_values(source)), Counter(_values(target))
    lost, added = here - there, there - here
    if lost and added:
        _settle(lost, added, _hours(source))
        _settle(added, lost, _hours(target))
    return sorted(lost.elements()), sorted(added.elements())


def _settle(here: Counter[str], there: Counter[str], hours: Iterable[tuple[str, str]]) -> None:
    """Take away what is one hour, written in two ways."""
    for written_so, of_24 in hours:
        if here[written_so] > 0 and there[of_24] > 0:
            here[written_so] -= 1
            there[of_24] -= 1


def _hours(text: str) -> Iterator[tuple[str, str]]:
    """The hours with a half of the day, as they stand and as those of 24 hours."""
    for found in _AFTERNOON.finditer(text):
        for value in _values(found[0]):
            hour, colon, minutes = value.partition(":")
            if int(hour) < _NOON:
                yield value, f"{int(hour) + _NOON}{colon}{minutes}"
    for found in _AFTER_MIDNIGHT.finditer(text):
        (value,) = _values(found[0])
        yield value, value.replace(str(_NOON), "0", 1)


def _values(text: str) -> list[str]:
    return [_value(_western(number)) for number in NUMBER.findall(text)]


def _western(number: str) -> str:
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in number)
    return digits.replace("\u066b", ".").replace("\u066c", ",")


def _value(number: str) -> str:
    time = _TIME.fullmatch(number)
    if time:
        return _short(time[1]) if time[2] == "00" else f"{_short(time[1])}:{time[2]}"
    if _GROUPED.fullmatch(number):
        return re.sub("[.,]", "", number)
    return _short(number.replace(",", "."))


def _short(number: str) -> str:
    """One or two digits without a leading zero (09 is 9); longer numbers as they are."""
    return number.lstrip("0") or "0" if len(number) <= len("09") else number
