"""Row Q1: texts through the mangling engine and the real translate step into real catalogs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from tests.fake_engine import package_ref
from tests.mangling import checker, generated
from tests.mangling.mangler import ManglingEngine
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from workflow.model import DecodeParameters, Traits

PACKAGES = {
    # A package of full size that was probed well; another way is there through Portuguese.
    ("en", "es"): Traits(("brackets", "braces"), alignment=0.95),
    ("en", "pt"): Traits(("letters", "number"), alignment=0.3),
    ("pt", "es"): Traits(("percent",), alignment=0.99),
    ("en", "ar"): Traits((), alignment=0.95),
    ("en", "fr"): Traits(("letters", "number"), alignment=0.5),
    ("en", "de"): Traits(),
    ("en", "it"): Traits((), alignment=None),
    ("en", "nl"): Traits(("angles", "square"), alignment=0.95),
    ("nl", "pl"): Traits(("braces", "percent"), alignment=0.92),
}
PIVOTS = {"pl": "nl"}
LOCALES = ("es", "ar", "fr", "de", "it", "pl")
OF_A_FILE = 50
PLAIN = 4
"""One text in so many is plain text, the others are Markdown."""


@dataclass(slots=True)
class Played:
    """What came of a run: strings, texts in catalogs, and counts by rung, reason and mangling."""

    strings: int = 0
    texts: int = 0
    withheld: int = 0
    rungs: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    manglings: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Played) -> None:
        """What came of another run, too."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def play(root: Path, locale: str, *, strings: int, seed: int) -> Played:
    """So many strings into one locale, then the checker over its catalogs."""
    city, engine = _city(root, locale)
    _write(city, strings, seed)
    (outcome,) = city.translate()
    assert not outcome.failures, outcome.failures
    played = _checked(city, locale)
    told = (outcome.machine, len(outcome.withheld))
    if told != (played.texts, played.withheld):
        played.wrong.append(
            f"{locale}: {played.texts} texts, {played.withheld} withheld, not {told}"
        )
    if played.strings != strings:
        played.wrong.append(f"{locale}: {played.strings} entries for {strings} strings")
    played.rungs.update(outcome.figures.rungs)
    played.reasons.update(one.findings[0].check for one in outcome.withheld)
    played.manglings.update(engine.done)
    return played


def _city(root: Path, locale: str) -> tuple[Place, ManglingEngine]:
    traits = {package_ref(*pair): one for pair, one in PACKAGES.items()}
    engine = ManglingEngine(traits, traits=traits, pivots=PIVOTS)
    city = place(root, locale, engine=engine, collections=(NOTICES, BRIEFS))
    parameters = DecodeParameters(num_hypotheses=4)
    return city.with_(parameters=parameters, glossary=generated.GLOSSARY), engine


def _write(city: Place, strings: int, seed: int) -> None:
    """The strings as paragraphs; the titles that notices need are among them."""
    plain = strings // PLAIN
    marked = _files(generated.texts(strings - plain, seed=seed, markdown=True))
    for number, (title, *paragraphs) in enumerate(marked):
        city.notice(f"page-{number}", json.dumps(title), "\n\n".join(paragraphs))
    briefs = _files(generated.texts(plain, seed=seed, markdown=False))
    for number, paragraphs in enumerate(briefs):
        city.write(f"briefs/day-{number}.txt", "\n\n".join(paragraphs))


def _files(texts: list[str]) -> Iterator[list[str]]:
    return (texts[at : at + OF_A_FILE] for at in range(0, len(texts), OF_A_FILE))


def _checked(city: Place, locale: str) -> Played:
    terms = dict(zip(generated.TERMS, generated.RENDERINGS[locale], strict=True))
    played = Played()
    for domain in ("notices", "briefs"):
        expected = checker.Expected(
            markdown=domain == "notices", names=generated.NAMES, terms=terms
        )
        found = checker.check(city.catalog(locale, domain), expected)
        played.add(Played(found.texts + found.withheld, found.texts, found.withheld,
                          wrong=list(found.wrong)))  # fmt: skip
    return played
