"""What must come through a translation letter for letter: placeholders, addresses, fixed names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_IN_URL = r"[^\s<>()\"⟦⟧{}|\\^`\[\]\u3000-\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]"
_URL_TAIL = rf"(?:{_IN_URL}|\({_IN_URL}*\)|\{{{{?[\w.]{{1,40}}\}}}}?)*(?<![.,;:!?'\u2019”*_~،؛؟])"
_PATTERNS = {
    "url": rf"(?:(?:https?|ftp)://|(?<![\w.@/-])www\.){_URL_TAIL}"
    rf"|(?<![\w.@/-])(?:[a-z0-9-]{{1,63}}\.){{1,8}}[a-z]{{2,24}}/{_URL_TAIL}",
    "email": r"(?<![\w.+-])(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    "placeholder": r"%\([\w.]{1,60}\)[-+0# ]?\d*(?:\.\d+)?[a-zA-Z]"
    r"|%\d{1,2}\$[-+0#]?\d*(?:\.\d+)?[a-zA-Z@]"
    r"|(?<!\d)%[-+0#]?\d*(?:\.\d+)?(?:[sdifgeuxXcr]|l[du])(?![a-zA-Z])|%@|%%"
    r"|\{\{[^{}]{1,60}\}\}|\{%[^{}%]{1,80}%\}|\$\{[^{}\s]{1,60}\}"
    r"|\{(?:[\w.\[\]-]{0,60})(?:![rsa])?(?::[^{}\s]{0,20})?\}"
    r"|(?<![\w$])\$(?:[1-9](?![\d\w]|[.,]\d)|[A-Za-z_]\w{0,60})",
    "identifier": r"(?<!\w)\w{0,60}[^\W_]_[^\W_]\w{0,60}",
    "phone": r"(?<![\w.,+])(?:\+\d{1,3}(?:[ -]\d{2,4}){2,6}|0\d(?:[ -]\d{2}){4})(?!\w)",
    "token": r"⟦[^⟦⟧\n]{0,40}⟧|[⟦⟧]",
}

_SIGNS = re.compile(r"[/@%{$_⟦⟧]|www\.|\+\d|\b0\d[ -]\d\d[ -]")
"""One of these is in every literal but a term: most texts have none, and need no closer look."""


@dataclass(frozen=True, slots=True)
class Literal:
    """`text[start:end]` is to survive as it is; `kind` is a name of `_PATTERNS`, or term."""

    start: int
    end: int
    kind: str


@lru_cache(maxsize=256)
def _finder(terms: tuple[str, ...]) -> re.Pattern[str]:
    patterns = dict(_PATTERNS)
    if terms:
        names = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
        patterns["term"] = rf"(?<!\w)(?:{names})(?!\w)"
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items()))


def is_plain(text: str) -> bool:
    """Whether a text surely has no literal and is one line: so are most units."""
    return "\n" not in text and not _SIGNS.search(text)


def literals(text: str, terms: Sequence[str] = ()) -> Iterator[Literal]:
    """The literals of a text in order; `terms` are names that no language translates."""
    wanted = tuple(term for term in terms if term)
    if not wanted and not _SIGNS.search(text):
        return
    for found in _finder(wanted).finditer(text):
        if found.lastgroup and found.end() > found.start():
            yield Literal(found.start(), found.end(), found.lastgroup)
