"""The texts on which risk is measured: what the demo packages make of known and strange text.

`in-sublanguage` are unseen fillings of the templates that the packages were trained on;
`out-of-sublanguage` are notices that people wrote and translated; `mix` is both. Bad segments are
the fifth of a set that is farthest from its references by chrF; one that equals its reference is
never bad, even where fewer than a fifth differ.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chrf import chrf
from tools.demo_packages.corpus import read_corpus
from tools.demo_packages.notices import read_notices
from tools.demo_packages.pairs import Direction, split
from tools.demo_packages.recipe import PACKAGES, RECIPES
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.models import Models
from workflow.adapters.argos.store import ArgosStore
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Route, Traits
from workflow.ports import Hypotheses
from workflow.steps.passage import along

IN, OUT, MIX = "in-sublanguage", "out-of-sublanguage", "mix"
DOMAINS = (IN, OUT, MIX)
PIVOT = Direction("en", "pt")
DIRECTIONS = (*RECIPES, PIVOT)
BAD = 0.2
PERFECT = 99.999
HALVES = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """One segment: its text, what the engine said, and how good that is; `half` is 0 or 1."""

    domain: str
    source: str
    hypothesis: Hypothesis
    quality: float
    half: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A set in the order of some risk: which segments are bad, and each one's risk."""

    bad: tuple[bool, ...]
    risks: tuple[float, ...]


def samples(direction: Direction, *, known: int, engine: ArgosEngine) -> list[Sample]:
    """Decode the test texts of a pair of languages, `known` of them in the sublanguage."""
    texts = list(_texts(direction, known))
    sources = [source for _, source, _, _ in texts]
    route = engine.route(direction.source, direction.target)
    answers = _decoded(engine, route, sources)
    return [
        Sample(domain, source, best, chrf(best.text, reference), _half(key))
        for (domain, source, reference, key), best in zip(texts, answers, strict=True)
    ]


def open_packages(folder: Path) -> ArgosEngine:
    """The demo packages, installed in a folder."""
    store = ArgosStore(folder)
    for outcome in Models(store).install([str(PACKAGES)]):
        if outcome.error:
            raise outcome.error
    return ArgosEngine(store, pivots={PIVOT.target: "es"})


def all_samples(known: int) -> dict[str, list[Sample]]:
    """The samples of all pairs by name."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_packages(Path(folder))
        return {str(one): samples(one, known=known, engine=engine) for one in DIRECTIONS}


def of_domain(every: Sequence[Sample], domain: str, half: int | None = None) -> list[Sample]:
    """The samples of one domain, or of all of them mixed; of one half or of both."""
    return [one for one in every if domain in {one.domain, MIX} and half in {one.half, None}]


def ranked(some: Sequence[Sample], risk: Callable[[Sample], float]) -> Ranked:
    """Say which samples are bad and how risky each is told to be."""
    return Ranked(bad_of(some), tuple(risk(one) for one in some))


def bad_of(some: Sequence[Sample]) -> tuple[bool, ...]:
    """The fifth of a set with the lowest quality, without those that are perfect."""
    order = sorted(range(len(some)), key=lambda at: some[at].quality)
    worst = {at for at in order[: round(BAD * len(some))] if some[at].quality < PERFECT}
    return tuple(at in worst for at in range(len(some)))


def _texts(direction: Direction, known: int) -> Iterator[tuple[str, str, str, str]]:
    """Domain, source, reference and what the half is chosen by, of each text.

    No template speaks for the pivot: it has notices only.
    """
    if direction in RECIPES:
        recipe = RECIPES[direction]
        drawn = split(read_corpus(), direction, seed=recipe.seed, train=0, held_out=known)
        yield from ((IN, pair.source, pair.target, pair.source) for pair in drawn.held_out)
    for row in read_notices():
        yield OUT, row[direction.source], row[direction.target], row["en"]


def _half(key: str) -> int:
    """The half of a text, the same for all pairs of languages."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % HALVES


@dataclass(frozen=True, slots=True)
class _Asking:
    """The engine without a cache, a ladder or a second route."""

    engine: ArgosEngine

    def ask(self, package: PackageRef, texts: Sequence[str]) -> Iterator[dict[str, Hypotheses]]:
        answers = self.engine.translate(package, texts, DecodeParameters(), lambda _: None)
        yield dict(zip(texts, answers, strict=True))

    def traits(self, package: PackageRef) -> Traits:
        return self.engine.traits(package)

    def detour(self, _route: Route) -> Route | None:
        return None


def _decoded(engine: ArgosEngine, route: Route, sources: Sequence[str]) -> list[Hypothesis]:
    found = along(_Asking(engine), route, sources)
    return [found[source][0] for source in sources]
