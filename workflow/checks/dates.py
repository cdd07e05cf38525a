"""Dates: a weekday or month that has become another one, by the names of CLDR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from workflow import locales
from workflow.checks.subject import Subject, error, shown, warning
from workflow.model import Diagnostic

CHECKS = {
    "date": "A weekday or a month has become another one.",
    "date-order": "A date has its month before its day, as only few locales write it.",
}
_UNSURE = frozenset({"may", "march"})
"""English months that are verbs, too: they count beside a number only."""
_BESIDE = re.compile(r"\d(?:st|nd|rd|th)?,?\s(?:of\s)?$")
_SHORT = 4
_INFLECTED = 5
_NO_BLANKS = frozenset({"zh", "ja", "th", "lo", "km", "my", "ar", "he", "fa", "ur", "ko"})
_CHINESE_WEEK = "一二三四五六日"
_MONTH_FIRST = re.compile(r"(?<![\d./-])\d{1,2}([./-])(?:1[3-9]|2\d|3[01])\1\d{4}(?!\d|[./-]\d)")
_MONTH_FIRST_IN = frozenset({"en", "es-US", "es-PR", "es-PA", "fil"})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Only where both texts name one: what is said in another way is no change."""
    for what, names in (("weekday", weekdays_in), ("month", months_in)):
        here = names(subject.source, subject.source_language)
        there = names(subject.target, subject.locale) if here else set()
        if here - there and there - here:
            lost, new = min(here - there) + 1, min(there - here) + 1
            yield error("date", f"{what} {lost} of the source has become {what} {new}")
    if _MONTH_FIRST_IN.isdisjoint({subject.locale, subject.language}):
        turned = _MONTH_FIRST.search(subject.target)
        if turned:
            yield warning("date-order", f"{shown(turned[0])} has the month before the day")


def weekdays_in(text: str, tag: str) -> set[int]:
    """The weekdays that a text names, Monday is 0."""
    found = _in(text, "weekdays", tag)
    if tag.startswith("zh"):
        short = re.findall(f"[周週]([{_CHINESE_WEEK}])", text)
        found |= {_CHINESE_WEEK.index(one) for one in short}
    return found


def months_in(text: str, tag: str) -> set[int]:
    """The months that a text names, January is 0."""
    return _in(text, "months", tag)


def _in(text: str, what: str, tag: str) -> set[int]:
    finder = _finder(what, tag)
    if finder is None:
        return set()
    english = tag.startswith("en")
    return {
        int((found.lastgroup or "n0")[1:])
        for found in finder.finditer(text)
        if not english or _is_name(text, found)
    }


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Whether an English word is surely a date: with a capital, and no verb."""
    if found[0].islower():
        return False
    if found[0].casefold() not in _UNSURE:
        return True
    return text[found.end() + 1 : found.end() + 2].isdigit() or bool(
        _BESIDE.search(text, max(found.start() - 10, 0), found.start())
    )


@lru_cache(maxsize=64)
def _finder(what: str, tag: str) -> re.Pattern[str] | None:
    """A pattern with a group for each name; endings, which inflection changes, are left open."""
    names = (locales.weekdays if what == "weekdays" else locales.months)(tag)
    known = [{form.strip() for form in forms if not form[:1].isdigit()} for forms in names]
    longest_first = sorted(enumerate(known), key=lambda one: -max(map(len, one[1]), default=0))
    groups = [
        f"(?P<n{number}>{'|'.join(_shape(form, tag) for form in sorted(forms))})"
        for number, forms in longest_first
        if forms and sum(not forms.isdisjoint(others) for others in known) == 1
    ]
    if not groups:
        return None
    if tag.partition("-")[0] in _NO_BLANKS:
        return re.compile("|".join(groups))
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE)


def _shape(name: str, tag: str) -> str:
    language = tag.partition("-")[0]
    if language == "en" or language in _NO_BLANKS:
        return re.escape(name)
    return "-".join(_open(part) for part in name.split("-"))


def _open(part: str) -> str:
    if len(part) < _SHORT or part[-1].isdigit() or " " in part:
        return re.escape(part)
    kept = part[:-1] if len(part) >= _INFLECTED else part
    return rf"{re.escape(kept)}\w{{0,6}}"
