from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from workflow.adapters.pseudo.writing import ACCENTED, MOST, NO_BREAK, PLAIN, RLM, pseudo_text
from workflow.checks.hard import loops
from workflow.numbers import differences
from workflow.pseudo import CLOSING, OPENING

WORDS = st.text(st.sampled_from(PLAIN), min_size=1, max_size=9)
SIGNS = st.sampled_from(
    ["⟦1⟧", "⟦2⟧", "⟦9⟧", "9:00", "1,500", "7th", "17h30", "&amp;", "50%", r"\n", "$HOME", "@city",
     "<b>", "</b>", "{a, plural, other {# b}}", "-", "(", ")", ".", "?", "»", "été", "Ünïte\u0301",
     "水", "пруд", "سبت", "  ", "\u00a0", "'", "’"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(WORDS, WORDS, SIGNS), max_size=12).flatmap(
    lambda parts: st.sampled_from([" ", ""]).map(lambda glue: glue.join(parts))
)
MARKS = st.sampled_from(["", RLM])
SYLLABLES = st.lists(
    st.sampled_from(["in", "for", "ma", "tion", "pool", "e", "a", "street", "Un", "der", "clos"]),
    min_size=1,
    max_size=4,
)


def bare(text: str) -> str:
    """A pseudo text without what stands round it and its words."""
    inner = text.replace(RLM, "").replace(f"{NO_BREAK}{CLOSING}", CLOSING)
    return inner.replace(OPENING, "").replace(CLOSING, "")


# What it looks like: another look of the same text needs another version of the engine.


@pytest.mark.parametrize(
    ("text", "pseudo"),
    [
        ("The pool opens at 9:00.", "⟪Ţĥéé ṗóóóóļ óóṗééñš ááţ 9:00._⟫"),
        ("Bring ⟦1⟧your card⟦2⟧, please!", "⟪Ḃŕíííñĝ ⟦1⟧ýóúúŕ çáááŕď⟦2⟧, ṗļéááášééé!⟫"),
        ("OPEN today", "⟪ÓÓṖÉÑ ţóóďááý⟫"),
        ("A", "⟪Á⟫"),
        ("Von 17h30 an", "⟪Ṽóóñ 17h30 áááñ⟫"),
        ("Late (5 p.m.) or 15 h", "⟪Ļááţé (5 p.m.) óóóŕ 15 h⟫"),
        ("Пруд закрыт", "⟪Прууд зааакрыыт⟫"),
        ("水曜日", "⟪水曜日⟫"),
        ("two\nlines ", "⟪ţŵóó\nļííñééš⟫ "),
    ],
)
def test_letters_get_accents_and_vowels_get_longer(text: str, pseudo: str) -> None:
    assert pseudo_text(text).replace(NO_BREAK, "_") == pseudo


def test_from_right_to_left_each_word_stands_between_marks() -> None:
    told = pseudo_text("The pool, 9:00: ⟦1⟧", mark=RLM)
    assert told.replace(RLM, "|") == f"⟪|Ţĥéé| |ṗóóóóļ|, 9:00: ⟦1⟧{NO_BREAK}⟫"


def test_a_word_of_a_script_without_capitals_gets_no_marks_inside() -> None:
    assert pseudo_text("हिन्दी", mark=RLM) == "⟪हिन्दी⟫"


def test_every_letter_has_a_look_alike_of_its_own() -> None:
    assert len(set(ACCENTED)) == len(PLAIN) == len(ACCENTED)
    for plain, accented in zip(PLAIN, ACCENTED, strict=True):
        assert accented.isalpha()
        assert accented.islower() == plain.islower()
        assert f" {plain.upper()} WITH " in unicodedata.name(accented)


def test_the_bracket_keeps_away_from_an_address_that_ends_a_text() -> None:
    assert pseudo_text("See ⟦1⟧.").endswith(f"⟦1⟧.{NO_BREAK}⟫")
    assert pseudo_text("See us.").endswith("š.⟫")


# What holds for any text.


@given(TEXTS, MARKS)
def test_tokens_tags_braces_and_whatever_has_a_digit_come_through(text: str, mark: str) -> None:
    assume(not re.search(r"[<{]", text))
    kept = re.compile(r"⟦\d⟧|[^\s⟦⟧]*[\d\\&%$@][^\s⟦⟧]*")
    assert kept.findall(bare(pseudo_text(text, mark=mark))) == kept.findall(text)


@pytest.mark.parametrize("kept", ['<a href="x" title="now">', "{n, plural, one {a} other {b}}"])
def test_what_programs_read_stays(kept: str) -> None:
    assert kept in pseudo_text(f"See {kept} here", mark=RLM)


@given(TEXTS, MARKS)
def test_no_number_is_lost_or_new(text: str, mark: str) -> None:
    assert differences(text, pseudo_text(text, mark=mark)) == ([], [])


@given(TEXTS, MARKS)
def test_blanks_and_words_are_as_many(text: str, mark: str) -> None:
    told = bare(pseudo_text(text, mark=mark))
    assert re.findall(r"\s", told) == re.findall(r"\s", text)
    assert len(told.split()) == len(text.split())


@given(TEXTS, MARKS)
def test_what_is_not_blank_is_framed(text: str, mark: str) -> None:
    told = pseudo_text(text, mark=mark).strip()
    if text.strip():
        assert (told[0], told[-1]) == (OPENING, CLOSING)
    else:
        assert told == ""


@given(st.one_of(TEXTS, st.text(st.sampled_from("aAbo "), max_size=60)), MARKS)
@example("aaaaaaa", "")
@example("pol pool pol pool pol", "")
@example("e é e é", "")
def test_it_never_looks_like_a_loop(text: str, mark: str) -> None:
    assert list(loops(text, pseudo_text(text, mark=mark))) == []


@given(st.lists(SYLLABLES.map("".join), min_size=6, max_size=40).map(" ".join))
def test_a_text_grows_by_30_to_40_percent(text: str) -> None:
    told = bare(pseudo_text(text))
    assume(len(text) > 20 and len(told) > len(text))  # the other way out of a loop
    assert 1.3 <= len(told) / len(text) <= 1.4


@given(WORDS)
def test_no_vowel_grows_beyond_what_can_be_read(word: str) -> None:
    assert len(bare(pseudo_text(word))) <= len(word) * (1 + MOST)
