"""Catalogs that remember, on real files: stale editors, crashes, a lost history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import Place, place, snapshot
from workflow.catalog.aside import conflicts
from workflow.model import Message, Review

POOL, BUS = "The pool opens", "The bus is late"


@pytest.fixture
def city(tmp_path: Path) -> Place:
    found = place(tmp_path, "es")
    found.notice("pool", POOL)
    found.notice("bus", BUS)
    found.translate()
    return found


def stale_save(city: Place, old: Iterable[Message]) -> None:
    """An editor that loaded these entries long ago saves them all."""
    city.project.catalogs.store.update("es", "notices", lambda _: tuple(old))  # type: ignore[attr-defined]


def raw_edit(city: Place, source: str, text: str, **more: object) -> None:
    """Somebody saves the file with another text, and Polypress is not told."""
    stale_save(
        city,
        [
            replace(one, translations=(text,), flags=frozenset(), **more)  # type: ignore[arg-type]
            if one.source == source
            else one
            for one in city.messages().values()
        ],
    )


def test_a_stale_editor_undoes_nothing(city: Place) -> None:
    loaded = tuple(city.messages().values())
    raw_edit(city, POOL, "La piscina abre")
    city.ingest()
    before = city.messages()
    stale_save(city, loaded)
    city.ingest()
    assert city.messages() == before


def test_a_stale_editor_that_lacks_an_entry_takes_nothing_away(city: Place) -> None:
    loaded = tuple(one for one in city.messages().values() if one.source != POOL)
    raw_edit(city, POOL, "La piscina abre")
    city.ingest()
    stale_save(city, loaded)
    city.ingest()
    assert city.text(POOL) == "La piscina abre"
    assert city.facts(POOL).review is Review.APPROVED


def test_what_the_stale_editor_typed_is_taken(city: Place) -> None:
    loaded = city.messages()
    raw_edit(city, POOL, "La piscina abre")
    city.ingest()
    typed = replace(loaded[BUS], translations=("El bus va tarde",), flags=frozenset())
    stale_save(city, (loaded | {BUS: typed}).values())
    city.ingest()
    assert city.text(POOL) == "La piscina abre"
    assert city.text(BUS) == "El bus va tarde"
    assert not any(conflicts(one) for one in city.messages().values())


def test_two_people_over_one_text_are_both_kept(city: Place) -> None:
    loaded = city.messages()
    raw_edit(city, POOL, "La piscina abre")
    raw_edit(city, BUS, "El bus va tarde")
    city.ingest()
    typed = replace(loaded[POOL], translations=("Abre la piscina",), flags=frozenset())
    stale_save(city, (loaded | {POOL: typed}).values())
    city.ingest()
    found = city.messages()[POOL]
    assert (found.translation, conflicts(found)) == ("Abre la piscina", ("La piscina abre",))
    assert city.text(BUS) == "El bus va tarde"


def test_reading_back_twice_changes_nothing(city: Place) -> None:
    loaded = tuple(city.messages().values())
    raw_edit(city, POOL, "La piscina abre")
    city.ingest()
    stale_save(city, loaded)
    city.ingest()
    before = snapshot(city.root / "locales")
    assert not city.ingest().written
    assert snapshot(city.root / "locales") == before


@pytest.mark.parametrize("point", ["intend", "switch", "record"])
def test_a_crash_between_two_writes_leaves_what_a_run_repeats(
    city: Place, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.notice("park", "The park is open")

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    target = {
        "intend": "workflow.adapters.sqlite.history.SqliteHistory.intend",
        "switch": "workflow.adapters.pofile.store.switch",
        "record": "workflow.adapters.sqlite.history.SqliteHistory.record",
    }[point]
    with monkeypatch.context() as patched:
        patched.setattr(target, crash)
        with pytest.raises(KeyboardInterrupt):
            city.translate()
    city.translate()
    assert city.text("The park is open") == "es: The park is open"
    assert not any(conflicts(one) for one in city.messages().values())
    assert not city.ingest().written


def test_a_lost_history_makes_no_conflict_of_what_one_person_did(city: Place) -> None:
    raw_edit(city, POOL, "La piscina abre")
    city.ingest()
    city.forget_history()
    raw_edit(city, POOL, "La piscina ya abre")
    city.ingest()
    assert city.text(POOL) == "La piscina ya abre"
    assert not any(conflicts(one) for one in city.messages().values())


def test_after_a_lost_history_a_draft_of_ours_never_replaces_a_persons_text(city: Place) -> None:
    loaded = tuple(city.messages().values())
    raw_edit(city, POOL, "La piscina abre")
    city.forget_history()
    city.ingest()
    stale_save(city, loaded)
    city.ingest()
    assert city.text(POOL) == "La piscina abre"


def test_a_draft_made_again_after_the_loss_proves_no_old_copy_young(city: Place) -> None:
    loaded = tuple(city.messages().values())
    (city.root / "content/notices/bus.md").unlink()
    city.translate()
    raw_edit(city, POOL, "La piscina abre")
    city.ingest()
    city.forget_history()
    city.ingest()
    city.notice("bus", BUS)
    city.translate()
    stale_save(city, loaded)
    city.ingest()
    assert city.text(POOL) == "La piscina abre"
