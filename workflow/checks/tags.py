"""Tags of HTML and XML with their attributes; those that hold text may be translated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, shown
from workflow.model import Diagnostic

CHECKS = {"tag": "A tag or an attribute is lost, new, changed or in the wrong order."}
_TAG = re.compile(
    r"<(/?)([a-zA-Z][\w:-]{0,30})((?:[^<>\"']|\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'){0,300}+)>"
)
_ATTRIBUTE = re.compile(
    r"([\w:-]{1,40})(?:\s{0,5}=\s{0,5}(\"[^\"]{0,500}\"|'[^']{0,500}'|[^\s\"'>]{1,500}))?"
)
_TEXT = frozenset({"title", "alt", "aria-label", "placeholder", "label", "summary", "lang", "dir"})
_HALF = re.compile(
    r"</?[a-zA-Z][\w:-]{0,30}+[^<>]{0,200}+(?:<|$)|<\s{1,3}/?\s{0,3}[a-z]{1,10}\s{0,3}>"
)
_EMPTY = frozenset({"br", "hr", "img", "input", "wbr", "meta", "link", "area", "source"})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare the tags of both texts, and see that those of the target nest."""
    if "<" not in subject.source and "<" not in subject.target:
        return
    wanted, found = (Counter(_tags(text)) for text in (subject.source, subject.target))
    for raw in sorted(wanted - found):
        yield error("tag", f"{shown(raw)} is lost")
    for raw in sorted(found - wanted):
        yield error("tag", f"{shown(raw)} is new")
    if wanted == found and _nests(subject.source) and not _nests(subject.target):
        yield error("tag", "the tags close in the wrong order")
    if _HALF.search(subject.target) and not _HALF.search(subject.source):
        yield error("tag", "a tag is not closed")


def _tags(text: str) -> Iterator[str]:
    for slash, name, rest in _TAG.findall(text):
        attributes = sorted(_attributes(rest))
        yield f"<{slash}{' '.join([name, *attributes])}>"


def _attributes(rest: str) -> Iterator[str]:
    for name, value in _ATTRIBUTE.findall(rest.rstrip("/ ")):
        kept = "…" if name.lower() in _TEXT else value.strip("\"'")
        yield f"{name}={kept}" if value else name


def _nests(text: str) -> bool:
    stack: list[str] = []
    for slash, name, rest in _TAG.findall(text):
        if not slash and not rest.endswith("/") and name.lower() not in _EMPTY:
            stack.append(name)
        elif slash and (not stack or stack.pop() != name):
            return False
    return not stack
