"""Repeated words and loops that the source does not have."""

# ruff: noqa: RUF001 (signs that look alike are the matter here)
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.hard import loops
from workflow.checks.subject import Subject, warning
from workflow.model import Diagnostic

CHECKS = {
    "loop": "The same words stand four times in a row, or the same letters without end.",
    "repeated": "A word or a sentence stands twice.",
}
_SENTENCE = re.compile(r"[^.!?。！？؟।\n]{8,2000}+")
_SENTENCE_LEAST = 8
_TWINS = {
    "fr": frozenset({"nous", "vous"}), "de": frozenset({"die", "der", "das", "sie"}),
    "nl": frozenset({"die", "dat", "het", "is"}), "en": frozenset({"had", "that"}),
    "sv": frozenset({"det", "den"}), "it": frozenset({"via", "man"}), "pt": frozenset({"se"}),
    "hu": frozenset({"az"}), "ro": frozenset({"a"}), "pl": frozenset({"się"}),
}  # fmt: skip
_DOUBLING = frozenset(
    {"tr", "hi", "bn", "mr", "ur", "fa", "th", "vi", "zh", "ja", "sw", "tl", "fil",
     "az", "uz", "kk", "ta", "te", "ml", "kn", "gu", "pa", "ne", "si", "ko", "km", "lo", "my", "ht"}
)  # fmt: skip
_STEP_BY_STEP = frozenset({"לאט", "אחד", "אחת", "מעט", "רגע", "טוב", "שוב"})
_NO_BLANKS = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_STAMMER = re.compile(r"([^\W\d_]{2,12}?)\1{2}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Loops as for an engine's answer; one word or sentence that stands twice is looked at."""
    yield from loops(subject.source, subject.target)
    word = _twin(subject.target)
    if word and not _twin(subject.source) and not _allowed(word, subject):
        yield warning("repeated", f"{word[:40]!r} stands twice in a row")
    if subject.language in _NO_BLANKS:
        stammer = _STAMMER.search(subject.target)
        if stammer:
            yield warning("repeated", f"{stammer[1]!r} stands three times in a row")
    sentence = _double(subject.target)
    if sentence and not _double(subject.source):
        yield warning("repeated", f"a sentence stands twice: {sentence[:40]!r}")


def _twin(text: str) -> str:
    """The words that follow on themselves, up to three words long; empty if none do."""
    words = text.casefold().split()
    for length in (1, 2, 3):
        for at in range(len(words) - 2 * length + 1):
            first, second = words[at : at + length], words[at + length : at + 2 * length]
            second = [*second[:-1], second[-1].rstrip('.,;:!?。؟،)»”"')]
            if first == second and first[0][:1].isalpha():
                return " ".join(first)
    return ""


def _allowed(word: str, subject: Subject) -> bool:
    if word in _TWINS.get(subject.language, ()):
        return True
    if " " in word:
        return False
    if subject.language in {"ar", "he"}:
        return word.endswith(("\u064b\u0627", "\u0627\u064b")) or word in _STEP_BY_STEP
    return subject.language in _DOUBLING


def _double(text: str) -> str:
    if len(text) < 2 * _SENTENCE_LEAST:
        return ""
    found = Counter(sentence.strip().casefold() for sentence in _SENTENCE.findall(text))
    return next(
        (one for one, times in found.items() if times > 1 and len(one) >= _SENTENCE_LEAST), ""
    )
