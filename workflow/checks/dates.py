"""Dates: a weekday or month that has become another one, by the names of CLDR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from workflow import locales
from workflow.checks.subject import Subject, error
from workflow.model import Diagnostic

CHECKS = {"date": "A weekday or a month has become another one."}
_UNSURE = frozenset({"may", "march"})
_SHORT = 4
_NO_BLANKS = frozenset({"zh", "ja", "th", "lo", "km", "my", "ar", "he", "fa", "ur", "ko"})
_WEEKDAY_SHORT = {"zh": "周", "ja": ""}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Only where both texts name one: what is said in another way is no change."""
    for what, names in (("weekday", weekdays_in), ("month", months_in)):
        here = set(names(subject.source, subject.source_language))
        if not here:
            continue
        there = set(names(subject.target, subject.locale))
        if here - there and there - here:
            lost, new = min(here - there) + 1, min(there - here) + 1
            yield error("date", f"{what} {lost} of the source has become {what} {new}")


def weekdays_in(text: str, tag: str) -> tuple[int, ...]:
    """The weekdays that a text names, Monday is 0."""
    found = _in(text, "weekdays", tag)
    if tag.startswith("zh"):
        found += tuple(
            "一二三四五六日".index(one) for one in re.findall("[周週]([一二三四五六日])", text)
        )
    return found


def months_in(text: str, tag: str) -> tuple[int, ...]:
    """The months that a text names, January is 0."""
    return _in(text, "months", tag)


def _in(text: str, what: str, tag: str) -> tuple[int, ...]:
    finder, numbers = _finder(what, tag)
    if finder is None:
        return ()
    english = tag.startswith("en")
    return tuple(
        numbers[found.casefold()]
        for found in finder.findall(text)
        if not (english and (found.islower() or found.casefold() in _UNSURE))
    )


@lru_cache(maxsize=64)
def _finder(what: str, tag: str) -> tuple[re.Pattern[str] | None, dict[str, int]]:
    """A pattern of the names without their last letters, which inflection changes."""
    names = (locales.weekdays if what == "weekdays" else locales.months)(tag)
    numbers: dict[str, int] = {}
    twice: set[str] = set()
    for number, forms in enumerate(names):
        for stem in {_stem(form, tag) for form in forms if not form[:1].isdigit()}:
            twice |= {stem} if numbers.get(stem, number) != number else set()
            numbers[stem] = number
    numbers = {stem: number for stem, number in numbers.items() if stem and stem not in twice}
    if not numbers:
        return None, {}
    stems = "|".join(re.escape(stem) for stem in sorted(numbers, key=len, reverse=True))
    loose = tag.partition("-")[0] in _NO_BLANKS
    whole = rf"(?:{stems})" if loose else rf"(?<!\w)(?:{stems})"
    return re.compile(f"({whole})" + ("" if loose else _ending(tag)), re.IGNORECASE), numbers


def _ending(tag: str) -> str:
    return r"(?!\w)" if tag.startswith("en") else r"(?!\w{6})"


def _stem(name: str, tag: str) -> str:
    name = name.strip()
    if tag.startswith("en") or tag.partition("-")[0] in _NO_BLANKS or len(name) <= _SHORT:
        return name
    return name[:-1]
