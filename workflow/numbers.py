"""Numbers in a text, as values that can be compared across the ways in which locales write them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

NUMBER = re.compile(r"\d+(?:[.,:\u066b\u066c]\d+)*(?:h\d{2}(?!\d))?")
_WRITTEN = re.compile(rf"(?:{NUMBER.pattern})\w*")
_TIME = re.compile(r"(\d{1,2})[:h](\d{2})")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_HALVES = re.compile(r"\b\d*\s?[ap]\.?\s?m\b|صباح|مساء|ظهر", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})(:\d{2})?")
_HOURS = 24


def written(text: str) -> list[str]:
    """The numbers of a text as it writes them, with the letters behind: 9:00, 1.500, 7th."""
    return [found[0] for found in _WRITTEN.finditer(text)]


def differences(source: str, target: str) -> tuple[list[str], list[str]]:
    """The values that only the source has, and those that only the target has.

    9:00, 9h00 and 9 are one value, as are 1,500, 1.500 and 1500, and 12.50 and 12,50; digits of
    any script count. Where either text speaks of a half of the day, 5 pm and 17:00 are one value.
    """
    halves = bool(_HALVES.search(source) or _HALVES.search(target))
    here, there = (Counter(_values(text, halves=halves)) for text in (source, target))
    return sorted((here - there).elements()), sorted((there - here).elements())


def _values(text: str, *, halves: bool) -> list[str]:
    values = [_value(_western(number)) for number in NUMBER.findall(text)]
    return [_folded(value) for value in values] if halves else values


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


def _folded(value: str) -> str:
    hour = _HOUR.fullmatch(value)
    if not hour or int(hour[1]) > _HOURS:
        return value
    return f"{int(hour[1]) % 12}{hour[2] or ''}"
