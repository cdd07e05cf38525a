"""ICU messages: which arguments a text has, with the keywords of its plurals and selects."""

from __future__ import annotations

import re

_HEAD = re.compile(r"\{\s{0,9}(\w{1,60})\s{0,9},\s{0,9}(plural|select|selectordinal)\s{0,9},")
_KEYWORD = re.compile(r"[\s}]{0,99}(=\d{1,9}|\w{1,40})\s{0,9}$")
_ARGUMENT = re.compile(r"\{\s{0,9}(\w{1,60})\s{0,9}(?:,[^{}]{1,80})?\}")
_PLURALS = frozenset({"zero", "one", "two", "few", "many"})
DEEPEST = 20


def arguments(text: str) -> list[str] | None:
    """The arguments of an ICU message with a choice, None for any other text.

    A choice must keep its name, its kind and `other`; the keywords of a plural are the locale's
    own, those of a select are the program's. Arguments within the branches count once.
    """
    heads = list(_HEAD.finditer(text))
    if not heads:
        return None
    found = {f"{{{head[1]}, {head[2]}}}" for head in heads}
    found |= {f"{{{name}}}" for name in _ARGUMENT.findall(text)}
    for head in heads:
        found |= _branches(text, head)
    if not _closed(text):
        found.add("{")
    return sorted(found)


def _branches(text: str, head: re.Match[str]) -> set[str]:
    """The keywords of one choice that are not the locale's to decide; unknown ones too."""
    depth, begun, found = 0, head.end(), set()
    for position in range(head.end(), len(text)):
        if text[position] == "{":
            if depth == 0:
                word = _KEYWORD.search(text, max(begun, position - 60), position)
                found.add(word[1] if word else "?")
            depth += 1
        elif text[position] == "}":
            depth -= 1
            begun = position + 1
            if depth < 0:
                break
    return {f"{head[1]}:{word}" for word in found if not _free(head[2], word)}


def _free(kind: str, word: str) -> bool:
    return kind != "select" and (word in _PLURALS or word.startswith("="))


def _closed(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0 or depth > DEEPEST:
            return False
    return depth == 0
