"""Text that is still in the source language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, shown, warning
from workflow.model import Diagnostic

CHECKS = {
    "untranslated": "The whole sentence is still that of the source.",
    "source-words": "Words of the source stand in the translation.",
}
_WORD = re.compile(r"[^\W\d_]{1,60}+(?:['’][^\W\d_]{1,20}+)?")
_NOT_TEXT = re.compile(
    r"<[^<>]{1,500}+>|\{\s?\w{1,60}\s?,\s?\w{1,20}\s?,|(?:=\d|\b\w{1,40})\s?(?=\{)|\w:?(?:\\{1,2}\w{1,60}){1,9}|https?://\S{1,500}+|[\w.+-]{1,64}+@[\w.-]{1,200}+|\]\([^()\s]{1,500}+\)"
    r"|`[^`\n]{1,300}+`|%\(\w{1,60}\)\w|\$?\{[^{}]{0,60}\}|&#?\w{1,20}+;|\\[nt]|\w{1,40}\.\w{1,40}/\S{0,200}"
)
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "of",
        "for",
        "with",
        "your",
        "you",
        "is",
        "are",
        "this",
        "that",
        "from",
        "please",
        "will",
        "be",
        "have",
        "by",
        "our",
        "not",
        "before",
        "after",
        "until",
        "every",
        "open",
        "closed",
        "only",
        "during",
        "which",
        "when",
        "where",
        "their",
        "to",
        "at",
        "an",
        "on",
    ]
)
_SHARED = frozenset(
    {"on", "an", "at", "to", "is", "be", "by", "are", "not", "have", "for", "of", "will"}
)
"""English words that are also words of other languages: alone they say nothing."""
_WHOLE = 4
_RUN = 3
_SOME = 2
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The whole text, then runs of words that both texts share, then English words alone."""
    if subject.locale.partition("-")[0] == subject.source_language.partition("-")[0]:
        return
    source, target = _words(subject.source, subject), _words(subject.target, subject)
    plain = sum(word.islower() and len(word) > 1 for word in source)
    if source and source == target:
        if plain >= _WHOLE:
            yield error("untranslated", "the text is that of the source")
        elif plain >= _SOME and len(source) > _SOME:
            yield warning("source-words", "the text is that of the source")
        return
    run = _shared(source, target)
    if run:
        yield warning("source-words", f"{shown(run)} is as in the source")
        return
    if subject.source_language.startswith("en"):
        yield from _english(source, target)


def _words(text: str, subject: Subject) -> list[str]:
    text = _NOT_TEXT.sub(" ", text) if not text.isalpha() else text
    for name in subject.names:
        text = text.replace(name, " ")
    for term in subject.terms:
        if term.translation is None:
            text = text.replace(term.term, " ")
    return _WORD.findall(text)


def _shared(source: list[str], target: list[str]) -> str:
    """Words of the source that stand in a row in the target and are no names."""
    have = {tuple(source[at : at + _RUN]) for at in range(len(source) - _RUN + 1)}
    for at in range(len(target) - _RUN + 1):
        run = target[at : at + _RUN]
        if (
            tuple(run) in have
            and sum(word.islower() and len(word) > _SOME for word in run) >= _SOME
        ):
            return " ".join(run)
    return ""


def _english(source: list[str], target: list[str]) -> Iterator[Diagnostic]:
    known = {word for word in source if word.islower()}
    latin = sum(bool(_LATIN.match(word)) for word in target)
    foreign = latin * 2 < len(target)
    for at, word in enumerate(target):
        alone = word in _ENGLISH and word not in _SHARED and word in known
        near = target[max(at - 1, 0) : at + 2]
        named = at and near[0][:1].isupper() and near[-1][:1].isupper()
        if (alone and not named) or (foreign and word in known and len(word) > _RUN):
            yield warning("source-words", f"{shown(word)} is as in the source")
            return
