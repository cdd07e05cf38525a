"""Hard checks of one segment's answer alone: signs that an engine did not translate it at all."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from workflow.checks.amounts import amount_findings
from workflow.checks.direction import is_closed
from workflow.checks.hard import hard_findings
from workflow.checks.hours import HOUR, hour_findings
from workflow.model import Diagnostic, Markup, Severity
from workflow.segments import literals

PLAIN_WORDS = 4
"""So many words in small letters make a copy of the source one; fewer may be a name."""
LONGEST, ROOM = 4, 60
"""An answer has at most so many times the characters of its source, and some more."""
SHORTEST, FROM = 8, 48
"""A source of so many characters has an answer of an eighth of them at least."""
_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(r"[{}<>`*\\\[\]@]|~~|(?<!\w)_|_(?!\w)|www\.|:/|%[A-Za-z(@]|\$[\w{$]|\d:(?!\d)")
_WRITTEN = re.compile(r"&#?\w+;|\\[^\w\s]")
_UNKNOWN = (
    "\N{DOUBLE QUESTION MARK}",
    "\N{REPLACEMENT CHARACTER}",
    "\N{LOWER ONE EIGHTH BLOCK}",
    "<unk>",
)
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs", "Zl", "Zp"})
_UNSEEN = re.compile("[\u202a-\u202e\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def answer_findings(
    source: str,
    target: str,
    markup_source: Sequence[Markup] = (),
    markup_target: Sequence[Markup] = (),
) -> tuple[Diagnostic, ...]:
    """What must not be published in an engine's answer to a segment: see `hard_findings`, too."""
    found = hard_findings(source, target, markup_source, markup_target)
    if found:
        return found
    bare, answer = _bare(source, markup_source), _bare(target, markup_target)
    return (
        *_copied(bare, answer),
        *_length(source, target),
        *_garbage(source, target),
        *_turned(source, target),
        *_signs(bare, answer, _SIGNS),
        *_signs(source, target, _WRITTEN),
        *hour_findings(bare, answer),
        *amount_findings(bare, answer),
    )


def _bare(text: str, markup: Sequence[Markup]) -> str:
    """The text without what is the same in all languages: markup, placeholders, addresses."""
    bare, position = "", 0
    stays = [(one.start, one.end) for one in markup]
    stays += [(one.start, one.end) for one in literals(text)]
    for start, end in sorted(stays):
        if end > position:
            bare += f"{text[position:start]} "
            position = end
    return bare + text[position:]


def _copied(source: str, target: str) -> Iterator[Diagnostic]:
    words = _WORD.findall(HOUR.sub(" ", source))
    plain = sum(word.islower() and len(word) > 1 for word in words)
    if plain >= PLAIN_WORDS and words == _WORD.findall(HOUR.sub(" ", target)):
        yield _error("copy", "the answer is the source itself")


def _length(source: str, target: str) -> Iterator[Diagnostic]:
    said = f"{len(target):,} characters for {len(source):,}"
    if len(target) > LONGEST * len(source) + ROOM:
        yield _error("answer-length", f"much too long: {said}")
    elif len(source) >= FROM and len(target) * SHORTEST < len(source):
        yield _error("answer-length", f"much too short: {said}")


def _garbage(source: str, target: str) -> Iterator[Diagnostic]:
    if any(sign in target and sign not in source for sign in _UNKNOWN):
        yield _error("garbage", "the answer holds characters that the engine could not write")
    strange = {one for one in target if unicodedata.category(one) in _NO_TEXT}
    if (strange | set(_UNSEEN.findall(target))) - set(source):
        yield _error("garbage", "the answer holds control characters")


def _turned(source: str, target: str) -> Iterator[Diagnostic]:
    """A sign of direction that lost its partner turns all that follows on the page."""
    if is_closed(source) and not is_closed(target):
        yield _error("direction", "a sign of direction is not closed, or closes nothing")


def _signs(source: str, target: str, signs: re.Pattern[str]) -> Iterator[Diagnostic]:
    """Signs of placeholders and markup that are none: an engine that has seen some invents more."""
    if Counter(signs.findall(target)) - Counter(signs.findall(source)):
        yield _error("garbage", "the answer holds signs of code that the source lacks")


def _error(check: str, message: str) -> Diagnostic:
    return Diagnostic(check, Severity.ERROR, message)
