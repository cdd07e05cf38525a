"""What kind a change is: style keeps an approval, facts recall, the rest goes to review."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.changes import Kind, pairs, verdict
from workflow.changes.style import plain_style

STYLE = [
    ("en", "The pool is closed.", "The  pool\u00a0is closed. "),
    ("en", 'She said "yes".', "She said “yes”."),
    ("en", "She said 'yes'.", 'She said "yes".'),
    ("en", "Don't wait.", "Don’t wait."),
    ("en", "Monday - Friday", "Monday – Friday"),
    ("en", "Open 9-17", "Open 9–17"),
    ("en", "Wait – then go", "Wait—then go"),
    ("en", "Wait...", "Wait…"),
    ("fr", "Ouvert : lundi", "Ouvert: lundi"),
    ("fr", "« Oui »", "“Oui”"),
    ("de", "„Ja“", "»Ja«"),
    ("ja", "「はい」", '"はい"'),
    ("en", "li\u00adbrary", "library"),
]
REWORDED = [
    ("en", "Read it.", "Read it!"),
    ("en", "The colour is red.", "The color is red."),
    ("en", "Bring a towel.", "Take a towel with you."),
    ("en", "well-known", "well—known"),
    ("en", "cannot", "can not"),
    ("en", "Opening Hours", "New Opening Times"),
    ("en", "The pool opens.", "The pool opens. Bring 2 towels on Monday."),
    ("en", "It opens at 9:00.", "It opens at 9 o'clock."),
    ("de", "Das Bad ist geschlossen.", "Das Schwimmbad ist geschlossen."),
    ("en", "the march to the park", "the walk to the park"),
    ("es", "La piscina abre.", "La piscina está abierta."),
]
RECALL = [
    ("en", "It opens at 9:00.", "It opens at 10:00.", "number"),
    ("en", "Bring a card.", "Bring 2 cards.", "number"),
    ("en", "Open. Bring 2 towels.", "Open.", "number"),
    ("en", "It opens on Monday.", "It opens on Tuesday.", "date"),
    ("en", "It opens in April.", "It opens in July.", "date"),
    ("en", "Closed today.", "Closed tomorrow.", "date"),
    ("es", "Abre el lunes.", "Abre el martes.", "date"),
    ("ru", "Начало 1 июня.", "Начало 1 июля.", "date"),
    ("en", "Ask Ana Ruiz now.", "Ask Eva Ruiz now.", "name"),
    ("en", "The library on Mill Road opens.", "The library on Mill Lane opens.", "name"),
    ("en", "Call the NHS for help.", "Call the WHO for help.", "name"),
    ("de", "Fragen Sie Herrn Maier.", "Fragen Sie Herrn Huber.", "name"),
    ("en", "The pool is open.", "The pool is not open.", "negation"),
    ("en", "You can swim.", "You can't swim.", "negation"),
    ("fr", "Le bassin est ouvert.", "Le bassin n’est pas ouvert.", "negation"),
    ("ar", "المسبح مفتوح", "المسبح ليس مفتوحا", "negation"),
    ("zh-Hans", "泳池开放", "泳池不开放", "negation"),
    ("fa", "استخر باز می‌شود", "استخر باز نمی‌شود", "negation"),
    ("en", "It is 5 km away.", "It is 5 miles away.", "unit of measure"),
    ("en", "It costs 5 €.", "It costs 5 £.", "unit of measure"),
    ("en", "See [the page](a.html).", "See [the page](b.html).", "link"),
    ("en", "Write to a@example.org.", "Write to b@example.org.", "link"),
    ("en", "Hello {name}.", "Hello {user}.", "link"),
    ("en", "Press `start` now.", "Press `stop` now.", "link"),
    ("en", "She said “we will open”.", "She said “we may open”.", "quotation"),
]


@pytest.mark.parametrize(("language", "old", "new"), STYLE)
def test_blanks_quotes_and_dashes_are_style(language: str, old: str, new: str) -> None:
    assert verdict(old, new, language=language).kind is Kind.STYLE
    assert verdict(new, old, language=language).kind is Kind.STYLE


@pytest.mark.parametrize(("language", "old", "new"), REWORDED)
def test_other_words_go_to_review(language: str, old: str, new: str) -> None:
    found = verdict(old, new, language=language)
    assert (found.kind, found.reasons) == (Kind.REWORDED, ())


@pytest.mark.parametrize(("language", "old", "new", "reason"), RECALL)
def test_a_fact_that_changed_recalls_and_says_which(
    language: str, old: str, new: str, reason: str
) -> None:
    found = verdict(old, new, language=language)
    assert found.kind is Kind.RECALL
    assert any(one.startswith(reason) and " -> " in one for one in found.reasons)


def test_a_name_that_is_never_translated_counts_in_any_case() -> None:
    told = verdict("Use citygo now", "Use citypay now", language="en", names=["citygo"])
    assert told.kind is Kind.RECALL


def test_the_sentences_that_stayed_are_no_reason() -> None:
    old = "The pool on Mill Road opens on Monday. Bring a towel."
    assert verdict(old, old.replace("a towel", "your towel"), language="en").kind is Kind.REWORDED
    moved = "Bring a towel. The pool on Mill Road opens on Monday."
    assert verdict(old, moved, language="en").kind is Kind.REWORDED


@given(st.text(max_size=80))
def test_every_text_is_itself(text: str) -> None:
    assert verdict(text, text, language="en").kind is Kind.SAME
    assert plain_style(f" {text}\n") == plain_style(text)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "ar", "zh", "de", "sw"]))
def test_any_two_texts_have_a_verdict_and_style_goes_both_ways(
    old: str, new: str, language: str
) -> None:
    there, back = (verdict(*both, language=language).kind for both in ((old, new), (new, old)))
    assert (there is Kind.STYLE) == (back is Kind.STYLE)
    assert (there is Kind.SAME) == (old == new)


@given(st.lists(st.sampled_from(["The", "pool", "opens", "Mill", "9:00", "not"]), min_size=1))
def test_another_number_is_always_a_recall(words: list[str]) -> None:
    text = " ".join(words)
    assert verdict(f"{text} 17.", f"{text} 18.", language="en").kind is Kind.RECALL


@pytest.mark.parametrize(
    "piece", [" ", "'", '"', "- ", "1-", "[](", "<a", "A.b ", "Mr ", "“x", "….", "{", "a@b."]
)
def test_hostile_texts_are_judged_in_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    begun = time.monotonic()
    verdict(text, f"{text}x", language="en")
    assert time.monotonic() - begun < 3.0


def test_pairs_are_found_by_wording_then_by_likeness_each_once() -> None:
    old = ["Bring a towel.", "The pool is closed.", "Call us."]
    new = ["The pool is closed today.", "Bring  a towel.", "Something else entirely"]
    assert pairs(old, new) == [(0, 1), (1, 0)]


def test_texts_without_blanks_are_paired_by_letters() -> None:
    assert pairs(["游泳池星期一关闭"], ["游泳池星期二关闭"]) == [(0, 0)]
    assert pairs(["Colour"], ["Color"]) == [(0, 0)]


def test_what_has_only_small_words_in_common_is_no_pair() -> None:
    assert not pairs(["The pool is closed on Monday."], ["Dogs may run in Green Park now."])


def test_many_blocks_are_paired_near_their_place_and_in_time() -> None:
    old = [f"Line {number} of the plan says what to do on day {number}." for number in range(2_000)]
    new = [text.replace("what to do", "where to go") for text in old]
    begun = time.monotonic()
    assert pairs(old, new) == [(number, number) for number in range(2_000)]
    assert time.monotonic() - begun < 10.0
