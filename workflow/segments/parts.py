"""What a unit is cut into: segments for the engine, terms alone, and text that is copied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from workflow.segments.tokens import OPENING, TOKEN

MIN_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """What one token stands for, and becomes again: `raw`, which for a term is its rendering.

    `kind` and `pair` are those of `workflow.model.Markup`.
    """

    raw: str
    kind: str
    pair: int = 0


@dataclass(frozen=True, slots=True)
class Protected:
    """One segment: its source, the text for the engine, and what token n stands for (n from 1)."""

    source: str
    text: str
    pieces: tuple[Piece, ...] = ()

    @property
    def shown(self) -> str:
        """The source with each term in its rendering: what a translation is measured against."""
        return TOKEN.sub(self._raw, self.text) if self.pieces else self.source

    def _raw(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return self.pieces[number - 1].raw if 0 < number <= len(self.pieces) else found[0]


@dataclass(frozen=True, slots=True)
class Fixed:
    """Text without words but for terms: `text` stands for it in every translation."""

    source: str
    text: str


Part = str | Protected | Fixed


@dataclass(frozen=True, slots=True)
class Segmented:
    """A unit in order: segments for the engine, text that is copied as it is, and terms alone."""

    parts: tuple[Part, ...]

    @property
    def segments(self) -> tuple[Protected, ...]:
        """What is to be translated."""
        return tuple(part for part in self.parts if isinstance(part, Protected))

    @property
    def source(self) -> str:
        """The unit's text, as it was."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)

    @property
    def shown(self) -> str:
        """The source with each term in its rendering."""
        return self.joined([segment.shown for segment in self.segments])

    def joined(self, texts: Sequence[str]) -> str:
        """The unit with one (restored) text for each segment."""
        following = iter(texts)
        return "".join(_shown(part, following) for part in self.parts)


def _shown(part: Part, following: Iterator[str]) -> str:
    if isinstance(part, Protected):
        return next(following)
    return part.text if isinstance(part, Fixed) else part


def translatable(text: str) -> bool:
    """Whether a text has words: two letters at least outside tokens; if not, it is copied."""
    bare = TOKEN.sub(" ", text) if OPENING in text else text
    letters = (True for character in bare if unicodedata.category(character)[0] == "L")
    return sum(islice(letters, MIN_LETTERS)) == MIN_LETTERS
