"""What a number is besides its digits, in an engine's answer: sign, percentage, fraction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.model import Diagnostic, Severity

_MINUS = re.compile(r"(?:(?<=[\s(\[])|^)[-\u2212](?=\d)")
_BELOW = re.compile(
    r"\bminus\b|\bmenos\b|\bmoins\b|\bbelow\b|\bbajo cero\b|\babaixo de\b|\bunter\b|\bnegativ"
    r"|تحت الصفر|ناقص",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"[%\u066a\uff05]|\bper\s?cent|\bpor c[ie]e?nto\b|\bpour cent\b|\bpro[czsș]ent|\byüzde\b"
    r"|\bpersen\b|\bszázalék|процент|відсот|ب?ال(?:مئة|مائة)|في المئة|प्रतिशत"
    r"|百分|パーセント|퍼센트",
    re.IGNORECASE,
)
_SMALL = re.compile("[\u00bc-\u00be\u2150-\u215e\u00b2\u00b3\u00b9]")


def amount_findings(source: str, target: str) -> Iterator[Diagnostic]:
    """A sign, a percentage or a fraction that only one of the texts has."""
    if _turned(source, target) or _turned(target, source):
        yield _broken("a number is negative in one of the texts only")
    if len(_PERCENT.findall(source)) != len(_PERCENT.findall(target)):
        yield _broken("a percentage is lost or new")
    if Counter(_SMALL.findall(source)) != Counter(_SMALL.findall(target)):
        yield _broken("a fraction or a raised digit is lost or new")


def _turned(text: str, other: str) -> bool:
    """Whether a text has a minus where the other one has neither that nor words for it."""
    return bool(_MINUS.search(text) and not (_MINUS.search(other) or _BELOW.search(other)))


def _broken(message: str) -> Diagnostic:
    return Diagnostic("number", Severity.ERROR, message)
