from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from filelock import FileLock

from tests.fake_engine import FakeEngine, package_ref
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from workflow.adapters.pofile.places import lock_path
from workflow.errors import CatalogError, LockedError, OutsideError, PackageError, RouteError
from workflow.model import Facts, Freshness, Origin, Review, Route

EN_ES, ES_PT, EN_AR = (package_ref(*pair) for pair in (("en", "es"), ("es", "pt"), ("en", "ar")))


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path)
    made.notice("pool", "The pool opens", "Bring a towel. Bring a cap.")
    return made


def locale(city: Place, tag: str = "es") -> Facts:
    return city.facts("The pool opens", tag)


# What a run gives.


def test_every_unit_gets_a_draft_in_every_locale(city: Place) -> None:
    spanish, arabic = city.translate()
    assert (spanish.locale, spanish.machine, spanish.memory) == ("es", 2, 0)
    assert (spanish.withheld, spanish.failures) == ((), ())
    assert spanish.written == ("es/LC_MESSAGES/notices.po",)
    assert arabic.decoded == spanish.decoded == 3
    assert city.text("The pool opens") == "es: The pool opens"
    assert city.text("Bring a towel. Bring a cap.", "ar") == "ar: Bring a towel. ar: Bring a cap."
    assert city.messages()["The pool opens"].fuzzy


def test_the_facts_say_which_packages_made_a_draft(city: Place) -> None:
    city.translate()
    assert locale(city) == Facts(
        Origin.MACHINE, Freshness.CURRENT, Review.NONE, str(Route((EN_ES,))), 0.03
    )
    assert locale(city).packages == f"en_es@1.0#{EN_ES.sha256[:8]}"


def test_only_the_locales_that_were_asked_for(city: Place) -> None:
    assert [outcome.locale for outcome in city.translate("ar")] == ["ar"]
    assert city.text("The pool opens") == ""


def test_equal_segments_are_decoded_once_for_all_items_and_collections(tmp_path: Path) -> None:
    city = place(tmp_path, "es", collections=(NOTICES, BRIEFS))
    city.notice("a", "Closed today", "Closed today")
    city.notice("b", "Closed today", "Sorry. Closed today")
    city.write("briefs/week.txt", "Closed today\n")
    (outcome,) = city.translate()
    assert sorted(city.engine.decoded) == ["Closed today", "Sorry."]
    assert (outcome.machine, outcome.decoded, outcome.figures.segments) == (5, 2, 6)
    assert outcome.written == ("es/LC_MESSAGES/notices.po", "es/LC_MESSAGES/briefs.po")


def test_a_text_without_words_is_copied_and_decodes_nothing(city: Place) -> None:
    city.notice("pool", "2026", "**10:00**")
    (outcome,) = city.translate("es")
    assert (outcome.machine, outcome.decoded, city.text("2026")) == (2, 0, "2026")
    assert outcome.figures.segments == 0
    assert outcome.figures.score is None


def test_the_figures_are_means_over_segments(city: Place) -> None:
    figures = city.translate("es")[0].figures
    assert figures.segments == 3
    assert figures.rungs == {"first answer": 3}
    assert (figures.score, figures.fallback, figures.coverage) == (-0.1, 0.0, 1.0)


# Cost follows the change.


def test_a_second_run_decodes_nothing_and_writes_nothing(city: Place) -> None:
    city.translate()
    decoded = list(city.engine.decoded)
    before = snapshot(city.root / "locales")
    again = city.translate()
    assert [(one.decoded, one.machine, one.written) for one in again] == [(0, 0, ())] * 2
    assert city.engine.decoded == decoded
    assert snapshot(city.root / "locales") == before


def test_without_the_database_a_second_run_is_as_cheap(city: Place) -> None:
    city.translate()
    (city.root / "var" / "polypress.db").unlink()
    again = place(city.root).translate()
    assert [(one.decoded, one.written) for one in again] == [(0, ())] * 2


