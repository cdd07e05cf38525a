"""The pairs: alignment, protection tokens, held-out sentences, the same from a seed."""

from __future__ import annotations

import re
from random import Random

import pytest

from tools.demo_packages.alignment import WORD, align, words
from tools.demo_packages.chunks import Chunk
from tools.demo_packages.corpus import Corpus, read_corpus
from tools.demo_packages.pairs import Direction, Pair, draw, split
from tools.demo_packages.protection import TOKENS, numbered, wrap

TOKEN = re.compile(r"⟦\d+⟧")
DIRECTIONS = [Direction("en", "es"), Direction("en", "ar"), Direction("es", "pt")]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


@pytest.fixture(scope="module", params=DIRECTIONS, ids=str)
def pairs(corpus: Corpus, request: pytest.FixtureRequest) -> list[Pair]:
    rng = Random(7)
    return [draw(corpus, request.param, rng) for _ in range(600)]


def chunk(text: str, *keys: str) -> Chunk:
    return Chunk(text, frozenset(keys))


def linked(source: tuple[Chunk, ...], target: tuple[Chunk, ...]) -> set[tuple[str, str]]:
    one, other = words(source), words(target)
    return {(one[i].text, other[j].text) for i, j in align(one, other)}


def test_groups_slots_and_punctuation_align() -> None:
    source = (
        chunk("the ", "s.the"),
        chunk("Library", "s.b"),
        chunk(" closes", "a"),
        chunk(", now."),
    )
    target = (chunk("cierra", "a"), chunk(", "), chunk("la ", "s.the"), chunk("Biblioteca", "s.b"))
    assert linked(source, (*target, chunk("."))) == {
        ("the", "la"), ("Library", "Biblioteca"), ("closes", "cierra"), (",", ","), (".", "."),
    }  # fmt: skip


def test_a_word_takes_the_keys_of_all_its_letters() -> None:
    source = (chunk("for ", "s.form"), chunk("library", "s.b"))
    target = (chunk("لل", "s.form"), chunk("مكتبة", "s.b"))
    assert linked(source, target) == {("for", "للمكتبة"), ("library", "للمكتبة")}


def test_arabic_marks_align_with_latin_ones() -> None:
    assert linked((chunk("a, b?"),), (chunk("باب، دار؟"),)) == {(",", "،"), ("?", "؟")}


def test_links_point_at_words(pairs: list[Pair]) -> None:
    for pair in pairs:
        counts = len(WORD.findall(pair.source)), len(WORD.findall(pair.target))
        assert all(i < counts[0] and j < counts[1] for i, j in pair.links)
        assert len(set(pair.links)) == len(pair.links)


def test_most_words_of_the_target_are_aligned(pairs: list[Pair]) -> None:
    aligned = sum(len({j for _, j in pair.links}) for pair in pairs)
    assert aligned > 0.8 * sum(len(WORD.findall(pair.target)) for pair in pairs)


def test_tokens_are_numbered_in_source_order_and_all_come_back(pairs: list[Pair]) -> None:
    for pair in pairs:
        numbers = [int(token[1:-1]) for token in TOKEN.findall(pair.source)]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
        assert sorted(TOKEN.findall(pair.source)) == sorted(TOKEN.findall(pair.target))


def test_a_good_share_carries_tokens(pairs: list[Pair]) -> None:
    share = sum(bool(TOKEN.search(pair.source)) for pair in pairs) / len(pairs)
    assert 0.2 < share < 0.4


def test_a_token_aligns_with_itself_only(pairs: list[Pair]) -> None:
    for pair in pairs:
        source, target = WORD.findall(pair.source), WORD.findall(pair.target)
        for i, j in pair.links:
            if source[i] in TOKENS and target[j] in TOKENS:
                assert source[i] == target[j]


def test_markup_goes_round_the_same_group_in_both_languages() -> None:
    sentences = {
        "en": (Chunk("is closed", frozenset("a"), "a"), Chunk(" now")),
        "ar": (Chunk("الآن "), Chunk("مغلق", frozenset("a"), "a")),
    }
    marked = wrap(sentences, "a", ("\ue000", "\ue001"))
    source, target = numbered(marked["en"], marked["ar"], 3)
    assert "".join(c.text for c in source) == "⟦3⟧is closed⟦4⟧ now"
    assert "".join(c.text for c in target) == "الآن ⟦3⟧مغلق⟦4⟧"


def test_the_same_seed_draws_the_same_pairs(corpus: Corpus) -> None:
    one, other = (split(corpus, DIRECTIONS[0], seed=5, train=200, held_out=50) for _ in range(2))
    assert one == other
    assert one != split(corpus, DIRECTIONS[0], seed=6, train=200, held_out=50)


def test_held_out_sentences_are_in_no_training_pair(corpus: Corpus) -> None:
    drawn = split(corpus, DIRECTIONS[0], seed=5, train=2000, held_out=300)
    assert len(drawn.held_out) == 300
    assert not {pair.plain for pair in drawn.train} & {pair.plain for pair in drawn.held_out}
