"""Punctuation at the end (in Spanish also at the start) as the locale writes it."""

# ruff: noqa: RUF001 (signs that look alike are the matter here)
from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.subject import Subject, warning
from workflow.model import Diagnostic

CHECKS = {"end-punctuation": "The sentence does not end (or start) as the locale punctuates it."}
_KINDS = {
    **dict.fromkeys(".。।．۔።։", "stop"), **dict.fromkeys("?？؟՞", "question"),
    **dict.fromkeys("!！", "exclamation"), **dict.fromkeys(":：", "colon"),
    **dict.fromkeys(";；؛", "semicolon"), **dict.fromkeys(",，、،", "comma"), "…": "ellipsis",
}  # fmt: skip
_OWN = {
    "ar": {"question": "؟", "semicolon": "؛", "comma": "،"},
    "fa": {"question": "؟", "semicolon": "؛", "comma": "،"},
    "ur": {"question": "؟", "stop": "۔"},
    "zh": {"stop": "。", "question": "？", "exclamation": "！", "colon": "：", "semicolon": "；"},
    "ja": {"stop": "。", "question": "？", "exclamation": "！"},
    "hi": {"stop": "।"}, "bn": {"stop": "।"},
    "hy": {"stop": "։"}, "el": {"question": ";\u037e"},
}  # fmt: skip
_NO_END = frozenset({"th", "lo", "km", "my"})
_TITLE = 2
_FULL_WIDTH = frozenset({"zh", "ja"})
_CLOSERS = " \t\r\n\u00a0\u202f\"'”’»«“)）]】」』⟫*_`~\u200e\u200f\u2069>"
_TAG = re.compile(r"(?:<[^<>]{1,200}+>\s{0,9}){1,9}$")
_SPANISH = {"question": "¿", "exclamation": "¡"}
_LATIN_END = re.compile(r"[A-Za-z0-9)]$")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the kinds of the last signs; then see that the locale's own sign is used."""
    here, _ = _kind(subject.source, subject.source_language)
    there, sign = _kind(subject.target, subject.language)
    if here != there and not _free(subject, here, there):
        yield warning("end-punctuation", f"the source ends with {here or 'a word'},"
                      f" the translation with {there or 'a word'}")  # fmt: skip
    elif there and not _right(subject.language, there, sign, subject.target):
        yield warning("end-punctuation", f"the locale does not end a text with {sign!r}")
    if subject.language == "es":
        yield from _openers(subject.target)
    if subject.language == "fr":
        yield from _french(subject)


def _kind(text: str, language: str) -> tuple[str, str]:
    """What the last sign is, by its kind and as it is written; a word has no kind."""
    bare = _TAG.sub("", text[-400:].rstrip()).rstrip(_CLOSERS)
    if bare.endswith(("...", "。。。")):
        return "ellipsis", "..."
    sign = bare[-1:]
    if language == "el" and sign in {";", "\u037e"}:
        return "question", sign
    return _KINDS.get(sign, ""), sign


def _free(subject: Subject, here: str, there: str) -> bool:
    """Whether this locale may leave a stop out, or put one in."""
    if subject.language in _NO_END and here in {"stop", "", "semicolon", "comma"}:
        return True
    if subject.language in {"th", "lo", "km", "my"} and not there:
        return True
    if subject.language == "el" and {here, there} == {"question", "semicolon"}:
        return here == "semicolon"
    if {here, there} == {"", "stop"} and not subject.source.isascii():
        return False
    if {here, there} == {"", "stop"} and len(subject.source.split()) <= _TITLE:
        return True
    last = subject.source.rstrip()[-4:]
    return {here, there} == {"", "stop"} and bool(re.search(r"\b[A-Za-z]\.?$|\.[a-zA-Z]\.$", last))


def _right(language: str, kind: str, sign: str, text: str) -> bool:
    own = _OWN.get(language, {}).get(kind)
    if not own or sign in own or sign == "...":
        return True
    return language in _FULL_WIDTH and bool(_LATIN_END.search(text.rstrip(_CLOSERS + sign)))


def _openers(text: str) -> Iterator[Diagnostic]:
    for opener, closer in (("¿", "?"), ("¡", "!")):
        bare = re.sub(r"https?://\S{1,500}", "", text) if closer in text else text
        opened, closed = bare.count(opener), len(re.findall(rf"{re.escape(closer)}++", bare))
        if opened < closed or (opened > closed and bare.count(closer) < opened):
            yield warning("end-punctuation", f"{opener} stands {opened} times, {closer} {closed}")


def _french(subject: Subject) -> Iterator[Diagnostic]:
    """French of France sets a blank before these signs; that of Canada only before the colon."""
    if subject.locale in {"fr-CA", "fr-CH"}:
        return
    if re.search(r"[^\W\d_][?!;](?=\s|$)|[^\W\d_]:(?=\s)", subject.target) and not re.search(
        r"[?!;:]", subject.source.replace("://", "")
    ):
        yield warning("end-punctuation", "French sets a blank before ? ! ; :")
