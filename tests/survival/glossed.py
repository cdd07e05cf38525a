"""The set's glossary, read as plain CSV: the names that stay, and the rendering of each term."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).parent / "glossary.csv"


@cache
def names() -> tuple[str, ...]:
    """The names that stay as they are in all locales."""
    return tuple(term for term, locale, text in _rows() if locale == "*" and not text)


@cache
def terms() -> tuple[str, ...]:
    """The English terms that have a rendering."""
    return tuple(dict.fromkeys(term for term, _, text in _rows() if text))


@cache
def rendering(term: str, locale: str) -> str:
    """What must stand for a term; in English the term itself. Raises KeyError for an unknown."""
    found = {(row, of): text for row, of, text in _rows()} | {(one, "en"): one for one in terms()}
    return found[term, locale]


@cache
def _rows() -> list[tuple[str, str, str]]:
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return [(row["term"], row["locale"], row["translation"]) for row in csv.DictReader(file)]


def plain(text: str) -> str:
    """Case, vowel signs of Arabic, its long strokes and the kind of blanks do not count."""
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = (char for char in folded if not "\u064b" <= char <= "\u0652" and char != "\u0640")
    return " ".join("".join(kept).split())
