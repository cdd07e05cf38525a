"""What can be wrong in a template or lexicon, said with its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a corpus file, written as editors can jump to it."""

    path: Path
    line: int

    def __str__(self) -> str:
        """Give `file:line`, short enough to read in a list."""
        return f"{self.path.parent.name}/{self.path.name}:{self.line}"


class CorpusError(ValueError):
    """Raised when a template or lexicon breaks a rule of FORMAT.md."""

    def __init__(self, message: str, *, place: Place | None = None) -> None:
        """Keep the message and where it is about."""
        self.message = message
        self.place = place
        super().__init__(f"{place}: {message}" if place else message)

    def at(self, place: Place) -> CorpusError:
        """Give the same complaint with a place, unless it already has one."""
        return self if self.place else CorpusError(self.message, place=place)
