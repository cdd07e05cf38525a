"""Glossary: names that no translation touches, and terms with one required rendering.

It is a CSV file (RFC 4180) in UTF-8 with the columns `term,locale,translation,case,note`.

>>> hall = Term("Town Hall", "es", "Ayuntamiento")
>>> [(one.start, one.end, one.rendering) for one in found("The Town Hall is shut.", [hall])]
[(4, 13, 'Ayuntamiento')]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from workflow.glossary_file import Row, rows
from workflow.locales import canonical

EVERYWHERE = "*"
_FIRST = re.compile(r"\w+")
_HYPHENS = "-\u2010\u2011"
_NO_BLANKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Term:
    """One row: how a term reads in a locale (`*`: in all); a translation of None keeps it as is.

    With `match_case` it is only found as it is written.
    """

    term: str
    locale: str
    translation: str | None = None
    match_case: bool = True
    note: str = ""

    def rendering(self, written: str) -> str:
        """What must stand for it in a translation; `written` is how the source writes it.

        A term in any case takes the capital with which a sentence starts.
        """
        if self.translation is None:
            return written
        raised = not self.match_case and written[:1].isupper() and not self.term[:1].isupper()
        return self.translation[:1].upper() + self.translation[1:] if raised else self.translation


@dataclass(frozen=True, slots=True)
class Found:
    """A term that stands at `text[start:end]`, and what must stand for it in the translation."""

    start: int
    end: int
    term: Term
    rendering: str


class Terms(tuple[Term, ...]):  # noqa: SLOT001 (it keeps its index)
    """The terms of one locale, the longest first, with an index by their first words."""

    @cached_property
    def by_word(self) -> dict[str, list[Term]]:
        """Terms by the first word, in folded case; those in scripts without blanks by ``""``."""
        index: dict[str, list[Term]] = {}
        for term in self:
            first = _FIRST.match(term.term)
            loose = not first or _NO_BLANKS.match(term.term)
            index.setdefault("" if loose or not first else first[0].casefold(), []).append(term)
        return index


@dataclass(frozen=True, slots=True, eq=False)
class Glossary:
    """All terms of a project, in the order of the file."""

    terms: tuple[Term, ...] = ()

    def for_locale(self, locale: str) -> Terms:
        """What holds in a locale, longest first: its own rows, its language's, then those of `*`.

        For one term the nearest row counts.
        """
        return _for_locale(self, locale)


@lru_cache(maxsize=256)
def _for_locale(glossary: Glossary, locale: str) -> Terms:
    chosen: dict[str, Term] = {}
    for tag in (*_chain(locale), EVERYWHERE):
        for term in glossary.terms:
            if term.locale == tag:
                chosen.setdefault(_key(term), term)
    return Terms(sorted(chosen.values(), key=lambda one: (-len(one.term), one.term)))


def _chain(locale: str) -> Iterator[str]:
    """A tag and those it specialises: `zh-Hant-TW`, `zh-Hant`, `zh`."""
    while locale:
        yield locale
        locale = locale.rpartition("-")[0]


def _key(term: Term) -> str:
    return term.term if term.match_case else term.term.casefold()


def parse(raw: bytes, path: str) -> Glossary:
    """The glossary in a file's bytes; `path` is for messages.

    Raises SettingsError, with the line, for whatever is not as the format says.
    """
    return Glossary(tuple(_term(row) for row in rows(raw, path, locale=_tag)))


def _tag(text: str) -> str:
    return text if text == EVERYWHERE else canonical(text)


def _term(row: Row) -> Term:
    translation = None if row.translation in {"", "-"} else row.translation
    return Term(row.term, row.locale, translation, row.match_case, row.note)


def found(text: str, terms: Sequence[Term]) -> tuple[Found, ...]:
    """The terms that stand in a text as whole words, in order; the longest wins where they overlap.

    A word ends where letters, digits and their marks end, or where a script has no blanks.
    """
    if not terms:
        return ()
    index = terms.by_word if isinstance(terms, Terms) else Terms(terms).by_word
    spots = sorted(_spots(text, index), key=lambda one: (one.start - one.end, one.start))
    covered, taken = bytearray(len(text)), []
    for spot in spots:
        if not any(covered[spot.start : spot.end]):
            covered[spot.start : spot.end] = b"\1" * (spot.end - spot.start)
            taken.append(spot)
    return tuple(sorted(taken, key=lambda one: one.start))


def _spots(text: str, index: dict[str, list[Term]]) -> Iterator[Found]:
    for word in _FIRST.finditer(text):
        yield from _at(text, word.start(), index.get(word[0].casefold(), ()))
    for term in index.get("", ()):
        start = text.find(term.term)
        while start >= 0:
            yield from _at(text, start, [term])
            start = text.find(term.term, start + len(term.term))


def _at(text: str, start: int, terms: Iterable[Term]) -> Iterator[Found]:
    for term in terms:
        end = start + len(term.term)
        written = text[start:end]
        same = written == term.term
        same = same or (not term.match_case and written.casefold() == term.term.casefold())
        if same and not _inside(text, start) and not _inside(text, end):
            yield Found(start, end, term, term.rendering(written))


def _inside(text: str, at: int) -> bool:
    """Whether a word goes on at this offset; a hyphen between letters is part of it."""
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if not before or not after:
        return False
    hyphen = (before[-1] in _HYPHENS and len(before) > 1) or (after[0] in _HYPHENS and after[1:])
    if hyphen:
        return _joins(before.strip(_HYPHENS)[-1:] or " ") and _joins(
            after.strip(_HYPHENS)[:1] or " "
        )
    return _joins(before[-1]) and _joins(after[0])


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM" and not _NO_BLANKS.match(character)
