from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.segments import FORMS, MAX_TOKENS, TokenForm, forms
from workflow.segments.tokens import TOKEN

TOKENS = [f"⟦{number}⟧" for number in range(1, MAX_TOKENS + 1)]
TRAPS = [
    *("{1}", "{ 2 }", "<3>", "< 1 >", "[1]", "[", "{", ">", "%1", "%", "12 %", "X1X", "x 2 x"),
    *("9001", "9.001", "9", "900", "1", "0", "X", "x", "\uff5b1\uff5d", "\u3010", "\u0425"),
    *(
        " ",
        " ",
        " ",
        "  ",
        ",",
        ".",
        "word",
        "two words",
        "\xa0",
        "\u202f",
        "日本。",
        "عربي",
        "\u0663",
    ),
]
CANONICAL = st.lists(st.sampled_from([*TOKENS, *TRAPS]), max_size=12).map("".join)
PLAIN = "Take the ⟦1⟧bus⟦2⟧ to ⟦3⟧, stop ⟦4⟧."
all_forms = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(forms).failed == 0


def test_the_canonical_form_comes_first_and_changes_nothing() -> None:
    first = next(iter(FORMS.values()))
    assert first.name == "brackets"
    assert first.sent(PLAIN) == PLAIN
    assert all(form.name == name for name, form in FORMS.items())


@all_forms
@given(text=CANONICAL)
def test_what_is_sent_comes_back_the_same_if_it_fits(form: TokenForm, text: str) -> None:
    sent = form.sent(text)
    if form.fits(text):
        numbers = tuple(range(len(sent.split())))
        assert form.received(sent, numbers) == (text, numbers)


@all_forms
@given(text=CANONICAL)
def test_sending_changes_no_word_number(form: TokenForm, text: str) -> None:
    before, after = text.split(), form.sent(text).split()
    assert len(before) == len(after)
    assert all("⟦" in old or old == new for old, new in zip(before, after, strict=True))


@all_forms
@given(data=st.data())
def test_a_text_that_fits_gets_no_token_that_it_did_not_have(
    form: TokenForm, data: st.DataObject
) -> None:
    text = data.draw(CANONICAL.filter(form.fits))
    outside = TOKEN.sub(" ", text)
    assert form.received(outside)[0] == outside


@all_forms
def test_any_form_fits_an_ordinary_sentence_and_hides_the_brackets(form: TokenForm) -> None:
    assert form.fits(PLAIN)
    assert form.fits("Tel. ⟦1⟧, 12 €, 2026.")
    assert ("⟦" in form.sent(PLAIN)) == (form.name == "brackets")
    assert "_" not in form.sent(PLAIN)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("braces", "Write {1} at ⟦1⟧."),
        ("braces", "A lone { at ⟦1⟧."),
        ("angles", "Where x < y at ⟦1⟧."),
        ("square", "See note [2] at ⟦1⟧."),
        ("percent", "Only %2 of ⟦1⟧."),
        ("letters", "A room of 3 x 2 x 4 m at ⟦1⟧."),
        ("number", "Form 9.001 at ⟦1⟧."),
        ("number", "House ⟦1⟧2."),
    ],
)
def test_a_text_that_holds_such_a_token_does_not_fit(name: str, text: str) -> None:
    assert not FORMS[name].fits(text)
    assert FORMS["brackets"].fits(text)


def test_a_share_in_percent_does_not_bar_the_percent_form() -> None:
    assert FORMS["percent"].fits("Save 15 % at ⟦1⟧.")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("brackets", "Llame ⟦ 1 ⟧ ya."),
        ("brackets", "Llame ⟦\u0661⟧ ya."),
        ("braces", "Llame { 1} ya."),
        ("braces", "Llame \uff5b1\uff5d ya."),
        ("angles", "Llame < 1 > ya."),
        ("angles", "Llame \u300a1\u300b ya."),
        ("square", "Llame \u30101\u3011 ya."),
        ("percent", "Llame % 1 ya."),
        ("percent", "Llame \u066a1 ya."),
        ("letters", "Llame x1x ya."),
        ("letters", "Llame X 1 x ya."),
        ("letters", "Llame \u04251\u0425 ya."),
        ("number", "Llame 9.001 ya."),
        ("number", "Llame 9\u202f001 ya."),
    ],
)
def test_what_engines_do_to_a_token_is_read(name: str, answer: str) -> None:
    assert FORMS[name].received(answer)[0] == "Llame ⟦1⟧ ya."


@pytest.mark.parametrize(
    ("name", "answer"), [("braces", "Llame {1 ya."), ("angles", "1> ya"), ("square", "[ 1 ya")]
)
def test_the_rest_of_a_damaged_token_never_passes_for_text(name: str, answer: str) -> None:
    canonical, _ = FORMS[name].received(answer)
    assert not TOKEN.search(canonical)
    assert set("⟦⟧") & set(canonical)


def test_words_of_one_token_become_one_with_the_first_known_source_word() -> None:
    answer = "⟦ 1 ⟧ y ⟦2⟧ son (⟦ 3 ⟧)."
    found = FORMS["brackets"].received(answer, (-1, 4, 5, 1, 2, 0, -1, -1, -1))
    assert found == ("⟦1⟧ y ⟦2⟧ son (⟦3⟧).", (4, 1, 2, 0, -1))


@all_forms
@given(text=CANONICAL, numbers=st.lists(st.integers(-1, 9), max_size=12))
def test_an_alignment_counts_the_canonical_words_or_is_none(
    form: TokenForm, text: str, numbers: list[int]
) -> None:
    canonical, alignment = form.received(text, numbers)
    fitting = len(numbers) == len(text.split())
    assert (alignment is not None) == fitting
    assert alignment is None or len(alignment) == len(canonical.split())
