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
    Look,
    Target,
    fallback_share,
    letters_per_piece,
    looks,
    mean_score,
    spreads,
)
from workflow.adapters.argos.sizes import Sizes, bound, on_card, on_processor
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


def test_a_stretch_without_an_answer_leaves_no_answer_for_the_whole() -> None:
    parts = [Stretch(("a",)), Stretch((), glue=" "), Stretch(("b",), glue=" ")]
    answers = [
        (Hypothesis("A"), Hypothesis("AA")),
        (Hypothesis(""), Hypothesis("")),
        (Hypothesis(""), Hypothesis("BB")),
    ]
    found = joined(list(zip(parts, answers, strict=True)))
    assert [one.text for one in found] == ["", "AA  BB"]


def test_the_length_penalty_is_undone() -> None:
    assert mean_score(-6 / 4**0.2, pieces=3, given=0, penalty=0.2) == pytest.approx(-1.5)
    assert mean_score(-6 / 4**0.2, pieces=3, given=1, penalty=0.2) == pytest.approx(-2)


def test_single_bytes_and_unknown_pieces_are_fallback() -> None:
    known = {"a", "b", "<0xE6>"}
    assert fallback_share(["a", "<0xE6>", "zz", "b"], known) == pytest.approx(0.5)
    assert fallback_share(["a", "zz"], set()) == 0
    assert fallback_share([], known) == 0


def look(
    rows: list[list[float]], starts: list[int], of: int, words: tuple[int, ...] = (), **more: int
) -> Look:
    """Of one hypothesis with these words, for a source of so many pieces with these starts."""
    (found,) = looks([Target(rows, words, more.pop("pieces", 0), **more)], starts, of)
    return found


def test_a_word_is_covered_by_the_attention_to_all_its_pieces() -> None:
    attention = [[0.3, 0.3, 0.4], [0.9, 0.0, 0.1]]
    assert look(attention, [0, 2], 3).coverage == pytest.approx(1)
    assert look(attention, [0, 1, 2], 3).coverage == pytest.approx(2 / 3)
    assert look([], [0], 1) == Look(0.0)
    assert look([], [], 0) == Look(1.0)


def test_focus_is_the_share_of_the_word_that_is_looked_at_most() -> None:
    attention = [[0.3, 0.3, 0.2, 0.2], [0.1, 0.0, 0.5, 0.4]]
    assert look(attention, [0, 2], 3).focus == pytest.approx((0.6 / 0.8 + 0.5 / 0.6) / 2)
    assert look([[0.0, 0.0, 1.0]], [0, 1], 2).focus == 0
    assert look([], [0], 1).focus is None
    assert look([[1.0]], [], 0).focus is None


def test_a_target_word_is_aligned_with_the_word_that_all_its_pieces_look_at_most() -> None:
    rows = [[0.6, 0.0, 0.4, 0.0], [0.0, 0.3, 0.7, 0.0], [0.01, 0.0, 0.0, 0.99]]
    assert look(rows, [0, 2], 3, (0, 2), pieces=3).alignment == (1, -1)
    assert look(rows, [0, 1, 2], 3, (0, 2), pieces=3).alignment == (2, -1)
    assert look(rows[:2], [0, 2], 3, (0, 2), pieces=3).alignment is None


def test_a_prefix_and_the_end_of_the_sentence_are_no_part_of_any_word() -> None:
    rows = [[0.0, 1.0, 0.0], [0.9, 0.0, 0.1], [0.0, 0.8, 0.2]]
    assert look(rows, [0, 1], 2, (0,), pieces=1, given=1).alignment == (0,)
    assert look(rows[:2], [0, 1], 2, (0,), pieces=1, given=1).alignment == (0,)
    assert look(rows[:1], [0, 1], 2, given=1).alignment is None


weights = st.floats(min_value=0, max_value=1, width=32)


@st.composite
def targets(draw: st.DrawFn, columns: int) -> Target:
    pieces = draw(st.integers(0, 5))
    rows = draw(st.integers(0, 7))
    attention = draw(st.lists(st.lists(weights, min_size=columns, max_size=columns), max_size=rows))
    inner = draw(st.sets(st.integers(1, max(1, pieces - 1)), max_size=pieces - 1)) if pieces else ()
    starts = sorted({0, *(at for at in inner if at < pieces)}) if pieces else []
    return Target(attention, starts, pieces, draw(st.integers(0, 1)))


@given(st.lists(targets(columns=4), max_size=4), st.sampled_from([[0], [0, 1], [0, 2], [0, 1, 2]]))
def test_hypotheses_looked_at_together_look_as_each_alone(
    many: list[Target], starts: list[int]
) -> None:
    together = looks(many, starts, 3)
    alone = [looks([one], starts, 3)[0] for one in many]
    assert [(one.coverage, one.alignment) for one in together] == [
        (one.coverage, one.alignment) for one in alone
    ]
    assert [one.focus for one in together] == [
        None if one.focus is None else pytest.approx(one.focus, abs=1e-5) for one in alone
    ]


def test_pieces_are_counted_by_their_letters_in_both_notations() -> None:
    assert letters_per_piece(["\u2581the", "\u2581p", "ool"]) == pytest.approx(7 / 3)
    assert letters_per_piece(["the", "p@@", "ool"]) == pytest.approx(7 / 3)
    assert letters_per_piece(["\u2581a", "<0xE6>", "<0xB0>"]) == pytest.approx(1 / 3)
    assert letters_per_piece([]) is None


def test_a_spread_is_the_distance_to_the_next_answer() -> None:
    assert spreads([-0.1, -0.4, -0.5]) == [pytest.approx(0.3), pytest.approx(0.1), None]
    assert spreads([-0.1]) == [None]
    assert spreads([]) == []


def test_words_begin_where_both_notations_say_so(packages: Path) -> None:
    marked = open_tokenizer(packages / "en_es", package_ref("en", "es"))
    assert marked.word_starts(["\u2581to", "fe", "\u2581", "ga"]) == [0, 2]
    assert marked.word_starts(["to", "\u2581fe"]) == [0, 1]
    joined_up = open_tokenizer(packages / "es_pt", package_ref("es", "pt"))
    assert joined_up.word_starts(["to@@", "fe", "ga@@", "n"]) == [0, 2]
    assert joined_up.word_starts([]) == marked.word_starts([]) == []


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_longer_segment_may_have_a_longer_answer_and_all_answers_end(one: int, two: int) -> None:
    shorter, longer = sorted([one, two])
    assert bound(shorter) <= bound(longer) <= 256
    assert bound(shorter) > shorter


def test_a_batch_has_as_many_segments_as_its_rows_hold_and_every_replica_gets_some() -> None:
    assert on_processor(2).largest(4, 1000) == 12
    assert on_processor(2).largest(1, 1000) == 32
    assert on_processor(2).largest(4, 6) == 3
    assert Sizes(2, rows=4).largest(8, 100) == 1
    assert on_card().largest(4, 1000) == 256


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
