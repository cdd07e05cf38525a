"""Addresses: of the web and of Markdown's links and images, letter for letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, shown
from workflow.model import Diagnostic
from workflow.segments import literals

CHECKS = {
    "url": "A web address or the address of a link is lost, new or changed.",
    "email": "An e-mail address is lost, new or changed.",
    "markup": "Emphasis or code of Markdown is lost or new.",
}
_ADDRESS = re.compile(r"\]\(\s{0,5}([^\s()]{1,2000}+)")
_CODE = re.compile(r"`[^`\n]{1,300}+`")
_SCHEME = re.compile(r"\b(?:tel|mailto|sms|geo):[^\s<>()\"']{1,200}+")
_WIDE = re.compile("[\u3001-\u303f\uff01-\uff65]")
_EMPHASIS = ("**", "__", "~~")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare addresses, and code between backticks; the order is the language's."""
    source, target = _found(subject.source), _found(subject.target)
    for kind, raw in sorted(source - target):
        yield _finding(kind, f"{shown(raw)} is lost")
    for kind, raw in sorted(target - source):
        yield _finding(kind, f"{shown(raw)} is new")
    yield from _emphasis(subject)


def _finding(kind: str, message: str) -> Diagnostic:
    if kind == "email":
        return error("email", message)
    return error("url", message) if kind == "url" else error("markup", message)


def _found(text: str) -> Counter[tuple[str, str]]:
    if not any(sign in text for sign in "/@:.`"):
        return Counter()
    found = Counter(
        (one.kind, text[one.start : one.end].removeprefix("mailto:"))
        for one in literals(text)
        if one.kind in {"url", "email"}
    )
    urls = [*_ADDRESS.findall(text), *_SCHEME.findall(text)]
    found = Counter({_cut(*key): times for key, times in found.items()})
    found.update(("url", address) for address in urls if ("url", address) not in found)
    found.update(("code", code) for code in _CODE.findall(text))
    return found


def _cut(kind: str, raw: str) -> tuple[str, str]:
    """An address ends before the punctuation of scripts without blanks."""
    return kind, _WIDE.split(raw, maxsplit=1)[0]


def _emphasis(subject: Subject) -> Iterator[Diagnostic]:
    if subject.source.count("](") > subject.target.count("]("):
        yield error("markup", "a link is no link any more")
    for mark in _EMPHASIS:
        here, there = subject.source.count(mark), subject.target.count(mark)
        if (here + there) and here % 2 == 0 and here != there:
            yield error("markup", f"{mark} stands {there} times, in the source {here} times")
