"""Placeholders of programs: as many of each, letter for letter, in any order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.icu import arguments
from workflow.checks.subject import ONE_NUMBER, Subject, error, shown
from workflow.model import Diagnostic
from workflow.segments import literals

CHECKS = {"placeholder": "A placeholder (`%s`, `{x}`, ICU, `$1`) is lost, new or damaged."}
_SIGNS = re.compile(r"[%{}$]")
_PYTHON = re.compile(r"%\([\w.]{1,60}\)[a-zA-Z]")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the placeholders of both texts; those of ICU by name, type and keywords."""
    source, target = subject.source, subject.target
    if not (_SIGNS.search(source) or _SIGNS.search(target)):
        return
    wanted, found = _placeholders(source), _placeholders(target)
    lost, new = wanted - found, found - wanted
    for raw in [raw for raw in lost if _price(raw, target)]:
        del lost[raw]
    if ONE_NUMBER in subject.flags and len(lost) == 1 and not new:
        return
    for raw in sorted(lost):
        yield error("placeholder", f"{shown(raw)} is lost")
    for raw in sorted(new):
        yield error("placeholder", f"{shown(raw)} is new")
    if not lost and not new and _loose(target) and not _loose(source):
        yield error("placeholder", "a brace is not closed")


def _price(raw: str, target: str) -> bool:
    """Whether `$5` is a sum of money, which the target writes as `5 $`."""
    return (
        raw[0] == "$"
        and raw[1:].isdigit()
        and bool(
            re.search(rf"(?<!\d){raw[1:]}[\s\u00a0\u202f]?(?:\$|USD|d[oó]l)", target, re.IGNORECASE)
        )
    )


def _placeholders(text: str) -> Counter[str]:
    icu = arguments(text)
    if icu is not None:
        return Counter(icu)
    return Counter(text[one.start : one.end] for one in literals(text) if one.kind == "placeholder")


def _loose(text: str) -> bool:
    return text.count("{") != text.count("}")
