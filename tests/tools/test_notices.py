"""The hand-written notices: four languages each, and no template makes one of them."""

from __future__ import annotations

from random import Random

import pytest

from tools.demo_packages.chunks import LANGUAGES
from tools.demo_packages.corpus import Corpus, read_corpus
from tools.demo_packages.notices import nearest, produced, read_notices
from tools.demo_packages.pairs import Direction, draw


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


def test_there_are_enough_and_each_is_in_every_language() -> None:
    rows = read_notices()
    assert len(rows) >= 100
    assert all(row[lang].strip() == row[lang] != "" for row in rows for lang in LANGUAGES)
    assert len({row["en"] for row in rows}) == len(rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_template_makes_a_notice(corpus: Corpus, lang: str) -> None:
    assert list(produced(corpus, [row[lang] for row in read_notices()], lang)) == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_a_template_makes_is_found(corpus: Corpus, lang: str) -> None:
    rng = Random(11)
    drawn = [draw(corpus, Direction(lang, "pt"), rng, varied=False) for _ in range(40)]
    found = set(produced(corpus, [pair.plain for pair in drawn], lang))
    assert {(pair.plain, pair.template) for pair in drawn} <= found


def test_the_nearest_expansion_is_named(corpus: Corpus) -> None:
    near, far = nearest(
        corpus,
        [
            "Please show the original; a photo on a mobile phone is not accepted.",
            "My cat wrote a novel about jazz.",
        ],
        "en",
    )
    assert near.expansion == "Show the original; a photo on a mobile phone is not accepted."
    assert near.likeness > 0.7
    assert far.likeness < 0.2
