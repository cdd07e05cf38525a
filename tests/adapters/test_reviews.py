from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_reviews import FakeReviews
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.reviews import SqliteReviews
from workflow.bootstrap import open_reviews
from workflow.ports.reviews import Note, ReviewLog

FIRST = Note("es", "notices:a#body@1", "0" * 8, "approved", "Ana", "2026-01-31T12:00:00+00:00")
SECOND = Note("es", "notices:a#body@1", "1" * 8, "needs-work", "Ben", FIRST.at, "too free; '\"")
ARABIC = Note("ar", "notices:a#body@1", "2" * 8, "approved", "Ana", FIRST.at)
OTHER = Note("es", "notices:b#body@1", "0" * 8, "approved", "Ana", FIRST.at)


@pytest.fixture(params=["fake", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> ReviewLog:
    if request.param == "fake":
        return FakeReviews()
    return SqliteReviews(Database(tmp_path / "x.db"))


def test_notes_come_back_in_the_order_they_were_made(log: ReviewLog) -> None:
    log.note([FIRST, OTHER, ARABIC])
    log.note([SECOND])
    assert log.of(FIRST.unit) == (FIRST, ARABIC, SECOND)
    assert log.of(FIRST.unit, "es") == (FIRST, SECOND)
    assert log.of(OTHER.unit) == (OTHER,)


def test_nothing_is_known_of_what_nobody_spoke_of(log: ReviewLog) -> None:
    log.note([])
    assert log.of("notices:c#body@1") == ()
    log.note([FIRST])
    assert log.of(FIRST.unit, "ar") == ()


def test_the_same_word_twice_is_two_notes(log: ReviewLog) -> None:
    log.note([FIRST, FIRST])
    assert log.of(FIRST.unit) == (FIRST, FIRST)


def test_notes_are_there_after_a_restart(tmp_path: Path) -> None:
    open_reviews(tmp_path).note([FIRST])
    assert open_reviews(tmp_path).of(FIRST.unit) == (FIRST,)
