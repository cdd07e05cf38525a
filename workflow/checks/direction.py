"""Signs that turn the direction of a text: each is closed, and none is stray."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, warning
from workflow.locales import direction
from workflow.model import Diagnostic

CHECKS = {
    "direction": "An embedding or isolate is not closed, or closed twice.",
    "direction-mark": "A mark or override of direction is where nobody needs it.",
}
_SIGN = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_OPEN = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
_OVERRIDE = "\u202d\u202e"
_RTL = re.compile("[\u0590-\u08ff]")
_OTHER_WAY = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff0-9{%(]")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Balance what opens and closes; marks are at home where both directions meet."""
    if not _SIGN.search(subject.target):
        return
    if not is_closed(subject.target) and is_closed(subject.source):
        yield error("direction", "a sign of direction is not closed, or closes nothing")
    stray = [sign for sign in _SIGN.findall(subject.target) if sign not in subject.source]
    rtl = direction(subject.locale) == "rtl"
    if any(sign in _OVERRIDE for sign in stray):
        yield warning("direction-mark", "an override turns the letters round")
    elif stray and not rtl and not _RTL.search(subject.target):
        yield warning("direction-mark", "a text from left to right needs no such sign")
    elif rtl and stray and not _OTHER_WAY.search(subject.target):
        yield warning("direction-mark", "nothing here runs the other way")
    elif rtl and re.search(
        "(?<=[\u0600-\u06ff\u05d0-\u05ea])[\u200e\u200f](?=[\u0600-\u06ff\u05d0-\u05ea])",
        subject.target,
    ):
        yield warning("direction-mark", "a mark of direction stands inside a word")
    elif rtl and re.search("[\u200e\u200f\u061c]{2}", subject.target):
        yield warning("direction-mark", "the same mark stands twice")


def is_closed(text: str) -> bool:
    """Whether each embedding, override and isolate of a text has its end."""
    stack: list[str] = []
    for sign in _SIGN.findall(text):
        if sign in _OPEN:
            stack.append(_OPEN[sign])
        elif sign in "\u202c\u2069" and (not stack or stack.pop() != sign):
            return False
    return not stack
