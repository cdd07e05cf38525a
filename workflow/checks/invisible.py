"""Characters that nobody sees, where the language does not need them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, warning
from workflow.model import Diagnostic

CHECKS = {
    "control-character": "The text holds a control character or a sign of broken encoding.",
    "invisible": "A character that nobody sees stands where the language needs none.",
}
_SIGN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xa0\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200d\u2028\u2029\u202f\u205f-\u2064\u3164\ufeff\ufff9-\ufffd\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffd\u2028\u2029]")
_ZERO_WIDTH_SPACE = frozenset({"th", "km", "lo", "my", "bo", "dz"})
_JOINERS = re.compile("[\u200c\u200d]")
_JOINED = re.compile(
    "[\u0600-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\u200d\ufe0f\U0001f000-\U0001faff\u2600-\u27bf\u2640\u2642]"
)
_NO_BREAK = re.compile("(?<=[^\\W\\d_]{3})\xa0(?=[^\\W\\d_]{3})")
_APART = re.compile("[A-Za-z\u0370-\u04ff][\u0300-\u036f]")
_HIDDEN = frozenset("\xad\u034f\u115f\u1160\u180e\u2060\u2061\u2062\u2063\u2064\u3164\ufeff")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """What the source holds as well is no surprise."""
    target = subject.target
    if target.isascii() and target.isprintable():
        return
    if any(len(unicodedata.normalize("NFC", pair)) == 1 for pair in _APART.findall(target)):
        yield warning("invisible", "a letter and its accent are two characters")
    found = set(_SIGN.findall(target)) - set(subject.source)
    if not found:
        return
    if any(_CONTROL.match(sign) for sign in found):
        yield error("control-character", "the text holds a control character")
    hidden = sorted(sign for sign in found if sign in _HIDDEN or sign >= "\U000e0000")
    if "\u200b" in found and subject.language not in _ZERO_WIDTH_SPACE:
        hidden.append("\u200b")
    if found & {"\u200c", "\u200d"} and _stray_joiner(target):
        hidden.append(_JOINERS.findall(target)[0])
    if "\xa0" in found and subject.language not in {"fr", "br"} and _NO_BREAK.search(target):
        hidden.append("\xa0")
    if hidden:
        yield warning("invisible", f"U+{ord(hidden[0]):04X} stands in the text")


def _stray_joiner(text: str) -> bool:
    return any(
        not _JOINED.match(text[found.start() - 1 : found.start()] or " ")
        for found in _JOINERS.finditer(text)
    )
