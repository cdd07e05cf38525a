"""Pseudo text: the source with accents, longer, in brackets, and from right to left if asked.

What a check compares letter for letter stays: tokens, tags, braces, times of the day, and every
word with a digit or a sign of programs in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import cycle, islice

from workflow.checks.hard import loops
from workflow.checks.hours import HOUR
from workflow.pseudo import CLOSING, OPENING

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áḃçďéƒĝĥíĵķļḿñóṗɋŕšţúṽŵẋýžÁḂÇĎÉƑĜĤÍĴĶĻḾÑÓṖɊŔŠŢÚṼŴẊÝŽ"
GROWTH = 0.35
"""Letters to add for each character: about what English grows by in Spanish, French or German."""
MOST = 2
"""Letters that one vowel may grow by: beyond that a word is hard to read."""
NO_BREAK = "\u00a0"
RLM = "\u200f"
"""The right-to-left mark: a letter that nobody sees, and that runs from right to left."""

_TABLE = str.maketrans(PLAIN, ACCENTED)
_KEPT = r"⟦[^⟦⟧]*⟧|<[^<>]*>|\{.*\}"
_HOUR = rf"(?<![^\s(\[\"'«“„])(?i:{HOUR.pattern})"
_PART = re.compile(
    rf"(?P<kept>{_KEPT})|(?P<hour>{_HOUR})|(?P<run>(?:(?!{_HOUR})[^\s⟦⟧<>{{}}])+)", re.DOTALL
)
_STAYS = re.compile(r"[\d\\&%$@`]")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['’](?=[^\W\d_]))*")
_VOWEL = r"aeiouаеиоуыэюяіαεηιουω"  # noqa: RUF001 - Latin, Cyrillic and Greek ones
_GROUP_END = re.compile(rf"[{_VOWEL}](?![{_VOWEL}\u0300-\u036f])", re.IGNORECASE)


def pseudo_text(text: str, *, mark: str = "") -> str:
    """The pseudo text of a segment; one of blanks alone stays as it is.

    With `mark` (RLM) every word stands between two of these, so that words follow on each other in
    the direction of the mark. Words and blanks stay where they are. Where longer words would look
    like an engine's loop, they are accented alone, and in the worst case framed alone.
    """
    if not text.strip():
        return text
    tried = (_framed(_Writing(growth, mark).all(text)) for growth in (GROWTH, 0.0))
    return next((made for made in tried if not any(loops(text, made))), _framed(text))


def _framed(text: str) -> str:
    """The text in brackets; one behind an address would be taken for a part of it."""
    bare = text.strip()
    start = text.find(bare)
    apart = NO_BREAK if _STAYS.search(bare.split()[-1]) else ""
    return f"{text[:start]}{OPENING}{bare}{apart}{CLOSING}{text[start + len(bare) :]}"


@dataclass(slots=True)
class _Writing:
    """One text on its way; `owed` are the letters that it still has to grow by."""

    growth: float
    mark: str
    owed: float = 0.0

    def all(self, text: str) -> str:
        return _PART.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        part = found[0]
        if found["kept"] is not None:
            return part
        self.owed += self.growth * (len(part) + 1)
        return part if found["hour"] or _STAYS.search(part) else _WORD.sub(self._word, part)

    def _word(self, found: re.Match[str]) -> str:
        word = unicodedata.normalize("NFC", found[0])
        if word[0].lower() == word[0].upper():
            return found[0]  # a script without capitals: who could tell an accent there?
        longer = _stretched(word, int(self.owed))
        self.owed -= len(longer) - len(word)
        return f"{self.mark}{longer.translate(_TABLE)}{self.mark}"


def _stretched(word: str, more: int) -> str:
    """The word with up to so many letters more, dealt out to the ends of its groups of vowels."""
    bases = "".join(unicodedata.normalize("NFD", letter)[0] for letter in word)
    ends = [found.start() for found in _GROUP_END.finditer(bases)]
    longer = Counter(islice(cycle(ends), min(more, MOST * len(ends))))
    return "".join(letter + _again(letter, word) * longer[at] for at, letter in enumerate(word))


def _again(letter: str, word: str) -> str:
    return letter if word.isupper() else letter.lower()
