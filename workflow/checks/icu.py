"""ICU messages: which arguments a text has, with the keywords of its plurals and selects."""

from __future__ import annotations

import re

_HEAD = re.compile(r"\{\s{0,9}(\w{1,60})\s{0,9},\s{0,9}(plural|select|selectordinal)\s{0,9},")
_KEYWORD = re.compile(r"(=\d{1,9}|\w{1,40})\s{0,9}$")
_ARGUMENT = re.compile(r"\{\s{0,9}(\w{1,60})\s{0,9}(?:,[^{}]{1,80})?\}")
_PLURALS = frozenset({"zero", "one", "two", "few", "many"})
_BRACE = re.compile(r"[{}]")
BROKEN = "{"
"""Stands among the arguments of a message whose braces do not pair."""


def arguments(text: str) -> list[str] | None:
    """The arguments of an ICU message with a choice, None for any other text.

    A choice must keep its name, its kind and `other`; the keywords of a plural are the locale's
    own, those of a select are the program's. Arguments within the branches count once.
    """
    if not _HEAD.search(text):
        return None
    found: set[str] = set()
    stack: list[tuple[str, str] | None] = []  # a choice, or None for a branch or an argument
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            stack.append(_opened(text, brace.start(), stack[-1] if stack else None, found))
        elif stack:
            stack.pop()
        else:
            found.add(BROKEN)
    return sorted(found | ({BROKEN} if stack else set()))


def _opened(
    text: str, at: int, inside: tuple[str, str] | None, found: set[str]
) -> tuple[str, str] | None:
    """What a brace opens: a branch of the choice around it, another choice, or an argument."""
    if inside:
        word = _KEYWORD.search(text, max(at - 50, 0), at)
        keyword = word[1] if word else "?"
        if inside[1] == "select" or not (keyword in _PLURALS or keyword.startswith("=")):
            found.add(f"{inside[0]}: {keyword}")
        return None
    head = _HEAD.match(text, at)
    if head:
        found.add(f"{{{head[1]}, {head[2]}}}")
        return head[1], head[2]
    argument = _ARGUMENT.match(text, at)
    found.add(argument[0] if argument else BROKEN)
    return None