def test_one_changed_sentence_is_one_decoded_sentence(city: Place) -> None:
    city.translate("es")
    city.engine.decoded.clear()
    city.notice("pool", "The pool opens", "Bring a towel. Bring a green cap.")
    (outcome,) = city.translate("es")
    assert city.engine.decoded == ["Bring a green cap."]
    assert (outcome.decoded, outcome.machine) == (1, 1)
    assert city.text("Bring a towel. Bring a green cap.") == (
        "es: Bring a towel. es: Bring a green cap."
    )


def test_other_packages_or_parameters_are_asked_again(city: Place) -> None:
    city.translate("es")
    city.notice("new", "The pool opens")
    assert city.translate("es")[0].decoded == 0
    city.notice("newer", "The pool opens")
    other = city.with_(engine=FakeEngine([package_ref("en", "es", "2.0")]))
    assert other.translate("es")[0].decoded == 1


# A person's word.


def test_what_a_person_approved_edited_or_marked_survives(city: Place) -> None:
    city.notice("more", "The library", "The museum is shut.")
    city.translate("es")
    city.approve("The pool opens")
    city.approve("The library", "La biblioteca")
    city.edit("The museum is shut.", "El museo, ¿cerrado?", fuzzy=True)
    before = city.catalog().read_bytes()
    for _ in range(2):
        (outcome,) = city.translate("es")
        assert outcome.machine == 0
    texts = [(message.translation, message.fuzzy) for message in city.messages().values()]
    assert ("es: The pool opens", False) in texts
    assert ("La biblioteca", False) in texts
    assert ("El museo, ¿cerrado?", True) in texts
    assert locale(city).origin is Origin.MACHINE
    assert locale(city).review is Review.APPROVED
    assert city.facts("The library").origin is Origin.HUMAN
    assert city.facts("The museum is shut.").review is Review.NEEDS_WORK
    after = city.catalog().read_bytes()
    assert before.count(b"polypress:") - after.count(b"polypress:") == 2  # of the changed texts


