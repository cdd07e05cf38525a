"""Reads template files: blocks of one name and four parallel lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.demo_packages.chunks import LANGUAGES
from tools.demo_packages.mistakes import CorpusError, Place
from tools.demo_packages.notation import Agreement, Group, Part, Slot, parse

NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence in four languages, with slots."""

    name: str
    place: Place
    lines: Mapping[str, tuple[Part, ...]]
    places: Mapping[str, Place]

    def slots(self, lang: str) -> tuple[str, ...]:
        """Name the slots that show in one language, in order."""
        return tuple(part.name for part in flat(self.lines[lang]) if isinstance(part, Slot))

    def all_slots(self) -> tuple[str, ...]:
        """Name all slots that any language shows or agrees with, in order of first use."""
        parts = (part for lang in LANGUAGES for part in flat(self.lines[lang]))
        names = (_slot_name(part) for part in parts)
        return tuple(dict.fromkeys(name for name in names if name))


def _slot_name(part: Part) -> str:
    if isinstance(part, Slot):
        return part.name
    return part.slot if isinstance(part, Agreement) else ""


def flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Walk through the parts, groups opened."""
    for part in parts:
        if isinstance(part, Group):
            yield from flat(part.parts)
        else:
            yield part


def read_templates(path: Path) -> tuple[list[Template], list[CorpusError]]:
    """Read a file; a block that is wrong becomes an error and the others are still read."""
    templates: list[Template] = []
    errors: list[CorpusError] = []
    for block in _blocks(path):
        try:
            templates.append(_template(path, block))
        except CorpusError as error:
            errors.append(error)
    return templates, errors


def _blocks(path: Path) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _template(path: Path, block: list[tuple[int, str]]) -> Template:
    number, name = block[0]
    place = Place(path, number)
    if not NAME.match(name):
        raise CorpusError(
            f"'{name}' is no template name (lower case, digits, hyphens)", place=place
        )
    lines: dict[str, tuple[Part, ...]] = {}
    places: dict[str, Place] = {}
    for line_number, line in block[1:]:
        lang = _language(Place(path, line_number), line, lines)
        places[lang] = Place(path, line_number)
        lines[lang] = _parse(places[lang], line.partition(":")[2].strip())
    missing = [lang for lang in LANGUAGES if lang not in lines]
    if missing:
        raise CorpusError(f"'{name}' has no line for {', '.join(missing)}", place=place)
    return Template(name, place, lines, places)


def _language(place: Place, line: str, lines: dict[str, tuple[Part, ...]]) -> str:
    lang = line.partition(":")[0]
    if lang not in LANGUAGES:
        raise CorpusError(
            f"a line starts with en:, es:, pt: or ar:, not {line[:20]!r}", place=place
        )
    if lang in lines:
        raise CorpusError(f"a second line for {lang}", place=place)
    return lang


def _parse(place: Place, text: str) -> tuple[Part, ...]:
    if not text:
        raise CorpusError("nothing after the language", place=place)
    try:
        return parse(text)
    except CorpusError as error:
        raise error.at(place) from error
