"""Too long or too short, by what the scripts of both texts lead one to expect."""

# ruff: noqa: RUF001 (signs that look alike are the matter here)
from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.subject import Subject, warning
from workflow.model import Diagnostic

CHECKS = {"length": "The translation is much longer or shorter than such a text is."}
_DENSE = {"zh": 0.33, "ja": 0.5, "ko": 0.55, "ar": 0.85, "he": 0.8, "fa": 0.9, "th": 0.85}
_EXPECTED = {"es": 1.15, "fr": 1.2, "pt": 1.12, "it": 1.13, "de": 1.15, "el": 1.2, "ru": 1.1}
_LONGEST, _SHORTEST, _LOST = 1.7, 0.6, 0.75
_SENTENCE = re.compile(r"[.!?。！？؟।](?:\s|$|(?<=[。！？]))")
_ROOM = 12


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the letters without blanks, with room for short texts."""
    here, there = len(subject.source), len(subject.target)
    if here < _ROOM and there < 3 * _ROOM:
        return
    share = _share(subject.language) / _share(subject.source_language.partition("-")[0])
    expected = here * share
    if there > expected * _LONGEST + _ROOM or there < expected * _least(subject) - _ROOM * share:
        yield warning("length", f"{there} letters; some {expected:.0f} are to be expected")


def _least(subject: Subject) -> float:
    """A text with fewer sentences must hold more than one with as many."""
    here, there = (len(_SENTENCE.findall(text)) for text in (subject.source, subject.target))
    return _LOST if 0 < there < here else _SHORTEST


def _share(language: str) -> float:
    return _DENSE.get(language) or _EXPECTED.get(language, 1.05 if language != "en" else 1.0)
