"""Numbers: the same values, each written as its locale writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workflow.checks.dates import months_in
from workflow.checks.subject import ONE_NUMBER, Subject, error, shown, warning
from workflow.locales import decimal_sign
from workflow.model import Diagnostic
from workflow.segments import literals

CHECKS = {
    "number": "A number has changed, or one is in the translation that the source has not.",
    "number-lost": "A number is not there as digits; it may stand there as a word.",
    "number-format": "The digits are right, but the locale reads their separators otherwise.",
}
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,:/\u066b\u066c'’\u00a0\u202f -]\d+){0,8}+")
_GROUPS = re.compile(
    r"\d{1,3}(?:([.,\u066c'’\u00a0\u202f ])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})*,\d{3}"
)
_PARTS = re.compile(r"\d+")
_HALF_DAY = re.compile(
    r"(?<!\w)[ap]\.?\s?m\b|صباح|مساء|ظهر|午[前后後]|上午|下午|오전|오후", re.IGNORECASE
)
_MYRIADS = {"万": 4, "萬": 4, "만": 4, "億": 8, "亿": 8, "억": 8, "千": 3}
_ENTITY = re.compile(r"&#x?[0-9a-fA-F]{1,7};|<[^<>]{1,300}>|\]\([^()\s]{1,300}\)|`[^`\n]{1,200}`")
_OTHER_CLOCK = frozenset({"sw", "am"})
"""Languages that count the hours from six o'clock."""
_SCALE = re.compile(r"\b(?:thousand|million|billion)", re.IGNORECASE)
_DECADE = re.compile(r"(?:19|20)\d0")
_HOURS = 12
_GROUPED = 3
_SMALL = 10
_WORDS = frozenset(
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "hundred",
        "thousand",
        "million",
        "first",
        "second",
        "third",
        "half",
        "double",
        "twice",
        "once",
        "both",
        "single",
        "dozen",
        "noon",
        "midnight",
        "quarter",
        "pair",
        "century",
    ]
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Pair the numbers of both texts by value; what is left over is told."""
    if not (_DIGIT.search(subject.source) or _DIGIT.search(subject.target)):
        return
    if subject.language in _OTHER_CLOCK and _HALF_DAY.search(subject.source):
        return
    source, target = _plain(subject.source), _plain(subject.target)
    here, there = _left(source, target, subject)
    if misread := _misread(here, there):
        yield warning("number-format", f"{shown(misread)} has a separator of another locale")
    elif here and there and not _SCALE.search(source):
        yield error("number", f"{shown(here[0])} has become {shown(there[0])}")
    elif here and ONE_NUMBER not in subject.flags:
        yield warning("number-lost", f"{shown(here[0])} is not there as a number")
    elif there and not _spoken(source, subject):
        yield error("number", f"{shown(there[0])} is not in the source")


def _plain(text: str) -> str:
    """A text without what is compared letter for letter elsewhere, its digits as 0 to 9."""
    text = _ENTITY.sub(" ", text)
    parts, position = [], 0
    for one in literals(text):
        if text[one.start] == "$" and text[one.start + 1].isdigit():
            continue  # a price or a placeholder: the number is the same
        if one.kind == "phone":
            continue  # people group its digits as their country does
        parts.append(text[position : one.start])
        position = one.end
    text = "  ".join([*parts, text[position:]])
    if text.isascii():
        return text
    digits = (str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
    return "".join(digits).replace("\u066b", ".").replace("\u066c", ",")


def _left(source: str, target: str, subject: Subject) -> tuple[list[str], list[str]]:
    """The numbers that have no partner: first whole ones by value, then their parts."""
    here, there = _NUMBER.findall(source), _NUMBER.findall(target)
    if sorted(here) == sorted(there) and not _GROUPS.search(source):
        return [], []
    here, there = _unpaired(here, there, subject)
    if (here or there) and _same_parts(here, there, source, target, subject):
        return [], []
    return here, there


def _unpaired(here: list[str], there: list[str], subject: Subject) -> tuple[list[str], list[str]]:
    read_there = [_values(number, decimal_sign(subject.locale)) for number in there]
    free = set(range(len(there)))
    lost: list[str] = []
    for number in here:
        values = _values(number, decimal_sign(subject.source_language))
        partner = next((one for one in sorted(free) if values & read_there[one]), None)
        if partner is None:
            lost.append(number)
        else:
            free.discard(partner)
    return lost, [there[one] for one in sorted(free)]


def _values(number: str, decimal: str) -> set[str]:
    """What a number may mean: one value, unless its separators leave it open."""
    groups = _GROUPS.fullmatch(number)
    bare = re.sub(r"\D", "", number)
    if groups and (groups[1] is None or number.count(groups[1]) > 1 or groups[1] != decimal):
        return {bare}
    whole, _, rest = number.partition(decimal)
    if re.fullmatch(r"[\d,.'’\u00a0\u202f ]+", whole) and rest.isdigit():
        return {f"{_short(re.sub(r'[^0-9]', '', whole))}.{rest.rstrip('0') or '0'}"}
    simple = re.fullmatch(r"(\d+)[.,](\d+)", number)
    if simple:
        return {f"{_short(simple[1])}.{simple[2].rstrip('0') or '0'}", number}
    if _DECADE.fullmatch(number):
        return {number, number[2:]}
    return {_short(number)}


def _short(number: str) -> str:
    return number.lstrip("0") or "0"


def _same_parts(
    here: list[str], there: list[str], source: str, target: str, subject: Subject
) -> bool:
    """Whether dates and times agree part by part, whatever stands between the parts."""
    if (
        any(_GROUPS.fullmatch(number) for number in (*here, *there))
        and len(here) == len(there) == 1
    ):
        return _myriad(here, target)
    halves = bool(_HALF_DAY.search(source) or _HALF_DAY.search(target))
    ours, theirs = (_parts(numbers, halves=halves) for numbers in (here, there))
    for part in list(ours):
        if part in theirs:
            ours.remove(part)
            theirs.remove(part)
    spelled = [str(one + 1) for one in sorted(months_in(source, subject.source_language))]
    written = [str(one + 1) for one in sorted(months_in(target, subject.locale))]
    ours = [part for part in ours if part not in {*written, "0"}]
    theirs = [part for part in theirs if part not in {*spelled, "0"}]
    return (not ours and not theirs) or _myriad(here, target)


def _parts(numbers: list[str], *, halves: bool) -> list[str]:
    parts = [_short(part) for number in numbers for part in _PARTS.findall(number)]
    return [str(int(part) % _HOURS) if halves and len(part) < _GROUPED else part for part in parts]


def _myriad(here: list[str], target: str) -> bool:
    """Whether the target counts in ten thousands, as Chinese, Japanese and Korean do."""
    found = re.findall(r"(\d{1,9}(?:\.\d{1,4})?)\s?([万萬만億亿억千])", target)
    counted = {round(float(number) * 10 ** _MYRIADS[sign]) for number, sign in found}
    return bool(found) and {int(re.sub(r"\D", "", one)) for one in here} <= counted


def _misread(here: list[str], there: list[str]) -> str:
    for one in there:
        if any(re.sub(r"\D", "", one) == re.sub(r"\D", "", other) for other in here):
            return one
    return ""


def _spoken(source: str, subject: Subject) -> bool:
    """Whether the source may say a number in words; only English words are known."""
    if not subject.source_language.startswith("en"):
        return True
    return not _WORDS.isdisjoint(re.findall(r"[a-z]{1,20}", source.casefold()))
