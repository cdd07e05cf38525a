"""Names that stay as they are, and the renderings that the glossary asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workflow.checks.subject import Subject, error, warning
from workflow.glossary import found
from workflow.model import Diagnostic

CHECKS = {
    "name": "A name that must stay as it is has been changed.",
    "glossary": "A term of the glossary has another rendering.",
}
_SHORT = 4
_ENDING = 3


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each term of the source has its rendering in the target, in any inflection."""
    if not subject.terms and not subject.names:
        return
    for name in sorted(subject.names):
        if _stands(name, subject.source) and name not in subject.target:
            yield error("name", f"the name {name[:60]!r} must stay as it is")
    told: set[str] = set()
    for one in found(subject.source, subject.terms):
        if one.term.term in told:
            continue
        told.add(one.term.term)
        if one.term.translation is None:
            if not _kept(one.rendering, subject.target, match_case=one.term.match_case):
                yield error("name", f"the name {one.rendering[:60]!r} must stay as it is")
        elif not _rendered(one.rendering, subject.target):
            yield warning("glossary", f"{one.term.term[:60]!r} should read {one.rendering[:60]!r}")


def _stands(name: str, text: str) -> bool:
    return name in text and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _kept(name: str, target: str, *, match_case: bool) -> bool:
    return name in target or (not match_case and name.casefold() in target.casefold())


def _rendered(rendering: str, target: str) -> bool:
    """Whether the words of a rendering stand in a target, give or take their endings."""
    text = _folded(target)
    words = [word for word in _folded(rendering).split() if len(word) >= _SHORT]
    return all(_stem(word) in text for word in words or [_folded(rendering)])


def _stem(word: str) -> str:
    return word[: max(_SHORT - 1, len(word) - _ENDING)]


def _folded(text: str) -> str:
    """Lower case without accents and marks: inflection moves them."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
