"""The units of the survival set: a source and, written by hand, what must survive in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "units"
LOCALES = ("es", "ar", "pt")


@dataclass(frozen=True, slots=True)
class Unit:
    """One source text with its invariants; README.md says what each of them holds."""

    id: str
    source: str
    keep: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.id.rpartition("-")[0]


def units() -> list[Unit]:
    """All units of all files."""
    return [one for path in sorted(FOLDER.glob("*.jsonl")) for one in read(path)]


def read(path: Path) -> Iterator[Unit]:
    """Raises ValueError with the line of what is no unit."""
    lines = path.read_text("utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield unit(json.loads(line))
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error


def unit(told: dict[str, object]) -> Unit:
    """Raises TypeError for other keys, and for values that are no text or list of texts."""
    if not isinstance(told, dict):
        raise TypeError("a unit is an object")
    lists = {name: _texts(name, value) for name, value in told.items()
             if name not in {"id", "source"}}  # fmt: skip
    if not (isinstance(told.get("id"), str) and isinstance(told.get("source"), str)):
        raise TypeError("id and source are texts")
    return Unit(str(told["id"]), str(told["source"]), **lists)


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise TypeError(f"{name} is a list of texts")
    return tuple(value)


def even_sample(all_units: Sequence[Unit], count: int) -> list[Unit]:
    """So many units, as far apart as can be; each kind has its share."""
    return [all_units[place * len(all_units) // count] for place in range(count)]
