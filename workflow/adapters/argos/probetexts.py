"""The sentences that a package is probed with, written by hand for each source language.

`probes/<code>.txt` holds a sentence a line: some with tokens `⟦1⟧`, the others with `*anchors*`,
words that every translation repeats as they are (numbers, names).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from workflow.segments import MAX_TOKENS

ALIKE = {"pb": "pt"}
"""Argos' code for Brazilian Portuguese; its traditional Chinese (`zt`) has no sentences yet."""

_ANCHOR = "*"
_TOKENS = tuple(f"⟦{number}⟧" for number in range(1, MAX_TOKENS + 1))
_MARKS = ".,;:!?()«»\"'،؛؟。"


@dataclass(frozen=True, slots=True)
class Tokened:
    """A canonical text with the tokens 1 to `count`."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """A text and its anchors: the number of a blank-separated word, and the word without marks."""

    text: str
    anchors: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ProbeTexts:
    """What the packages of one source language are probed with."""

    tokened: tuple[Tokened, ...] = ()
    anchored: tuple[Anchored, ...] = ()


@lru_cache(maxsize=8)
def probe_texts(language: str) -> ProbeTexts:
    """The sentences of a source language (Argos' code); none if nobody has written any."""
    path = files(__package__) / "probes" / f"{ALIKE.get(language, language)}.txt"
    if not path.is_file():
        return ProbeTexts()
    lines = path.read_text("utf-8").splitlines()
    return ProbeTexts(
        tuple(_tokened(line) for line in lines if _TOKENS[0] in line),
        tuple(_anchored(line) for line in lines if _ANCHOR in line),
    )


def words_of(text: str) -> list[str]:
    """The blank-separated words without the marks round them."""
    return [word.strip(_MARKS) for word in text.split()]


def _tokened(line: str) -> Tokened:
    return Tokened(line, sum(token in line for token in _TOKENS))


def _anchored(line: str) -> Anchored:
    text = line.replace(_ANCHOR, "")
    words = words_of(text)
    return Anchored(text, tuple((words.index(word), word) for word in line.split(_ANCHOR)[1::2]))
