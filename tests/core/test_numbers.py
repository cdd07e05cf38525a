"""Numbers keep their value across the ways in which locales write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.numbers import differences, written

SAME = [
    ("at 9:00", "às 9h00"),
    ("at 9:00", "a las 9"),
    ("at 17:30", "às 17h30"),
    ("1,500 people", "1.500 pessoas"),
    ("1,500 people", "1500 personas"),
    ("€12.50", "12,50 €"),
    ("5 pm", "a las 17:00"),
    ("at 5:30 p.m.", "الساعة 5:30 مساءً"),
    ("at 12:15 am", "a las 0:15"),
    ("from 5 to 7:30 pm", "de 17 a 19:30"),
    ("9 am, 2 and 4 p.m.", "9:00, 14:00 y 16:00"),
    ("from 17:00 to 19:00", "من 5 إلى 7 مساءً"),
    ("until 14:30", "حتى 2:30 بعد الظهر"),
    ("12 pm", "12:00"),
    ("5 PM", "17 Uhr"),
    ("from 9 to 17", "من \u0669 إلى \u0661\u0667"),
    ("on 1 January", "em 1º de janeiro"),
    ("4 euros and 7", "4 يورو و7"),
    ("call 555 0142", "llame al 555 0142"),
    ("room 09", "sala 9"),
]
OTHER = [
    ("from 10:00 to 22:00", "de 10:00 a 20:00", ["22"], ["20"]),
    ("555 0155", "555 015", ["0155"], ["015"]),
    ("closed", "cerrado 2 días", [], ["2"]),
    ("9:00 and 9:00", "9:00", ["9"], []),
    ("12.50", "12.5", ["12.50"], ["12.5"]),
    ("at 5:30", "a las 17:30", ["5:30"], ["17:30"]),
    ("10 am", "22:00", ["10"], ["22"]),
    ("22 May at 5 pm", "10 de mayo a las 17", ["22"], ["10"]),
    ("room 13, 5 pm", "sala 1, 17:00", ["13"], ["1"]),
    ("at 5 pm in room 5", "a las 17 en la sala 17", ["5"], ["17"]),
]


@pytest.mark.parametrize(("source", "target"), SAME)
def test_the_same_number_written_otherwise_is_no_difference(source: str, target: str) -> None:
    assert differences(source, target) == ([], [])


@pytest.mark.parametrize(("source", "target", "lost", "added"), OTHER)
def test_another_number_is_told(
    source: str, target: str, lost: list[str], added: list[str]
) -> None:
    assert differences(source, target) == (lost, added)


@given(st.text())
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert differences(text, text) == ([], [])


@given(st.lists(st.integers(0, 10**9), max_size=8))
def test_every_number_is_found(values: list[int]) -> None:
    assert written(" and ".join(map(str, values))) == [str(value) for value in values]


def test_letters_behind_a_number_belong_to_it() -> None:
    assert written("on the 7th at 9:30, room 12B") == ["7th", "9:30", "12B"]
