"""Reads the lexicons: what can fill a slot, in four languages, with its gender and number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.demo_packages.chunks import LANGUAGES, Chunk
from tools.demo_packages.forms import before
from tools.demo_packages.mistakes import CorpusError, Place
from tools.demo_packages.notation import Group, Text, parse

CODES = {"en": ("s", "p"), "es": ("ms", "fs", "mp", "fp"), "ar": ("m", "f", "p")}
CODES["pt"] = CODES["es"]
ARTICLES = re.compile(r"#!\s*articles:(.*)\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with its name in each language, cut into aligned stretches."""

    names: Mapping[str, tuple[Chunk, ...]]
    codes: Mapping[str, str]
    articles: Mapping[str, bool]

    def render(self, *, lang: str, form: str) -> tuple[Chunk, ...]:
        """Write the entry with the preposition and article that the form asks for."""
        first, *rest = self.names[lang]
        code = self.codes.get(lang, "")
        leads, word = before(
            lang=lang, form=form, word=first.text, code=code, articles=self.articles[lang]
        )
        led = (Chunk(lead.text, lead.keys, core=False) for lead in leads)
        return (*led, Chunk(word, first.keys), *rest)

    def text(self, lang: str) -> str:
        """Give the bare name."""
        return "".join(chunk.text for chunk in self.names[lang])


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries of one slot."""

    slot: str
    entries: tuple[Entry, ...]
    coded: frozenset[str]


def read_lexicon(path: Path) -> Lexicon:
    """Read one `.psv` file; raise CorpusError at the first thing that is wrong."""
    lines = list(enumerate(path.read_text(encoding="utf-8").splitlines(), start=1))
    articles = _articles(path, lines)
    rows = [(number, _cells(line)) for number, line in lines if line.strip() and line[0] != "#"]
    if not rows:
        raise CorpusError("no header line", place=Place(path, 1))
    header = _header(path, *rows[0])
    entries = [_entry(Place(path, number), header, cells, articles) for number, cells in rows[1:]]
    _no_doubles(path, rows[1:], entries)
    coded = frozenset(lang for lang in LANGUAGES if f"{lang}_g" in header)
    return Lexicon(path.stem, tuple(entries), coded)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _articles(path: Path, lines: list[tuple[int, str]]) -> dict[str, bool]:
    """Read the line that says which languages put an article before an entry."""
    found = {"en": True, "es": True, "pt": True, "ar": False}
    for number, line in lines:
        directive = ARTICLES.match(line.strip())
        for setting in directive[1].split() if directive else ():
            lang, _, value = setting.partition("=")
            if lang not in LANGUAGES or value not in ("yes", "no"):
                raise CorpusError(
                    f"'{setting}' is not LANGUAGE=yes or =no", place=Place(path, number)
                )
            found[lang] = value == "yes"
    return found


def _header(path: Path, number: int, cells: list[str]) -> list[str]:
    allowed = {*LANGUAGES, *(f"{lang}_g" for lang in LANGUAGES)}
    wrong = [cell for cell in cells if cell not in allowed]
    missing = [lang for lang in LANGUAGES if lang not in cells]
    if wrong or missing or len(set(cells)) != len(cells):
        raise CorpusError(
            f"header: unknown {wrong}, missing {missing}, or doubled", place=Place(path, number)
        )
    return cells


def _entry(place: Place, header: list[str], cells: list[str], articles: dict[str, bool]) -> Entry:
    if len(cells) != len(header):
        raise CorpusError(f"{len(cells)} columns where the header has {len(header)}", place=place)
    row = dict(zip(header, cells, strict=True))
    codes = {lang: _code(place, lang, row[f"{lang}_g"]) for lang in LANGUAGES if f"{lang}_g" in row}
    if any(articles[lang] and lang not in codes for lang in ("es", "pt")):
        raise CorpusError("articles need a gender column (es_g, pt_g)", place=place)
    try:
        return Entry(_names(row), codes, articles)
    except CorpusError as error:
        raise error.at(place) from error


def _code(place: Place, lang: str, code: str) -> str:
    if code not in CODES[lang]:
        raise CorpusError(f"{lang}_g is '{code}', not one of {', '.join(CODES[lang])}", place=place)
    return code


def _names(row: dict[str, str]) -> dict[str, tuple[Chunk, ...]]:
    parsed = {lang: parse(row[lang]) for lang in LANGUAGES}
    if not all(parsed.values()):
        raise CorpusError("an empty cell")
    labels = {part.label for parts in parsed.values() for part in parts if isinstance(part, Group)}
    whole = frozenset(f".{label}" for label in labels) or frozenset({".*"})
    return {lang: _name(parts, whole) for lang, parts in parsed.items()}


def _name(parts: tuple[object, ...], whole: frozenset[str]) -> tuple[Chunk, ...]:
    grouped = any(isinstance(part, Group) for part in parts)
    loose = frozenset() if grouped else whole
    return tuple(_stretch(part, loose) for part in parts)


def _stretch(part: object, loose: frozenset[str]) -> Chunk:
    if isinstance(part, Text):
        return Chunk(part.text, loose)
    if isinstance(part, Group) and all(isinstance(inner, Text) for inner in part.parts):
        text = "".join(inner.text for inner in part.parts if isinstance(inner, Text))
        return Chunk(text, frozenset({f".{part.label}"}))
    raise CorpusError("an entry holds no slots")


def _no_doubles(path: Path, rows: list[tuple[int, list[str]]], entries: list[Entry]) -> None:
    seen: dict[str, int] = {}
    for (number, _), entry in zip(rows, entries, strict=True):
        name = entry.text("en")
        if name in seen:
            raise CorpusError(
                f"'{name}' is already on line {seen[name]}", place=Place(path, number)
            )
        seen[name] = number