def test_a_text_that_a_person_approved_goes_stale_and_stays_beside_the_draft(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    city.notice("pool", "The pool opens late", "Bring a towel. Bring a cap.")
    city.translate("es")
    message = city.messages()["The pool opens late"]
    assert message.translation == "es: The pool opens late"
    assert message.fuzzy
    assert "previous: La piscina abre" in message.comments


# Memory first.


def test_text_approved_elsewhere_is_a_draft(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    city.notice("other", "The pool opens")
    city.engine.decoded.clear()
    (outcome,) = city.translate("es")
    assert (outcome.memory, outcome.machine, city.engine.decoded) == (1, 0, [])
    drafts = [one for one in city.project.catalogs.read("es", "notices") if one.fuzzy]
    (draft,) = [one for one in drafts if one.context == "other#title"]
    assert draft.translation == "La piscina abre"
    assert any(line.startswith("polypress: memory ") for line in draft.comments)


def test_text_approved_at_the_same_place_is_ready_when_a_catalog_is_lost(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    city.translate("es")
    city.catalog().unlink()
    city.forget_history()
    (outcome,) = city.translate("es")
    assert outcome.memory == 1
    assert city.text("The pool opens") == "La piscina abre"
    assert locale(city).review is Review.APPROVED
    assert locale(city).origin is Origin.MEMORY


def test_a_catalog_that_is_taken_away_comes_back_whole(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    city.translate("es")
    before = city.messages()
    city.catalog().unlink()
    (outcome,) = city.translate("es")
    assert (outcome.memory, outcome.machine) == (0, 0)
    assert city.messages() == before


def test_an_item_that_is_renamed_takes_its_approved_texts_along(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    before = city.facts("The pool opens")
    path = city.root / "content/notices"
    (path / "pool.md").rename(path / "water.md")
    (outcome,) = city.translate("es")
    assert (outcome.memory, outcome.machine) == (0, 0)
    moved = city.messages()["The pool opens"]
    assert (moved.context, moved.translation) == ("water#title", "La piscina abre")
    assert city.facts("The pool opens") == before
    assert not any(message.obsolete for message in city.messages().values())


@pytest.mark.parametrize("text", [None, "La piscina, ¿abre?"])
def test_what_a_person_takes_back_is_forgotten(city: Place, text: str | None) -> None:
    city.translate("es")
    city.approve("The pool opens")
    city.translate("es")
    city.edit("The pool opens", text, fuzzy=True)
    city.notice("other", "The pool opens")
    (outcome,) = city.translate("es")
    assert (outcome.memory, outcome.machine) == (0, 1)


def test_memory_is_one_for_each_locale(city: Place) -> None:
    city.translate()
    city.approve("The pool opens", "La piscina abre")
    city.notice("other", "The pool opens")
    spanish, arabic = city.translate()
    assert (spanish.memory, arabic.memory) == (1, 0)


def test_memory_needs_no_route(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    city.notice("other", "The pool opens")
    (outcome,) = city.with_(engine=FakeEngine([EN_AR])).translate("es")
    assert (outcome.memory, outcome.failures) == (1, ())


# What the checks do not let through.


def test_placeholders_that_the_engine_loses_come_back_in_pieces_apart(tmp_path: Path) -> None:
    answers = {
        "Call ⟦1⟧ today.": "Llame hoy.",
        "Call": "Llame al",
        "today.": "hoy.",
    }
    city = place(tmp_path, "es", answers=answers)
    city.notice("call", "Call {phone} today.")
    (outcome,) = city.translate()
    assert city.text("Call {phone} today.") == "Llame al {phone} hoy."
    assert outcome.figures.rungs == {"pieces apart": 1}
    assert (outcome.machine, outcome.decoded) == (1, 3)


def test_a_piece_without_an_answer_is_no_text(tmp_path: Path) -> None:
    city = place(
        tmp_path, "es", answers={"Call ⟦1⟧ today.": "Llame", "Call": "Llame", "today.": ""}
    )
    city.notice("call", "Call {phone} today.")
    (outcome,) = city.translate()
    assert city.text("Call {phone} today.") == ""
    assert outcome.withheld[0].findings[0].check == "token-lost"


def test_a_later_answer_that_passes_is_taken(tmp_path: Path) -> None:
    city = place(tmp_path, "es", answers={"Call ⟦1⟧.": ["Llame.", "Llame ⟦1⟧."]})
    city.notice("call", "Call {phone}.")
    parameters = city.project.parameters.__class__(num_hypotheses=2)
    (outcome,) = city.with_(parameters=parameters).translate()
    assert city.text("Call {phone}.") == "Llame {phone}."
    assert outcome.figures.rungs == {"later answer": 1}


def test_a_number_that_the_engine_changes_goes_through_as_a_token(tmp_path: Path) -> None:
    answers = {"Bus 7 is late.": "Se retrasa.", "Bus ⟦1⟧ is late.": "Bus ⟦1⟧, tarde."}
    city = place(tmp_path, "es", answers=answers)
    city.notice("bus", "Bus 7 is late.")
    (outcome,) = city.translate()
    assert city.text("Bus 7 is late.") == "Bus 7, tarde."
    assert outcome.figures.rungs == {"numbers as tokens": 1}


def test_an_engine_that_loops_is_withheld_with_the_reason(tmp_path: Path) -> None:
    city = place(tmp_path, "es", answers={"The pool opens": "la la la la la la la la"})
    city.notice("pool", "The pool opens", "Bring a towel.")
    (outcome,) = city.translate()
    assert (outcome.machine, len(outcome.withheld)) == (1, 1)
    assert outcome.withheld[0].unit.startswith("notices:pool#title@")
    assert "repeated" in outcome.withheld[0].findings[0].message
    assert city.text("The pool opens") == ""
    assert locale(city).withheld
    assert locale(city).packages.startswith("en_es@1.0#")


def test_one_bad_sentence_withholds_its_unit_only(tmp_path: Path) -> None:
    city = place(tmp_path, "es", answers={"Bring a cap.": ""})
    city.notice("pool", "The pool opens", "Bring a towel. Bring a cap.")
    (outcome,) = city.translate()
    assert outcome.withheld[0].findings[0].check == "empty"
    assert city.text("The pool opens") == "es: The pool opens"


def test_an_answer_that_no_catalog_can_hold_is_withheld_and_told(tmp_path: Path) -> None:
    city = place(tmp_path, "es", answers={"The pool opens": "La \x1bpiscina"})
    city.notice("pool", "The pool opens")
    (outcome,) = city.translate()
    assert (outcome.machine, outcome.withheld[0].findings[0].check) == (0, "garbage")
    assert locale(city).withheld


def test_what_was_withheld_costs_nothing_and_writes_nothing_the_next_time(tmp_path: Path) -> None:
    city = place(tmp_path, "es", answers={"The pool opens": ""})
    city.notice("pool", "The pool opens")
    city.translate()
    before = snapshot(city.root / "locales")
    (outcome,) = city.translate()
    assert (outcome.decoded, len(outcome.withheld), outcome.written) == (0, 1, ())
    assert snapshot(city.root / "locales") == before


def test_what_was_withheld_is_tried_with_another_package(tmp_path: Path) -> None:
    city = place(tmp_path, "es", answers={"The pool opens": ""})
    city.notice("pool", "The pool opens")
    city.translate()
    newer = FakeEngine([package_ref("en", "es", "2.0")])
    newer.form = city.engine.form
    (outcome,) = city.with_(engine=newer).translate()
    assert (outcome.machine, city.text("The pool opens")) == (1, "es: The pool opens")


# A pivot.


def test_a_pivot_decodes_hop_by_hop_and_reuses_what_another_locale_decoded(tmp_path: Path) -> None:
    city = place(tmp_path, "es", "pt", engine=FakeEngine([EN_ES, ES_PT]))
    city.notice("a", "The pool opens")
    city.notice("b", "Bring a towel.")
    spanish, portuguese = city.translate()
    assert (spanish.decoded, portuguese.decoded) == (2, 2)
    assert city.engine.decoded == [
        "Bring a towel.", "The pool opens", "es: Bring a towel.", "es: The pool opens",
    ]  # fmt: skip
    assert city.text("The pool opens", "pt") == "pt: es: The pool opens"
    route = Route((EN_ES, ES_PT))
    assert locale(city, "pt").packages == str(route)
    assert portuguese.route == str(route)


def test_a_broken_second_package_leaves_the_first_hop_in_the_cache(tmp_path: Path) -> None:
    engine = FakeEngine([EN_ES, ES_PT], broken=[ES_PT])
    city = place(tmp_path, "pt", engine=engine)
    city.notice("a", "The pool opens")
    (outcome,) = city.translate()
    assert [type(failure) for failure in outcome.failures] == [PackageError]
    engine.broken = frozenset()
    engine.decoded.clear()
    (outcome,) = city.translate()
    assert engine.decoded == ["es: The pool opens"]
    assert (outcome.failures, outcome.decoded) == ((), 1)


# One failure stops nothing else.


def test_a_locale_without_a_route_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    city = place(tmp_path, "es", "fr", "ar")
    city.notice("pool", "The pool opens")
    spanish, french, arabic = city.translate()
    assert [type(failure) for failure in french.failures] == [RouteError]
    assert french.failures[0].fix
    assert (french.machine, french.written) == (0, ())
    assert (spanish.machine, arabic.machine) == (1, 1)
    assert city.text("The pool opens", "fr") == ""


def test_a_broken_catalog_stays_as_it_is_and_the_other_locales_go_on(city: Place) -> None:
    city.ingest()
    broken = city.catalog().read_bytes() + b'\nmsgid "unterminated\n'
    city.catalog().write_bytes(broken)
    spanish, arabic = city.translate()
    assert [type(failure) for failure in spanish.failures] == [CatalogError]
    assert arabic.machine == 2
    assert city.catalog().read_bytes() == broken


def test_a_broken_catalog_of_one_collection_lets_the_other_go_on(tmp_path: Path) -> None:
    city = place(tmp_path, "es", collections=(NOTICES, BRIEFS))
    city.notice("pool", "The pool opens")
    city.write("briefs/week.txt", "The library is shut.\n")
    city.ingest()
    city.catalog().write_text("no catalog")
    (outcome,) = city.translate()
    assert len(outcome.failures) == 1
    assert city.text("The library is shut.", domain="briefs") == "es: The library is shut."


def test_a_package_that_fails_keeps_what_the_memory_gave(city: Place) -> None:
    city.translate("es")
    city.approve("The pool opens", "La piscina abre")
    city.notice("other", "The pool opens", "Something new.")
    broken = FakeEngine([EN_ES], broken=[EN_ES])
    (outcome,) = city.with_(engine=broken).translate("es")
    assert [type(failure) for failure in outcome.failures] == [PackageError]
    assert (outcome.memory, outcome.machine) == (1, 0)
    assert outcome.written == ("es/LC_MESSAGES/notices.po",)
    assert city.text("Something new.") == ""


def test_a_catalog_that_gets_locked_is_told_with_its_exit_code(city: Place) -> None:
    ingested = city.ingest()
    from workflow.steps.translate import translate  # noqa: PLC0415 - after the lock's own step

    with FileLock(lock_path(city.root, "es", "notices")):
        spanish, arabic = translate(city.project, ingested)
    assert [type(failure) for failure in spanish.failures] == [LockedError]
    assert spanish.failures[0].exit_code == 4
    assert (spanish.written, arabic.written) == ((), ("ar/LC_MESSAGES/notices.po",))
    again = city.translate("es")[0]
    assert (again.decoded, again.machine) == (0, 2)  # the cache kept what was decoded


def test_a_unit_whose_entry_could_not_be_made_waits(city: Place) -> None:
    city.ingest()
    city.notice("new", "New one")
    with FileLock(lock_path(city.root, "es", "notices")):
        ingested = city.ingest()
    assert ingested.failures
    (outcome,) = city.translate("es")
    assert outcome.machine == 3


def test_a_damaged_database_is_told_and_no_file_is_touched(city: Place) -> None:
    city.ingest()
    before = snapshot(city.root / "locales")
    for path in (city.root / "var").glob("polypress.db-*"):
        path.unlink()
    (city.root / "var" / "polypress.db").write_bytes(b"no database" * 1_000)
    with pytest.raises(OutsideError, match="database cannot be used"):
        city.translate()
    assert snapshot(city.root / "locales") == before


def test_a_run_that_fails_in_the_cache_reports_it_and_goes_on(city: Place) -> None:
    city.translate("ar")
    with sqlite3.connect(city.root / "var" / "polypress.db") as connection:
        connection.execute("DROP TABLE segment_cache")
    connection.close()
    spanish, arabic = city.translate()
    assert [type(failure) for failure in spanish.failures] == [OutsideError]
    assert (arabic.failures, arabic.machine) == ((), 0)


def test_progress_tells_how_much_there_is(city: Place) -> None:
    from workflow.steps.translate import translate  # noqa: PLC0415 - beside its own progress

    told: list[tuple[str, int, int]] = []
    translate(city.project, city.ingest(), progress=lambda *what: told.append(what))
    assert told[0] == ("translate es", 1, 3)
    assert told[2] == ("translate es", 3, 3)
    assert told[-1] == ("translate ar", 3, 3)


def test_a_copy_of_the_project_elsewhere_says_the_same(city: Place, tmp_path: Path) -> None:
    city.translate()
    other = tmp_path / "copy"
    for part in ("content", "locales"):
        shutil.copytree(city.root / part, other / part)
    copy = place(other)
    assert [outcome.written for outcome in copy.translate()] == [(), ()]
    assert copy.catalog().read_bytes() == city.catalog().read_bytes()
