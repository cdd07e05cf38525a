"""The planted defects and the right pairs, read and validated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent

DEFECT_KINDS = (
    "placeholder",
    "tag",
    "link",
    "email",
    "number",
    "date",
    "name",
    "glossary",
    "edge_space",
    "end_punctuation",
    "bracket_quote",
    "repeated",
    "untranslated",
    "too_long",
    "too_short",
    "empty",
    "plural_forms",
    "direction_mark",
    "escape",
    "invisible",
)
"""What a defect may be, in the order of the file."""

RIGHT_KINDS = (
    "number",
    "time_date",
    "punctuation",
    "title",
    "same",
    "repeated",
    "length",
    "order",
    "glossary",
    "merged",
    "unit",
    "name",
    "markup",
    "script",
    "plural",
)
"""What makes a right pair look suspicious, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary; without a translation it stays as it is."""

    term: str
    translation: str | None


@dataclass(frozen=True, slots=True)
class Plural:
    """The plural of the source, and the forms in the order of the locale's `Plural-Forms`."""

    source: str
    right: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Defect:
    """A right translation, and the same text with one defect planted by hand."""

    id: str
    kind: str
    locale: str
    source: str
    right: str
    target: str
    note: str
    plural: Plural | None = None
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class RightPair:
    """A right translation that looks suspicious; in its plural, target and right are the same."""

    id: str
    kind: str
    locale: str
    source: str
    target: str
    note: str
    plural: Plural | None = None
    terms: tuple[Term, ...] = ()


Entry = TypeVar("Entry", Defect, RightPair)


def defects() -> tuple[Defect, ...]:
    """All planted defects. Raises ValueError where the file is not what the README says."""
    return tuple(_read("defects.json", _defect, DEFECT_KINDS))


def right_pairs() -> tuple[RightPair, ...]:
    """All right pairs. Raises ValueError where the file is not what the README says."""
    return tuple(_read("right.json", _right_pair, RIGHT_KINDS))


def _read(
    name: str, made: Callable[[Mapping[str, Any]], Entry], kinds: tuple[str, ...]
) -> Iterator[Entry]:
    seen: set[str] = set()
    for raw in json.loads((FOLDER / name).read_text("utf-8")):
        try:
            one = made(raw)
        except (TypeError, KeyError) as error:
            raise ValueError(f"{name}: {raw.get('id')}: {error}") from error
        if one.id in seen or one.kind not in kinds:
            raise ValueError(f"{name}: {one.id}: a second one, or of no kind that is known")
        seen.add(one.id)
        yield one


def _defect(raw: Mapping[str, Any]) -> Defect:
    return Defect(**_fields(raw, ("right", "target")))


def _right_pair(raw: Mapping[str, Any]) -> RightPair:
    return RightPair(**_fields(raw, ("right", "right")))


def _fields(raw: Mapping[str, Any], forms: tuple[str, str]) -> dict[str, Any]:
    fields = dict(raw)
    plural = fields.pop("plural", None)
    fields["terms"] = tuple(Term(**term) for term in fields.pop("terms", ()))
    wrong = [name for name, text in fields.items() if name != "terms" and not _text(text)]
    if wrong:
        raise TypeError(f"no text: {', '.join(wrong)}")
    if plural is not None:
        right, target = (tuple(plural[name]) for name in forms)
        fields["plural"] = Plural(source=plural["source"], right=right, target=target)
    return fields


def _text(value: object) -> bool:
    return isinstance(value, str)
