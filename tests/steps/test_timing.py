from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.model import COMES, GOES, Item
from workflow.steps.timing import Absence, Life, life_of, moment, zone_of

MADRID = ZoneInfo("Europe/Madrid")


def item(**meta: str) -> Item:
    return Item("notices", "pool", "content/pool.md", "", (), tuple(meta.items()))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31", "2026-01-30T23:00:00+00:00"),
        ("2026-07-01", "2026-06-30T22:00:00+00:00"),
        ("2026-01-31T09:00", "2026-01-31T08:00:00+00:00"),
        ("2026-01-31 09:00:30", "2026-01-31T08:00:30+00:00"),
        ("2026-01-31T09:00 +02:00", "2026-01-31T07:00:00+00:00"),
        (" 2026-01-31T09:00:00Z", "2026-01-31T09:00:00+00:00"),
        ("2026-01-31T09:00:00-05:00", "2026-01-31T14:00:00+00:00"),
        ("2026-01-31T09:00:00.25Z", "2026-01-31T09:00:01+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),  # twice on that night: the first
        ("2026-03-29T02:30", "2026-03-29T01:30:00+00:00"),  # never on that night
        ("2028-02-29", "2028-02-28T23:00:00+00:00"),
        ("0001-01-02", "0001-01-02T00:14:44+00:00"),
    ],
)
def test_a_date_or_time_becomes_a_moment(text: str, utc: str) -> None:
    assert moment(text, MADRID) == utc


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "31.01.2026", "2026-02-30", "2026-1-31", "2026-01-31T25:00", "1769846400",
        "2026-01-31-09:00", "2026-01-31T09", "2026-01-31x09:00", "2026-01-31T09:00Z later", "null",
        "0001-01-01T00:00+05:00", "9999-12-31T23:59:59.5Z", "2026-01-31T09:00:00+25:00",
        "\N{ARABIC-INDIC DIGIT TWO}026-01-31", "20260131", "2026-W05-6",
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", [COMES, GOES])
def test_what_is_no_time_is_a_mistake_and_the_item_is_held_back(key: str, text: str) -> None:
    life = life_of(item(**{key: text}), MADRID)
    assert life.key == key
    assert life.moments == ()
    for at in ("0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00"):
        absence, why = life.absence(at)
        assert absence is Absence.MISTAKE
        assert "is no date and no time" in why


def test_an_item_without_times_is_always_there() -> None:
    life = life_of(item(date="2030-01-01"), UTC)
    assert life == Life()
    assert life.absence("2026-01-31T12:00:00+00:00") == (None, "")


@pytest.mark.parametrize(
    ("at", "absence"),
    [
        ("2026-01-31T08:59:59+00:00", Absence.EMBARGO),
        ("2026-01-31T09:00:00+00:00", None),
        ("2026-02-01T08:59:59+00:00", None),
        ("2026-02-01T09:00:00+00:00", Absence.EXPIRED),
    ],
)
def test_it_is_there_from_its_start_until_before_its_end(at: str, absence: Absence | None) -> None:
    life = life_of(item(publish_at="2026-01-31T09:00", expires_at="2026-02-01T09:00"), UTC)
    assert life.absence(at)[0] is absence


@pytest.mark.parametrize("end", ["2026-01-31T09:00", "2026-01-30"])
def test_an_item_that_expires_before_it_comes_out_is_a_mistake(end: str) -> None:
    life = life_of(item(publish_at="2026-01-31T09:00", expires_at=end), UTC)
    assert life.mistake == "it expires before it comes out"


TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(  # noqa: DTZ001
    lambda time: time.replace(microsecond=0)
)


@given(TIMES, st.integers(-14 * 60, 14 * 60), TIMES)
def test_moments_are_in_the_order_of_time(time: datetime, minutes: int, other: datetime) -> None:
    told = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    first, second = moment(told.isoformat(), MADRID), moment(f"{other.isoformat()}Z", MADRID)
    assert (first < second) is (told < other.replace(tzinfo=UTC))
    assert datetime.fromisoformat(first) == told


def test_the_zone_of_utc_needs_no_files() -> None:
    assert zone_of("UTC") is UTC
    assert zone_of("Europe/Madrid") == MADRID
