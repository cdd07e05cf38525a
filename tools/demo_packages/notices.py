"""The hand-written notices that no template produced, and a search for templates close to them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

from tools.demo_packages.chunks import joined
from tools.demo_packages.corpus import HERE, Corpus
from tools.demo_packages.expansion import expand
from tools.demo_packages.filling import ValueFilling
from tools.demo_packages.invented import KINDS, person, place
from tools.demo_packages.inventory import CODE_SLOTS, Inventory
from tools.demo_packages.lexicon import Entry
from tools.demo_packages.notation import Agreement, Part, Slot, Text
from tools.demo_packages.template import Template, flat

NOTICES = HERE / "heldout" / "notices.tsv"
EXPANSIONS = 6
CLOSE = 0.4
COPIED = r"\S+(?: \d+)*"
ANY_NAME = "Name"
VALUES = 500
LETTERS = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The expansion that shares most word pairs with a notice; `likeness` is Jaccard's, 0 to 1."""

    notice: str
    template: str
    expansion: str
    likeness: float


def read_notices(path: Path = NOTICES) -> list[dict[str, str]]:
    """Read the notices, each as a text per language."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def produced(corpus: Corpus, notices: Iterable[str], lang: str) -> Iterator[tuple[str, str]]:
    """Yield each notice that a template can produce, with the template's name."""
    plain = {_plain(notice): notice for notice in notices}
    for template in corpus.templates:
        frame = _frame(template, lang)
        likely = [text for text in plain if frame.fullmatch(text)]
        exact = template_pattern(template, corpus.inventory, lang) if likely else frame
        yield from ((plain[text], template.name) for text in likely if exact.fullmatch(text))


def _frame(template: Template, lang: str) -> re.Pattern[str]:
    """Match the template's own words with anything in its slots: much quicker, and too much."""
    parts = flat(template.lines[lang])
    texts = (re.escape(part.text) if isinstance(part, Text) else ".*" for part in parts)
    return re.compile("".join(texts).removesuffix(r"\."), re.IGNORECASE)


def template_pattern(template: Template, inventory: Inventory, lang: str) -> re.Pattern[str]:
    """Match everything that the template produces, and little else."""
    parts = (_part_pattern(part, inventory, lang) for part in flat(template.lines[lang]))
    return re.compile("".join(parts).removesuffix(r"\."), re.IGNORECASE)


def _part_pattern(part: Part, inventory: Inventory, lang: str) -> str:
    if isinstance(part, Slot):
        return _slot_pattern(part, inventory, lang)
    if isinstance(part, Agreement):
        return _one_of(re.escape(text) for _, text in part.options)
    return re.escape(part.text) if isinstance(part, Text) else ""


def _slot_pattern(slot: Slot, inventory: Inventory, lang: str) -> str:
    base = inventory.base(slot.name)
    if base in inventory.lexicons:
        entries = _entries(base, inventory)
        texts = [joined(entry.render(lang=lang, form=slot.form)) for entry in entries]
        return _one_of(re.escape(text).replace(ANY_NAME, r"\w+") for text in texts)
    return _value_pattern(base, slot.form, lang)


def _entries(base: str, inventory: Inventory) -> Iterator[Entry]:
    """Yield a lexicon's entries, and one with a made-up name for each kind of place or person."""
    yield from inventory.lexicons[base].entries
    made_up = (ANY_NAME, ANY_NAME)
    if base == "person":
        yield person(made_up, made_up, inventory)
    for kind in KINDS.get(base, ()):
        yield place(base, kind, made_up, inventory)


@cache
def _value_pattern(base: str, form: str, lang: str) -> str:
    """Match what code writes into a slot: all that a large sample holds, with any digits."""
    source = CODE_SLOTS[base]
    if source.copied:
        return COPIED
    rng = Random(base)
    fillings = (ValueFilling(source, source.sample(rng)) for _ in range(VALUES))
    texts = (joined(one.render(slot=base, lang=lang, form=form)) for one in fillings)
    return _one_of(re.sub(r"\d+", r"\\d+", re.escape(text)) for text in texts)


def _one_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(set(patterns)))})"


def _plain(text: str) -> str:
    return text.strip().rstrip(".:").rstrip()


def nearest(corpus: Corpus, notices: Iterable[str], lang: str) -> Iterator[Nearest]:
    """Yield for each notice the closest of a few expansions of every template."""
    samples = list(_samples(corpus, lang))
    for notice in notices:
        mine = _word_pairs(notice)
        likest = max(samples, key=lambda sample: _jaccard(mine, sample[2]))
        yield Nearest(notice, likest[0], likest[1], _jaccard(mine, likest[2]))


def _samples(corpus: Corpus, lang: str) -> Iterator[tuple[str, str, frozenset[tuple[str, str]]]]:
    for template in corpus.templates:
        for seed in range(EXPANSIONS):
            fillings = corpus.inventory.fill(
                template.all_slots(), Random(f"{template.name} {seed}")
            )
            text = joined(expand(template, fillings)[lang])
            yield template.name, text, _word_pairs(text)


def _word_pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(["", *LETTERS.findall(text.casefold()), ""]))


def _jaccard(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / len(one | other)
