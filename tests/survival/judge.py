"""Which invariants of a unit a translation breaks, told by code of this folder's own.

Nothing here is Polypress': a fault in its checks or in the way it protects texts can hide nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape

from tests.survival import glossed, numerals, tokens
from tests.survival.inline import Inline, parsed
from tests.survival.reading import Unit
from tests.survival.spelled import spelled

SOURCE = "en"
TOO_OFTEN = 4
LONGEST_RUN = 8
WORDS_OF_A_COPY = 4
MARKS_OF_DIRECTION = set("\u200c\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
ODD = {"Cc", "Cf", "Cn", "Co", "Cs"}
FULL_HOUR = re.compile(r"\d:00(?!\d)")
HOUR_ALONE = re.compile(r"\d ?h(?!\w)")  # 21:00 is 21h in Portuguese
AT_A_LINK = re.compile(r"\]\([^)\s]*")


@dataclass(frozen=True, slots=True)
class _Case:
    unit: Unit
    locale: str
    target: str
    before: Inline
    after: Inline


def judge(unit: Unit, locale: str, target: str) -> list[str]:
    """What is broken, one line each; nothing for a translation that kept all.

    With the locale `en` the target is a source: it may be a copy, and terms stand in English.
    """
    if not target.strip():
        return ["empty"]
    case = _Case(unit, locale, target, parsed(unit.source), parsed(target))
    return [line for rule in RULES for line in rule(case)]


def _kept(case: _Case) -> Iterator[str]:
    """Each listed string as often as listed, with link targets counted as the list counts them."""
    wanted = Counter(case.unit.keep)
    outside = tokens.counts(_without_targets(case.unit.source), case.unit.keep) == wanted
    everywhere = tokens.counts(case.unit.source, case.unit.keep) == wanted
    target = _without_targets(case.target) if outside and not everywhere else case.target
    yield from tokens.compared("keep", wanted, tokens.counts(target, case.unit.keep))


def _without_targets(text: str) -> str:
    return AT_A_LINK.sub("](", text)


def _unchanged(case: _Case) -> Iterator[str]:
    return tokens.changed(case.unit.source, case.target)


def _marked_up(case: _Case) -> Iterator[str]:
    wanted = Counter(map(unescape, case.unit.markup))
    yield from tokens.compared("markup", wanted, Counter(case.after.paths))
    had = Counter(case.before.empty)
    yield from (f"markup: nothing in {path}"
                for path in (Counter(case.after.empty) - had).elements())  # fmt: skip


def _counted(case: _Case) -> Iterator[str]:
    prose = _prose(case.unit, case.after)
    lost, more = numerals.differences(prose, case.unit.numbers)
    whole = min(len(FULL_HOUR.findall(case.unit.source)), len(HOUR_ALONE.findall(prose)))
    missed = Counter(lost) - Counter({"0": whole})
    yield from (f"number: lost {one}" for one in missed.elements())
    free = Counter(spelled(case.unit.source, numerals.in_ascii(prose)))
    yield from (f"number: too much {one}" for one in (Counter(more) - free).elements())


def _prose(unit: Unit, inline: Inline) -> str:
    """What a reader sees, without addresses and without what must be kept letter for letter."""
    text = tokens.URL.sub(" ", tokens.EMAIL.sub(" ", inline.text))
    for string in sorted({*unit.keep, *tokens.PLACEHOLDER.findall(text)}, key=len, reverse=True):
        text = text.replace(string, " ")
    return text


def _named(case: _Case) -> Iterator[str]:
    text = " ".join(case.after.text.split())
    for name, count in Counter(case.unit.names).items():
        found = len(re.findall(rf"(?<![{tokens.WORD}]){re.escape(name)}(?![{tokens.WORD}])", text))
        if found != count:
            yield f"name: {name} stands {found} times"


def _termed(case: _Case) -> Iterator[str]:
    text = glossed.plain(case.after.text)
    for term, count in Counter(case.unit.terms).items():
        rendering = glossed.plain(glossed.rendering(term, case.locale))
        if len(re.findall(_word(rendering), text)) < count:
            yield f"term: {rendering} is not there for {term}"


def _word(rendering: str) -> str:
    """As a word of its own, or its plural; Arabic writes prepositions and articles onto it."""
    if not rendering.isascii() and "ARABIC" in unicodedata.name(rendering[0]):
        return re.escape(rendering)
    return rf"(?<!\w){re.escape(rendering)}(?:e?s)?(?!\w)"


def _left_over(case: _Case) -> Iterator[str]:
    strange = Counter(char for char in case.target if _is_odd(char))
    had = Counter(case.unit.source)
    yield from (f"character: U+{ord(char):04X}" for char in strange if char not in had)


def _is_odd(char: str) -> bool:
    if char in "⟦⟧\ufffd":
        return True
    return unicodedata.category(char) in ODD and char not in MARKS_OF_DIRECTION


def _stuttered(case: _Case) -> Iterator[str]:
    run = stutter(case.target)
    if run and not stutter(case.unit.source):
        yield f"repeated: {run}"


@cache
def stutter(text: str) -> str:
    """The words that stand four times or more one after the other."""
    words = re.findall(r"\w+", text.casefold())
    for long in range(1, LONGEST_RUN + 1):
        for start in range(len(words) - TOO_OFTEN * long + 1):
            run = words[start : start + long]
            if words[start : start + TOO_OFTEN * long] == run * TOO_OFTEN:
                return " ".join(run)
    return ""


def _copied(case: _Case) -> Iterator[str]:
    small = re.findall(r"(?<!\w)[a-z]+(?!\w)", _prose(case.unit, case.before))
    if case.locale == SOURCE or len(small) < WORDS_OF_A_COPY:
        return
    if glossed.plain(case.before.text) == glossed.plain(case.after.text):
        yield "copy: the source stands there"


RULES = (_kept, _unchanged, _marked_up, _counted, _named, _termed, _left_over, _stuttered, _copied)
