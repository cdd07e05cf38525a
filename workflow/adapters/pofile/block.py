"""A raw block: one entry of a PO file as it stands there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One entry as it stands in the file.

    `before` is the blank lines above it, `raw` all its lines with their line ends, `line` where
    it starts (from 1); `strings` is its keyword and string lines, each with a line feed, without
    `#~` and with `#|` for previous ones; `comments` its comment lines without line ends.
    """

    before: str
    raw: str
    line: int
    strings: str
    comments: tuple[str, ...]
    obsolete: bool = False
