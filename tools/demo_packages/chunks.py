"""Text that remembers what each stretch of it translates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LANGUAGES = ("en", "es", "pt", "ar")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a sentence.

    `keys` name what it translates: stretches of two languages that share a key are aligned. `group`
    and `slot` say which part of the template it came from; `core` is false for the preposition and
    article before a slot, `copied` is true for text that no language changes.
    """

    text: str
    keys: frozenset[str] = frozenset()
    group: str = ""
    slot: str = ""
    core: bool = True
    copied: bool = False


def joined(chunks: Iterable[Chunk]) -> str:
    """Give the plain text."""
    return "".join(chunk.text for chunk in chunks)
