"""The history of catalogs in SQLite: bases, past versions, what was meant, and marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.history import SqliteHistory
from workflow.model import Message
from workflow.ports.review import Difference

ES = ("es", "notices")
POOL = Message("pool#body", "The pool is closed", ("La piscina está cerrada",))
BUS = Message(
    "bus#body",
    "The bus is late\ntoday",
    ("El autobús \ud800 va con retraso",),
    comments=("mine", ""),
    notes=("Title: Bus",),
    references=("content/bus.md",),
    flags=frozenset({"fuzzy", "c-format"}),
    previous_source="The bus is late",
    obsolete=True,
)
POOL_2 = replace(POOL, translations=("La piscina cierra",))


@pytest.fixture
def history(tmp_path: Path) -> SqliteHistory:
    return SqliteHistory(Database(tmp_path / "polypress.db"))


def test_a_catalog_without_a_base_is_all_new(history: SqliteHistory) -> None:
    assert history.difference(*ES, [POOL]) == Difference(new=frozenset({POOL.key}))


def test_a_recorded_catalog_does_not_differ(history: SqliteHistory) -> None:
    history.record(*ES, [POOL, BUS])
    assert history.difference(*ES, [BUS, POOL]) == Difference(newest=1)


def test_notes_and_references_make_no_difference(history: SqliteHistory) -> None:
    history.record(*ES, [POOL])
    moved = replace(POOL, notes=("n",), references=("b.md",))
    assert not history.difference(*ES, [moved]).pasts


def test_an_edit_and_a_loss_are_told_with_all_that_the_entry_was(history: SqliteHistory) -> None:
    history.record(*ES, [POOL, BUS])
    history.record(*ES, [POOL_2])
    edited = replace(POOL, translations=("¿La piscina?",))
    found = history.difference(*ES, [edited])
    assert [one.message for one in found.pasts[POOL.key].before] == [POOL]
    assert found.pasts[POOL.key].base.message == POOL_2
    assert found.pasts[BUS.key].base.message == BUS
    assert found.newest == 0


def test_catalogs_know_nothing_of_each_other(history: SqliteHistory) -> None:
    history.record(*ES, [POOL])
    assert history.difference("ar", "notices", [POOL]).new
    assert history.difference("es", "pages", []) == Difference()


def test_a_state_that_an_entry_had_before_proves_nothing(history: SqliteHistory) -> None:
    history.record(*ES, [POOL, BUS])
    history.record(*ES, [POOL_2])
    assert history.difference(*ES, [POOL_2, BUS]).newest == 2
    history.record(*ES, [POOL])
    assert history.difference(*ES, [POOL, BUS]).newest == 1


def test_the_same_again_is_no_new_generation_of_an_entry(history: SqliteHistory) -> None:
    history.record(*ES, [POOL])
    history.record(*ES, [POOL, BUS])
    assert not history.difference(*ES, [replace(POOL_2), BUS]).pasts[POOL.key].before


def test_what_was_meant_is_told_until_the_next_record(history: SqliteHistory) -> None:
    history.record(*ES, [POOL])
    history.intend(*ES, [POOL_2])
    past = history.difference(*ES, [POOL_2]).pasts[POOL.key]
    assert (past.base.message, [one.message for one in past.meant]) == (POOL, [POOL_2])
    history.record(*ES, [replace(POOL, comments=("mine",))])
    assert not history.difference(*ES, [POOL_2]).pasts[POOL.key].meant


def test_what_is_gone_has_no_base(history: SqliteHistory) -> None:
    history.record(*ES, [POOL, BUS])
    history.record(*ES, [], [BUS.key])
    assert not history.difference(*ES, [POOL]).pasts


def test_a_mark_tells_what_stood_there_then(history: SqliteHistory) -> None:
    history.record(*ES, [POOL])
    mark = history.mark()
    history.record(*ES, [POOL_2, BUS])
    assert history.as_of(mark, *ES, [POOL.key, BUS.key]) == {POOL.key: POOL}
    assert history.as_of(history.mark(), *ES, [POOL.key, BUS.key]) == {
        POOL.key: POOL_2,
        BUS.key: BUS,
    }


@pytest.mark.parametrize("mark", ["", "nothing", "00000000.1", "{}.-1", "{}.²", "{}.1e9"])
def test_a_mark_of_another_database_tells_nothing(history: SqliteHistory, mark: str) -> None:
    token = history.mark().partition(".")[0]
    history.record(*ES, [POOL])
    assert history.as_of(mark.format(token), *ES, [POOL.key]) is None


def test_a_new_database_has_another_mark(history: SqliteHistory, tmp_path: Path) -> None:
    other = SqliteHistory(Database(tmp_path / "other.db"))
    assert other.mark() != history.mark()


def test_what_was_meant_to_go_is_told_until_the_next_record(history: SqliteHistory) -> None:
    history.record(*ES, [POOL, BUS])
    mark = history.mark()
    history.intend(*ES, [POOL_2], [BUS.key])
    assert history.difference(*ES, [POOL_2]).pasts[BUS.key].leaving
    assert history.as_of(history.mark(), *ES, [BUS.key]) == {BUS.key: BUS}
    assert history.as_of(mark, *ES, [BUS.key]) == {BUS.key: BUS}
    history.record(*ES, [POOL])
    assert not history.difference(*ES, [POOL]).pasts[BUS.key].leaving
