"""Brackets and quotes: each has its partner, and the quotes are not a mixture."""

# ruff: noqa: RUF001 (signs that look alike are the matter here)
from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.subject import Subject, warning
from workflow.model import Diagnostic

CHECKS = {
    "brackets": "A bracket has no partner, or brackets are lost.",
    "quotes": "A quotation mark has no partner, or the quotation marks are lost.",
}
_SIGN = re.compile(r"[()（）\[\]【】「」『』《》〈〉\"«»„“”‹›‟]")
_PAIRS = (("(（", ")）"), ("[【", "]】"), ("「", "」"), ("『", "』"), ("《", "》"), ("〈", "〉"))
_QUOTES = '"«»„“”‹›‟「」『』《》'
_ATTRIBUTE = re.compile(r"<[^<>]{1,500}+>|\\\"")
_SMILE = re.compile(
    r"[:;]-?[()]|(?:^|\n)\s{0,9}\w{1,2}\)|\d[\"”]|(?<=[\u05d0-\u05ea])\"(?=[\u05d0-\u05ea])"
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Where the source is balanced, the target is; where the source has some, so has the target."""
    if not (_SIGN.search(subject.source) or _SIGN.search(subject.target)):
        return
    source, target = (_bare(text) for text in (subject.source, subject.target))
    yield from _brackets(source, target)
    yield from _quotes(source, target)


def _bare(text: str) -> str:
    return _SMILE.sub("", _ATTRIBUTE.sub("", text))


def _brackets(source: str, target: str) -> Iterator[Diagnostic]:
    for opening, closing in _PAIRS:
        if _balance(source, opening, closing) == 0 and _balance(target, opening, closing):
            yield warning("brackets", f"{opening[0]} and {closing[0]} do not pair")
            return
        if opening[0] == "(" and _order(target) and not _order(source):
            yield warning("brackets", "a bracket closes before it opens")
            return


def _order(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign in "(（") - (sign in ")）")
        if depth < 0:
            return True
    return False


def _balance(text: str, opening: str, closing: str) -> int:
    return sum(text.count(one) for one in opening) - sum(text.count(one) for one in closing)


def _quotes(source: str, target: str) -> Iterator[Diagnostic]:
    here, there = (sum(text.count(sign) for sign in _QUOTES) for text in (source, target))
    if here % 2 == 0 and there % 2:
        yield warning("quotes", "a quotation mark has no partner")
    elif here and not there and "'" not in target and "‘" not in target and "’" not in target:
        yield warning("quotes", "the quotation marks are lost")
    elif there and there % 2 == 0 and here % 2 == 0 and not _pairs(target):
        yield warning("quotes", "the quotation marks do not pair")


def _pairs(text: str) -> bool:
    """Whether the marks open and close by turns; which mark does what is the locale's."""
    if text.count('"') % 2 or (text.count("«") != text.count("»") and "»" in text and "«" in text):
        return False
    if text.count("‹") != text.count("›"):
        return False
    low, high = text.count("„"), text.count("“") + text.count("”") + text.count("‟")
    return low <= high and (low == 0 or high % 2 == low % 2)
