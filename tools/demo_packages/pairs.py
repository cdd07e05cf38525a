"""Draws sentence pairs: plain, with protected parts, with raw markup, in varied style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from tools.demo_packages.alignment import Link, align, words
from tools.demo_packages.chunks import LANGUAGES, Chunk, joined
from tools.demo_packages.corpus import Corpus
from tools.demo_packages.expansion import expand
from tools.demo_packages.filling import Filling
from tools.demo_packages.invented import with_invented
from tools.demo_packages.protection import (
    TOKENS,
    Marks,
    end_chunks,
    numbered,
    raw_placeholder,
    raw_span,
    replace_slot,
    slots_once,
    spans,
    wrap,
)
from tools.demo_packages.style import restyled
from tools.demo_packages.template import Template
from tools.demo_packages.value_slots import VALUE_SLOTS

PROTECTED, RAW = 0.30, 0.07
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation; `links` pair the positions of their words."""

    template: str
    plain: str
    source: str
    target: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Direction:
    """A source and a target language."""

    source: str
    target: str

    def __str__(self) -> str:
        """Name it as the command line does."""
        return f"{self.source}-{self.target}"


def draw(corpus: Corpus, direction: Direction, rng: Random, *, varied: bool = True) -> Pair:
    """Draw one pair; `plain` is its source text before protection and style."""
    template = _template(corpus, rng)
    fillings = with_invented(
        corpus.inventory.fill(template.all_slots(), rng), corpus.inventory, rng
    )
    plain = expand(template, fillings)
    source, target = plain[direction.source], plain[direction.target]
    if varied:
        source, target = _varied(corpus, template, fillings, direction, rng)
    return _pair(template.name, joined(plain[direction.source]), source, target)


def _template(corpus: Corpus, rng: Random) -> Template:
    """Draw a template; one without slots comes up less often, as it always says the same."""
    template = rng.choice(corpus.templates)
    return template if template.slots("en") or rng.random() < HALF else _template(corpus, rng)


def _pair(name: str, plain: str, source: tuple[Chunk, ...], target: tuple[Chunk, ...]) -> Pair:
    links = align(words(source), words(target))
    return Pair(name, plain, joined(source), joined(target), links)


def _varied(
    corpus: Corpus,
    template: Template,
    fillings: dict[str, Filling],
    direction: Direction,
    rng: Random,
) -> tuple[tuple[Chunk, ...], tuple[Chunk, ...]]:
    kind = rng.random()
    if kind < PROTECTED:
        sentences = _protect(corpus, template, fillings, rng)
    elif kind < PROTECTED + RAW:
        sentences = _make_raw(corpus, template, fillings, rng)
    else:
        sentences = expand(template, fillings)
    source, target = restyled(
        sentences[direction.source], sentences[direction.target], direction.source, rng
    )
    count = sum("\ue000" <= letter <= "\ue0ff" for letter in joined(source))
    first = 1 if rng.random() < 0.7 else rng.randint(1, len(TOKENS) - count)
    return numbered(source, target, first)


def _protect(
    corpus: Corpus, template: Template, fillings: dict[str, Filling], rng: Random
) -> dict[str, tuple[Chunk, ...]]:
    """Put tokens in: for values, round spans, before or after the sentence."""
    marks = Marks()
    chosen = dict(fillings)
    for slot in _some_slots(template, rng):
        token = replace_slot(slot, corpus.inventory, rng, text=marks.next())
        chosen[slot] = token or chosen[slot]
    sentences = expand(template, chosen)
    for name in _some_spans(sentences, rng):
        sentences = wrap(sentences, name, (marks.next(), marks.next()))
    if not marks.used or rng.random() < 0.12:
        sentences = _outside(sentences, marks, rng)
    return sentences


def _some_slots(template: Template, rng: Random) -> list[str]:
    """Choose slots to replace: often what is copied anyway, sometimes a date or a name."""
    once = list(slots_once({lang: template.slots(lang) for lang in LANGUAGES}))
    return [
        slot for slot in once if rng.random() < (0.6 if slot.rstrip("23") in VALUE_SLOTS else 0.3)
    ]


def _some_spans(sentences: dict[str, tuple[Chunk, ...]], rng: Random) -> list[str]:
    names = spans(sentences)
    count = rng.choice((0, 1, 1, 1, 2))
    return rng.sample(names, min(count, len(names)))


def _outside(
    sentences: dict[str, tuple[Chunk, ...]], marks: Marks, rng: Random
) -> dict[str, tuple[Chunk, ...]]:
    """Put a token before or after the sentence, or a pair round it."""
    opening, closing = end_chunks((marks.next(), marks.next()))
    space = Chunk(" ")
    where = rng.random()
    if where < HALF:
        return {lang: (opening, *sentence, closing) for lang, sentence in sentences.items()}
    if where < 0.75:
        return {lang: (opening, space, *sentence) for lang, sentence in sentences.items()}
    return {lang: (*sentence, space, opening) for lang, sentence in sentences.items()}


def _make_raw(
    corpus: Corpus, template: Template, fillings: dict[str, Filling], rng: Random
) -> dict[str, tuple[Chunk, ...]]:
    """Put a raw placeholder in a slot, or raw markup round a span."""
    chosen = dict(fillings)
    slots = list(slots_once({lang: template.slots(lang) for lang in LANGUAGES}))
    if slots and rng.random() < HALF:
        slot = rng.choice(slots)
        chosen[slot] = (
            replace_slot(slot, corpus.inventory, rng, text=raw_placeholder(rng)) or chosen[slot]
        )
    sentences = expand(template, chosen)
    names = spans(sentences)
    if names and rng.random() < HALF:
        link = corpus.inventory.fill(("url",), rng)["url"].render(slot="url", lang="en", form="")
        sentences = wrap(sentences, rng.choice(names), raw_span(rng, joined(link)))
    return sentences


@dataclass(frozen=True, slots=True)
class Split:
    """Pairs to learn from and to test on; no sentence of one, however dressed, is in the other."""

    train: list[Pair]
    held_out: list[Pair]


def split(corpus: Corpus, direction: Direction, *, seed: int, train: int, held_out: int) -> Split:
    """Draw the test pairs first, then training pairs that share no plain source text with them."""
    rng = Random(f"{seed} {direction}")
    tested = list(_distinct(_combined(corpus, direction, rng), held_out))
    taken = {pair.plain for pair in tested}
    learnt = (draw(corpus, direction, rng) for _ in iter(int, 1))
    free = (pair for pair in learnt if pair.plain not in taken)
    return Split(list(islice(free, train)), tested)


def _combined(corpus: Corpus, direction: Direction, rng: Random) -> Iterator[Pair]:
    """Yield pairs of templates with enough slots that unseen combinations exist."""
    slotted = {t.name for t in corpus.templates if t.slots("en")}
    while True:
        pair = draw(corpus, direction, rng)
        if pair.template in slotted:
            yield pair


def _distinct(pairs: Iterator[Pair], count: int) -> Iterator[Pair]:
    """Yield `count` pairs, none twice; a pool that hardly yields anything new ends early."""
    seen: set[str] = set()
    for tries, pair in enumerate(pairs, start=1):
        if pair.source not in seen:
            seen.add(pair.source)
            yield pair
        if len(seen) == count or tries > count * 20:
            return
