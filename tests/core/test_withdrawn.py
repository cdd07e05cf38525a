from __future__ import annotations

import csv
import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.errors import PolypressError, SettingsError
from workflow.tablefile import MOST_BYTES, MOST_ROWS
from workflow.withdrawn import COLUMNS, MOST_WHY, Withdrawal, one_line, parse, written

PATH = "locales/withdrawn.csv"
TIME = "2026-01-31T12:00:00+00:00"
HEAD = "collection,item,at,why\n"


def refused(text: str | bytes, line: int, what: str) -> None:
    body = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(SettingsError, match=what) as error:
        parse(body, PATH)
    assert (error.value.place.path, error.value.place.line) == (PATH, line)
    assert error.value.fix


def test_a_row_is_an_item_that_is_withdrawn_in_every_locale() -> None:
    held = parse(f"{HEAD}notices,pool,{TIME},wrong date\n".encode(), PATH)
    assert held == {"notices:pool": Withdrawal("notices", "pool", TIME, "wrong date")}


@pytest.mark.parametrize("text", ["", "\ufeff", HEAD, f"{HEAD}\n,,,\n"])
def test_an_empty_table_withdraws_nothing(text: str) -> None:
    assert parse(text.encode(), PATH) == {}


def test_what_spreadsheets_and_people_write_is_read() -> None:
    text = '\ufeffItem,why,Collection\r\n pool ,"a ""bad"", date\nof all",notices\r\n\r\n'
    assert parse(text.encode(), PATH) == {
        "notices:pool": Withdrawal("notices", "pool", "", 'a "bad", date of all')
    }


def test_times_are_kept_in_utc() -> None:
    (one,) = parse(f"{HEAD}a,b,2026-01-31T14:00+02:00,\n".encode(), PATH).values()
    assert one.at == TIME


def test_the_file_is_sorted_with_a_line_for_each_and_repeats() -> None:
    rows = [Withdrawal("b", "x"), Withdrawal("a", "z", TIME, 'a "b", c'), Withdrawal("a", "y")]
    body = written({one.key: one for one in rows})
    assert body == written({one.key: one for one in reversed(rows)})
    assert body.decode() == f'{HEAD}a,y,,\na,z,{TIME},"a ""b"", c"\nb,x,,\n'
    assert written({}) == HEAD.encode()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("collection;item;at;why\n", 1, "unknown or doubled column"),
        ("collection,at,why\n", 1, "no column item"),
        (f"{HEAD}notices,pool\n", 2, "2 cells, not 4"),
        (f"{HEAD}notices,pool,,a,b\n", 2, "5 cells, not 4"),
        (f"{HEAD}notices,pool,,\nnotices,pool,{TIME},\n", 3, "is in line 2, too"),
        (f"{HEAD}<<<<<<< HEAD\nnotices,pool,,\n", 2, "1 cells, not 4"),
        (f"{HEAD},pool,,\n", 2, "no collection"),
        (f"{HEAD}Notices,pool,,\n", 2, "no collection"),
        (f"{HEAD}notices,,,x\n", 2, "no item id"),
        (f"{HEAD}notices,../pool,,\n", 2, "no item id"),
        (f"{HEAD}notices,.pool,,\n", 2, "no item id"),
        (f"{HEAD}notices,Pool,,\n", 2, "no item id"),
        (f"{HEAD}notices,{'a' * 121},,\n", 2, "no item id"),
        (f"{HEAD}\n\nnotices,pool,yesterday,\n", 4, "no time"),
        (f"{HEAD}notices,pool,2026-01-31,\n", 2, "no time"),
        (f"{HEAD}notices,pool,2026-01-31T12:00:00,\n", 2, "no time"),
        (f"{HEAD}notices,pool,0001-01-01T00:00:00+23:00,\n", 2, "no time"),
        (f'{HEAD}notices,"pool"x,,\n', 2, "no CSV"),
        (f'{HEAD}notices,"pool,,\n', 2, "no CSV"),
        (f"{HEAD}notices,po\0ol,,\n", 2, "no (CSV|item)"),
        (HEAD.encode() + b"notices,p\xffool,,\n", 2, "not UTF-8"),
        (HEAD.encode("utf-16"), 1, "not UTF-8"),
        (b"x" * (MOST_BYTES + 1), 1, "larger than"),
        (HEAD + "".join(f"a,i{n},,\n" for n in range(MOST_ROWS + 1)), MOST_ROWS + 2, "more than"),
    ],
)
def test_a_table_that_is_not_sound_names_the_line(text: str | bytes, line: int, what: str) -> None:
    refused(text, line, what)


IDS = st.text(string.ascii_lowercase + string.digits + "._-", min_size=1, max_size=120)
ROWS = st.builds(
    Withdrawal,
    st.from_regex(r"[a-z0-9][a-z0-9_-]{0,59}", fullmatch=True),
    IDS.filter(lambda text: text[0] not in ".-"),
    st.sampled_from(["", TIME]),
    st.text(max_size=300).map(one_line),
)


@given(st.lists(ROWS, max_size=8))
def test_what_is_written_is_read_back_and_is_rfc_4180(rows: list[Withdrawal]) -> None:
    held = {one.key: one for one in rows}
    body = written(held)
    assert parse(body, PATH) == held
    plain = list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    assert plain[0] == list(COLUMNS)
    assert sorted(f"{row[0]}:{row[1]}" for row in plain[1:]) == sorted(held)


@given(st.text(max_size=400))
def test_a_reason_is_one_line_that_steers_no_terminal(why: str) -> None:
    line = one_line(why)
    assert len(line) <= MOST_WHY
    assert line.isprintable()
    assert line == one_line(line)


@given(st.binary(max_size=200) | st.text("collection,item\n\"'; \0é", max_size=200).map(str.encode))
def test_whatever_the_file_holds_it_is_read_or_refused(body: bytes) -> None:
    try:
        held = parse(HEAD.encode() + body, PATH)
    except PolypressError as error:
        assert error.place.line  # noqa: PT017 - refused with a line, or read
    else:
        assert parse(written(held), PATH) == held
