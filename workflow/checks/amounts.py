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
    r"[%\u066a\uff05]|\bper\s?cent\b|\bpor ciento\b|\bpor cento\b|\bpour cent\b|\bprozent\b"
    r"|ب?ال(?:مئة|مائة)|في المئة",
    re.IGNORECASE,
)
_SMALL = re.compile("[\u00bc-\u00be\u2150-\u215e\u00b2\u00b3\u00b9]")


def amount_findings(source: str, target: str) -> Iterator[Diagnostic]:
    """A sign, a percentage or a fraction that only one of the texts has."""
    if bool(_negative(source)) != bool(_negative(target)):
        yield _error("a number is negative in one of the texts only")
    if len(_PERCENT.findall(source)) != len(_PERCENT.findall(target)):
        yield _error("a percentage is lost or new")
    if Counter(_SMALL.findall(source)) != Counter(_SMALL.findall(target)):
        yield _error("a fraction or a raised digit is lost or new")


def _negative(text: str) -> re.Match[str] | None:
    """A number with a minus, or words for one in a text that has numbers."""
    return _MINUS.search(text) or _BELOW.search(text)


def _error(message: str) -> Diagnostic:
    return Diagnostic("number", Severity.ERROR, message)
