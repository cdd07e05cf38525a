"""The engine's small parts: stretches of overlong segments, signs of quality, pieces of words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_engine import package_ref
from workflow.adapters.argos.reading import source_vocabulary
from workflow.adapters.argos.signs import (
    coverage_share,
    fallback_share,
    focus_share,
    letters_per_piece,
    mean_score,
    spreads,
)
from workflow.adapters.argos.stretches import Stretch, joined, stretches
from workflow.adapters.argos.tokenizers import open_tokenizer
from workflow.model import Hypothesis

letters = st.text(alphabet="ab ", max_size=60)


def pieces_of(text: str) -> list[str]:
    return list(text.replace(" ", ""))


@given(letters, st.integers(min_value=1, max_value=20))
def test_stretches_put_together_are_the_whole_text(text: str, limit: int) -> None:
    found = stretches(text, pieces_of, limit=limit)
    assert [piece for stretch in found for piece in stretch.pieces] == pieces_of(text)
    assert all(len(stretch.pieces) <= limit for stretch in found)


def test_a_text_that_fits_stays_whole() -> None:
    assert stretches("a b c", pieces_of, limit=3) == [Stretch(("a", "b", "c"))]


def test_a_long_text_is_cut_at_the_space_nearest_to_its_middle() -> None:
    found = stretches("aaaa bb", pieces_of, limit=4)
    assert found == [Stretch(("a",) * 4), Stretch(("b", "b"), glue=" ")]


def test_a_long_word_is_cut_in_its_middle_and_glued_without_a_space() -> None:
    found = stretches("abab", pieces_of, limit=2)
    assert found == [Stretch(("a", "b")), Stretch(("a", "b"), glue="")]


def test_answers_for_stretches_join_rank_by_rank_and_weigh_by_length() -> None:
    parts = [Stretch(("a",) * 3), Stretch(("b",), glue=" ")]
    answers = [
        (Hypothesis("A", -1.0, 0.0, 1.0, 0.8, 2.0, None), Hypothesis("AA", -2.0)),
        (Hypothesis("B", -3.0, 1.0, 0.0, 0.4, 4.0, 3.0), Hypothesis("BB", -2.0)),
    ]
    best, second = joined(list(zip(parts, answers, strict=True)))
    assert replace(best, focus=None) == Hypothesis("A B", -1.5, 0.25, 0.75, None, 2.5)
    assert best.focus == pytest.approx(0.7)
    assert second.text == "AA BB"


def test_the_length_penalty_is_undone() -> None:
    assert mean_score(-6 / 4**0.2, pieces=3, given=0, penalty=0.2) == pytest.approx(-1.5)
    assert mean_score(-6 / 4**0.2, pieces=3, given=1, penalty=0.2) == pytest.approx(-2)


def test_single_bytes_and_unknown_pieces_are_fallback() -> None:
    known = {"a", "b", "<0xE6>"}
    assert fallback_share(["a", "<0xE6>", "zz", "b"], known) == pytest.approx(0.5)
    assert fallback_share(["a", "zz"], set()) == 0
    assert fallback_share([], known) == 0


def test_a_word_is_covered_by_the_attention_to_all_its_pieces() -> None:
    attention = [[0.3, 0.3, 0.4], [0.9, 0.0, 0.1]]
    assert coverage_share(attention, [0, 0, 1]) == pytest.approx(1)
    assert coverage_share(attention, [0, 1, 2]) == pytest.approx(2 / 3)
    assert coverage_share([], [0]) == 0
    assert coverage_share([], []) == 1


def test_focus_is_the_share_of_the_word_that_is_looked_at_most() -> None:
    attention = [[0.3, 0.3, 0.2, 0.2], [0.1, 0.0, 0.5, 0.4]]
    assert focus_share(attention, [0, 0, 1]) == pytest.approx((0.6 / 0.8 + 0.5 / 0.6) / 2)
    assert focus_share([[0.0, 0.0, 1.0]], [0, 1]) == 0
    assert focus_share([], [0]) is None
    assert focus_share([[1.0]], []) is None


def test_pieces_are_counted_by_their_letters_in_both_notations() -> None:
    assert letters_per_piece(["\u2581the", "\u2581p", "ool"]) == pytest.approx(7 / 3)
    assert letters_per_piece(["the", "p@@", "ool"]) == pytest.approx(7 / 3)
    assert letters_per_piece(["\u2581a", "<0xE6>", "<0xB0>"]) == pytest.approx(1 / 3)
    assert letters_per_piece([]) is None


def test_a_spread_is_the_distance_to_the_next_answer() -> None:
    assert spreads([-0.1, -0.4, -0.5]) == [pytest.approx(0.3), pytest.approx(0.1), None]
    assert spreads([-0.1]) == [None]
    assert spreads([]) == []


def test_pieces_belong_to_words_in_both_notations(packages: Path) -> None:
    marked = open_tokenizer(packages / "en_es", package_ref("en", "es"))
    assert marked.words(["\u2581to", "fe", "\u2581", "ga"]) == [0, 0, 1, 1]
    joined_up = open_tokenizer(packages / "es_pt", package_ref("es", "pt"))
    assert joined_up.words(["to@@", "fe", "ga@@", "n"]) == [0, 0, 1, 1]
    assert joined_up.words([]) == marked.words([]) == []


@pytest.mark.parametrize("name", ["source_vocabulary", "shared_vocabulary"])
def test_the_vocabulary_is_read_in_both_formats(tmp_path: Path, name: str) -> None:
    (tmp_path / "model").mkdir()
    path = tmp_path / "model" / name
    assert source_vocabulary(tmp_path) == set()
    path.with_suffix(".txt").write_text("<unk>\n\u2581a\n", "utf-8")
    assert {"<unk>", "\u2581a"} <= source_vocabulary(tmp_path)
    path.with_suffix(".json").write_text(json.dumps(["<unk>", "b"]), "utf-8")
    assert source_vocabulary(tmp_path) == {"<unk>", "b"}
    path.with_suffix(".json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="no list"):
        source_vocabulary(tmp_path)
