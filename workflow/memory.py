"""Memory: what people approved, as lessons to learn and matches to offer; pure rules, no store.

A place is `<collection>:<item>#<field>`. An exact match ranks by where it comes from: the same
item and field, then the same item, then a whole unit before a sentence of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from workflow.likeness import closest, word_diff

LEAST = 0.75
"""Likeness from which a match is worth a look: below, typing anew is as quick as mending."""
MOST = 3
"""Matches of a text that are offered."""
RARE = 4
"""Words of a text by which similar texts are looked for: the rarest that the memory knows."""
WORDS = 64
"""Words of a text that are looked up or can be found: the longest, if there are more."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a catalog says of a unit: its approved text, None if it has none (any more).

    `pairs` are the sentences whose translation in it is certain, as (source, target).
    """

    place: str
    source: str
    target: str | None
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """An approved translation of `source`, which has the likeness `score` in [0, 1] to the query.

    `place` is where it comes from, `whole` tells a unit from a sentence of one; `same_place` says
    that it is the whole unit's text at the very place that was asked for.
    """

    source: str
    target: str
    same_place: bool
    score: float = 1.0
    place: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """One text that a memory holds for a source; the order is the one in which they rank."""

    part: bool
    place: str
    target: str


@dataclass(slots=True)
class Shelf:
    """All that a memory holds for one source text, by place and by item."""

    source: str
    everywhere: Held | None = None
    by_item: dict[str, Held] = field(default_factory=dict)
    by_place: dict[str, Held] = field(default_factory=dict)

    def add(self, held: Held) -> None:
        """One more text for the source."""
        item = held.place.partition("#")[0]
        self.everywhere = min(self.everywhere or held, held)
        self.by_item[item] = min(self.by_item.get(item, held), held)
        self.by_place[held.place] = min(self.by_place.get(held.place, held), held)

    def match(self, place: str, score: float = 1.0) -> MemoryMatch | None:
        """The text that ranks first for a place; None if the shelf is empty."""
        item = place.partition("#")[0]
        held = self.by_place.get(place) or self.by_item.get(item) or self.everywhere
        if held is None:
            return None
        same = held.place == place and not held.part
        return MemoryMatch(self.source, held.target, same, score, held.place, not held.part)


def shelves(rows: Iterable[tuple[str, str, str, bool]]) -> dict[str, Shelf]:
    """Rows of (source, place, target, whole) by source."""
    found: dict[str, Shelf] = {}
    for source, place, target, whole in rows:
        found.setdefault(source, Shelf(source)).add(Held(not whole, place, target))
    return found


def similar(
    place: str, query: str, candidates: Mapping[str, Shelf], *, least: float
) -> tuple[MemoryMatch, ...]:
    """The candidates that resemble a text most, best first; the same place wins among equals."""
    choices = sorted(candidates)
    rated = closest(query, choices, least=least)
    matches = [candidates[choices[at]].match(place, score) for at, score in rated]
    found = [match for match in matches if match is not None]
    return tuple(sorted(found, key=lambda match: _rank(match, place))[:MOST])


def _rank(match: MemoryMatch, place: str) -> tuple[float, bool, bool, bool, str]:
    item = place.partition("#")[0]
    elsewhere = match.place.partition("#")[0] != item
    return (-match.score, match.place != place, elsewhere, not match.whole, match.source)


_LETTERS = re.compile(r"[^\W\d_]+")
_NO_BLANKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def index_words(text: str) -> tuple[str, ...]:
    """The words by which a text is found again, in lower case, each once.

    Numbers are none: they change most. Scripts without blanks are taken by pairs of characters.
    """
    words = {word for found in _LETTERS.findall(text.casefold()) for word in _pieces(found)}
    if len(words) <= WORDS:
        return tuple(sorted(words))
    return tuple(sorted(sorted(words, key=lambda word: (-len(word), word))[:WORDS]))


def _pieces(word: str) -> Iterator[str]:
    if len(word) > 2 and _NO_BLANKS.search(word):  # noqa: PLR2004 (a pair is two characters)
        yield from (word[at : at + 2] for at in range(len(word) - 1))
    else:
        yield word


def lengths(length: int, least: float) -> tuple[float, float]:
    """How short and how long a text may be to resemble one of this length so much."""
    return length * least / (2 - least), length * (2 - least) / least


def rarest(texts: Mapping[str, Sequence[object]]) -> list[str]:
    """The words that stand in the fewest texts of the memory, but in one at least."""
    known = [word for word, found in texts.items() if found]
    return sorted(known, key=lambda word: (len(texts[word]), word))[:RARE]


@dataclass(frozen=True, slots=True)
class Given:
    """What a unit's text is made of besides the engine's answers, settled when it is planned.

    `kept` are a person's sentences from the text before, `found` approved ones from the memory,
    both as (sentence, translation) in order. `lines` are comments on similar texts, and `spare`
    is the source and text of the best of them, for when the engine has none.
    """

    kept: tuple[tuple[str, str], ...] = ()
    found: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    spare: tuple[str, str] | None = None

    @property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """Kept and found ones."""
        return (*self.kept, *self.found)


NOTHING = Given()
MARK = "memory: "
_COLUMNS = 72 - len(MARK)
_LINES = 6


def match_lines(match: MemoryMatch, query: str, *, known: bool = False) -> tuple[str, ...]:
    """A similar text as comment lines: its likeness, where it is from, the words that differ.

    Then follows its translation, unless that is `known`: it stands in the entry already.
    Each line begins with the mark and has 74 columns at most in the file, because tools fold
    longer ones; what takes more than six lines ends with `…`.
    """
    where = match.place.partition(":")[2] or match.place
    head = f"{match.score * 100:.0f} % from {where}: {word_diff(match.source, query)}"
    return (*_folded(head), *_folded("" if known else match.target))


def _folded(text: str) -> list[str]:
    lines = wrap(text, _COLUMNS, max_lines=_LINES, placeholder=" …", break_on_hyphens=False)
    return [MARK + line for line in lines]
