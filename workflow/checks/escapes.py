"""Escapes of programs and of HTML: none lost, none doubled, no stray backslash."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, shown, warning
from workflow.model import Diagnostic

CHECKS = {
    "escape": "An escape such as `\\n` or `&amp;` is lost, damaged or doubled.",
    "escape-stray": "A backslash or `&` stands where the source has none.",
}
_BACKSLASH = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)?", re.DOTALL)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_DOUBLE = re.compile(r"&amp;(?:[a-zA-Z]{2,10}|#\d{1,7});")
_BROKEN = re.compile(
    r"&(?:amp|lt|gt|quot|nbsp|copy|apos|#\d{1,7})(?![\w;])|&\s(?:amp|lt|gt|quot|nbsp)\s?;"
)
_MARKDOWN = frozenset("\\" + sign for sign in "*_#[]()`~>.!-+|<{}\"'")
_LETTERS = frozenset({"\\n", "\\t", "\\r"})
_KEPT = frozenset({"&lt;", "&gt;", "&copy;", "&reg;", "&trade;"})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the escapes of both texts."""
    source, target = subject.source, subject.target
    if "\\" in source or "\\" in target:
        yield from _backslashes(source, target)
    if "&" in source or "&" in target:
        yield from _entities(source, target)


def _backslashes(source: str, target: str) -> Iterator[Diagnostic]:
    here, there = Counter(_BACKSLASH.findall(source)), Counter(_BACKSLASH.findall(target))
    for raw in sorted(set(here) | set(there)):
        if here[raw] == there[raw]:
            continue
        if (
            raw in _LETTERS
            or raw[:2] in {"\\u", "\\x"}
            or (raw == "\\\\" and there[raw] > here[raw])
        ):
            yield error("escape", f"{raw} stands {there[raw]} times, in the source {here[raw]}")
        elif raw not in _MARKDOWN or there[raw] > here[raw] or raw == '\\"':
            yield warning("escape-stray", f"{shown(raw)} stands {there[raw]} times,"
                          f" in the source {here[raw]}")  # fmt: skip


def _entities(source: str, target: str) -> Iterator[Diagnostic]:
    if _DOUBLE.search(target) and not _DOUBLE.search(source):
        yield error("escape", "an entity is escaped twice")
        return
    if _BROKEN.search(target) and not _BROKEN.search(source):
        yield error("escape", "an entity has lost its semicolon or holds a blank")
        return
    here, there = Counter(_ENTITY.findall(source)), Counter(_ENTITY.findall(target))
    for raw in sorted(here - there):
        if raw in _KEPT:
            yield error("escape", f"{raw} is lost")
    if "&amp;" in here and "&amp;" not in there and re.search(r"&(?!#?\w{1,10};)", target):
        yield error("escape", "& stands there without its escape")
    elif there - here and set(there) - set(here) - {"&nbsp;", "&#160;", "&#8239;"}:
        yield warning("escape-stray", f"{shown(min(there - here))} is not in the source")
    elif here - there and set(here - there) - _KEPT - {"&amp;"}:
        yield warning("escape-stray", f"{shown(min(here - there))} is lost")
