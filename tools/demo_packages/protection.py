"""Puts placeholders, links and markup into sentences, protected as the engine does it, or raw.

The engine replaces what must not change by tokens, numbered in source order: one where a value was,
two round an inline span. A mark of the private use area holds the place until the order is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from tools.demo_packages.calendar_slots import CodeSlot
from tools.demo_packages.chunks import LANGUAGES, Chunk, joined
from tools.demo_packages.filling import EntryFilling, Filling, TokenFilling
from tools.demo_packages.inventory import CODE_SLOTS, Inventory
from tools.demo_packages.lexicon import Entry

FIRST_MARK = 0xE000
MARK = re.compile("[\ue000-\ue0ff]")
TOKENS = tuple(f"⟦{number}⟧" for number in range(1, 19))
RAW_NAMES = "name user_name date time place link email phone count total url city title days number"
RAW_FORMS = ("%({})s", "{{{}}}", "%({})d", "{{{{ {} }}}}", "${{{}}}", "{{{}}}")
RAW_SHORT = ("%s", "%d", "{0}", "{1}", "%1$s", "{}")
RAW_SPANS = (
    ("**", "**"),
    ("**", "**"),
    ("*", "*"),
    ("`", "`"),
    ("<b>", "</b>"),
    ("<strong>", "</strong>"),
)

Sentences = Mapping[str, tuple[Chunk, ...]]


@dataclass(slots=True)
class Marks:
    """Hands out marks, each once a sentence."""

    used: int = 0

    def next(self) -> str:
        """Give a mark that the sentence does not hold yet."""
        self.used += 1
        return chr(FIRST_MARK + self.used - 1)


def replace_slot(slot: str, inventory: Inventory, rng: Random, *, text: str) -> Filling | None:
    """Make what stands in a slot instead of a value: `text`, a mark or a raw placeholder."""
    base = inventory.base(slot)
    source = CODE_SLOTS.get(base)
    if source:
        return TokenFilling(source, text)
    return (
        EntryFilling(_unknown(inventory, base, text))
        if rng.random() < 0.25 or base == "person"
        else None
    )


def _unknown(inventory: Inventory, base: str, text: str) -> Entry:
    """Make an entry of unknown gender, which every language treats as masculine singular."""
    sample = inventory.lexicons[base].entries[0]
    names = {lang: (Chunk(text, frozenset({".token"}), copied=True),) for lang in LANGUAGES}
    codes = {"en": "s", "es": "ms", "pt": "ms", "ar": "m"}
    return Entry(names, codes, sample.articles)


def raw_placeholder(rng: Random) -> str:
    """Write a placeholder as programs do."""
    if rng.random() < 0.3:
        return rng.choice(RAW_SHORT)
    return rng.choice(RAW_FORMS).format(rng.choice(RAW_NAMES.split()))


def raw_span(rng: Random, link: str) -> tuple[str, str]:
    """Write the two ends of an inline span as authors do."""
    return ("[", f"]({link})") if rng.random() < 0.25 else rng.choice(RAW_SPANS)


def spans(sentences: Sentences) -> list[str]:
    """Name the groups and slots that are one stretch in every language: markup fits round them."""
    names = {name for chunk in sentences["en"] for name in (chunk.group, chunk.slot) if name}
    return sorted(name for name in names if all(_stretch(s, name) for s in sentences.values()))


def _stretch(sentence: tuple[Chunk, ...], name: str) -> tuple[int, int] | None:
    """Find where a group or slot stands, if it stands in one place only and is not empty."""
    inside = [index for index, chunk in enumerate(sentence) if _belongs(chunk, name)]
    if not inside or inside[-1] - inside[0] + 1 != len(inside):
        return None
    return (
        (inside[0], inside[-1] + 1)
        if joined(sentence[inside[0] : inside[-1] + 1]).strip()
        else None
    )


def _belongs(chunk: Chunk, name: str) -> bool:
    attached = chunk.core or not chunk.text.endswith(" ")
    return chunk.group == name or (chunk.slot == name and attached)


def wrap(sentences: Sentences, name: str, ends: tuple[str, str]) -> dict[str, tuple[Chunk, ...]]:
    """Put markup round a group or slot in every language."""
    return {lang: _wrapped(sentence, name, ends) for lang, sentence in sentences.items()}


def _wrapped(sentence: tuple[Chunk, ...], name: str, ends: tuple[str, str]) -> tuple[Chunk, ...]:
    place = _stretch(sentence, name)
    if not place:
        return sentence
    first, last = place
    opening, closing = end_chunks(ends)
    return (*sentence[:first], opening, *sentence[first:last], closing, *sentence[last:])


def end_chunks(ends: tuple[str, str]) -> tuple[Chunk, Chunk]:
    """Make the two ends of a span; equal ends still align opening with opening."""
    keys = (frozenset({f"<{ends[0]}"}), frozenset({f">{ends[1]}"}))
    return Chunk(ends[0], keys[0], copied=True), Chunk(ends[1], keys[1], copied=True)


def numbered(
    source: tuple[Chunk, ...], target: tuple[Chunk, ...], first: int
) -> tuple[tuple[Chunk, ...], tuple[Chunk, ...]]:
    """Turn marks into tokens, numbered from `first` in the order of the source."""
    order = {
        mark: TOKENS[first + index - 1] for index, mark in enumerate(MARK.findall(joined(source)))
    }
    return _replaced(source, order), _replaced(target, order)


def _replaced(sentence: tuple[Chunk, ...], order: Mapping[str, str]) -> tuple[Chunk, ...]:
    return tuple(_renamed(chunk, order) for chunk in sentence)


def _renamed(chunk: Chunk, order: Mapping[str, str]) -> Chunk:
    if not MARK.search(chunk.text):
        return chunk
    text = MARK.sub(lambda found: order[found[0]], chunk.text)
    return Chunk(text, chunk.keys, chunk.group, chunk.slot, chunk.core, chunk.copied)


def slots_once(template_slots: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the slots that every language shows exactly once."""
    for slot in dict.fromkeys(template_slots["en"]):
        if all(slots.count(slot) == 1 for slots in template_slots.values()):
            yield slot


__all__ = [
    "TOKENS",
    "CodeSlot",
    "Marks",
    "numbered",
    "raw_placeholder",
    "raw_span",
    "replace_slot",
    "spans",
    "wrap",
]
