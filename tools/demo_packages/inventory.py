"""Everything that can fill a slot, under the slot's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.demo_packages.calendar_slots import CALENDAR_SLOTS, CodeSlot
from tools.demo_packages.filling import EntryFilling, Filling, ValueFilling
from tools.demo_packages.forms import FORMS
from tools.demo_packages.lexicon import Lexicon, read_lexicon
from tools.demo_packages.mistakes import CorpusError
from tools.demo_packages.value_slots import VALUE_SLOTS

CODE_SLOTS: Mapping[str, CodeSlot] = {**CALENDAR_SLOTS, **VALUE_SLOTS}
ORDERED = ("date", "wdate", "time", "year", "n3", "n11", "n100", "thousand", "price", "month")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The lexicons and the slots made by code."""

    lexicons: Mapping[str, Lexicon]

    def base(self, slot: str) -> str:
        """Give the lexicon or code slot that `{slot}` draws from: `date2` draws from `date`."""
        for name in (slot, slot[:-1]):
            if name in self.lexicons or name in CODE_SLOTS:
                return name
        known = ", ".join(sorted({*self.lexicons, *CODE_SLOTS}))
        raise CorpusError(f"unknown slot '{slot}' (known: {known})")

    def forms(self, slot: str, lang: str) -> tuple[str, ...]:
        """Name the forms that a slot has."""
        base = self.base(slot)
        return FORMS if base in self.lexicons else tuple(CODE_SLOTS[base].patterns[lang])

    def fill(self, slots: tuple[str, ...], rng: Random) -> dict[str, Filling]:
        """Draw something for every slot: two of a kind differ, and dates and times run forward."""
        bases: dict[str, list[str]] = {}
        for slot in sorted(slots):
            bases.setdefault(self.base(slot), []).append(slot)
        fillings: dict[str, Filling] = {}
        for base, names in sorted(bases.items()):
            fillings.update(zip(names, self._draw(base, len(names), rng), strict=True))
        return fillings

    def _draw(self, base: str, count: int, rng: Random) -> list[Filling]:
        if base in self.lexicons:
            return [EntryFilling(entry) for entry in rng.sample(self.lexicons[base].entries, count)]
        source = CODE_SLOTS[base]
        values: list[tuple[int, ...]] = []
        while len(values) < count:
            value = source.sample(rng)
            if value not in values:
                values.append(value)
        return [
            ValueFilling(source, value) for value in (sorted(values) if base in ORDERED else values)
        ]


def read_inventory(folder: Path) -> tuple[Inventory, list[CorpusError]]:
    """Read all lexicons of a folder; those that are wrong become errors."""
    lexicons: dict[str, Lexicon] = {}
    errors: list[CorpusError] = []
    for path in sorted(folder.glob("*.psv")):
        try:
            lexicons[path.stem] = read_lexicon(path)
        except CorpusError as error:
            errors.append(error)
    clashes = sorted(set(lexicons) & set(CODE_SLOTS))
    errors += [
        CorpusError(f"lexicons/{name}.psv has the name of a slot made by code") for name in clashes
    ]
    return Inventory(lexicons), errors
