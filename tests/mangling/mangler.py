"""An engine that translates word by word, and then mangles most of what it says.

What it does to a text is drawn from the text itself, so every run of every rung sees the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from tests.fake_engine import FakeEngine
from tests.mangling.manglings import MANGLINGS, NAMES, TOKEN, Words
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Traits
from workflow.ports import Hypotheses

WORD = re.compile(rf"(?P<token>{TOKEN.pattern})|[A-Za-z]+")
HALVES = {"am": "صباحًا", "pm": "مساءً"}
"""The halves of the day; in many languages they are written as in English."""
ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه")


class ManglingEngine(FakeEngine):
    """`done` counts what was done to the answers, by the name of the mangling."""

    def __init__(
        self,
        packages: Iterable[PackageRef],
        *,
        traits: Mapping[PackageRef, Traits],
        pivots: Mapping[str, str],
    ) -> None:
        super().__init__(packages, pivots=pivots)
        self.known_traits = dict(traits)
        self.done: Counter[str] = Counter()

    def _hypotheses(
        self, package: PackageRef, text: str, parameters: DecodeParameters
    ) -> Hypotheses:
        chance = Random(f"{package.source} {package.target} {text}")
        clean = chance.choices((0, 1, 2, 3, None), (3, 1, 1, 1, 6))[0]
        right = translated(text, package.target, chance)
        return tuple(
            _hypothesis(right, rank) if rank == clean else self._mangled(right, rank, text, chance)
            for rank in range(parameters.num_hypotheses)
        )

    def _mangled(self, words: Words, rank: int, text: str, chance: Random) -> Hypothesis:
        for _ in range(chance.choices((1, 2, 3), (6, 2, 1))[0]):
            name = chance.choice(NAMES)
            words = MANGLINGS[name](list(words), chance, text)
            self.done[name] += 1
        made = _hypothesis(words, rank)
        if chance.random() < 0.2:
            self.done["alignment"] += 1
            return Hypothesis(made.text, made.score, alignment=_misaligned(made, chance))
        return made


def _hypothesis(words: Words, rank: int) -> Hypothesis:
    links = tuple(link for word, link in words for _ in word.split())
    return Hypothesis(" ".join(word for word, _ in words), -0.1 * rank, alignment=links)


def _misaligned(made: Hypothesis, chance: Random) -> tuple[int, ...] | None:
    links = list(made.alignment or ())
    kind = chance.choice(("none", "random", "longer", "shorter", "far", "one"))
    if kind == "none":
        return None
    if kind == "random":
        return tuple(chance.randint(-1, len(links)) for _ in links)
    if kind == "far":
        return tuple(chance.choice((-7, link, 10**6)) for link in links)
    if kind == "one":
        return (0,) * len(links)
    return (*links, 0) if kind == "longer" else tuple(links[1:])


def translated(text: str, target: str, chance: Random) -> Words:
    """Each word as one of another language, now and then two exchanged or one more."""
    words = [(_word(word, target), at) for at, word in enumerate(text.split())]
    for at in range(len(words) - 1):
        if chance.random() < 0.1:
            words[at], words[at + 1] = words[at + 1], words[at]
    if len(words) > 2 and chance.random() < 0.3:
        words.insert(chance.randrange(len(words)), (_word("of", target), -1))
    return words


def _word(word: str, target: str) -> str:
    return WORD.sub(lambda found: found[0] if found["token"] else _spelled(found[0], target), word)


def _spelled(word: str, target: str) -> str:
    """The word read backwards; in Arabic letters where that is the script."""
    if word in HALVES:
        return HALVES[word] if target == "ar" else word
    back = word[::-1].lower()
    if target == "ar":
        return back.translate(ARABIC)
    back = f"{back}o" if back == word.lower() else back
    return back.capitalize() if word[:1].isupper() else back
