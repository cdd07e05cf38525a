"""Saves at any moment of a run, and runs of a part: nothing that is to be done is left out."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

import pytest

from tests.steps.project_for_tests import Place, place
from tests.steps.queue_for_tests import desk
from tests.steps.survey_for_tests import (
    BOTH,
    drafted,
    notice,
    run,
    saved_unnoticed,
    two_collections,
)
from workflow import signature
from workflow.jobs import Request
from workflow.steps.ingest import ingest
from workflow.steps.plan import Planning
from workflow.steps.unchanged import surveyed


@pytest.fixture
def city(tmp_path: Path) -> Place:
    return two_collections(tmp_path)


def test_a_save_right_after_the_last_write_is_seen(city: Place) -> None:
    city.notice("pool", "The pool opens", "Bring a cap.")
    survey = surveyed(city.project, city.project.locales)
    ran = drafted(survey)
    saved_unnoticed(city.catalog(), b"es: Bring a cap", b"es: Carry a cap")
    survey.keep(ran.ingested.contents)
    assert run(city).read == ("notices",)


@pytest.mark.parametrize("title", ["The pool opens", "The pool shuts"])
def test_an_approval_between_two_steps_of_a_run_is_learned_by_the_next_one(
    city: Place, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    """With and without a draft to be written into the same catalog afterwards."""

    def slow(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 (whatever the step takes)
        if not saves:
            saves.append(city.catalog().read_bytes().replace(b"#, fuzzy\n", b"", 1))
            city.catalog().write_bytes(saves[0])
        return genuine(*arguments, **more)

    genuine = city.project.memory.version
    saves: list[bytes] = []
    city.notice("pool", title, "Bring a towel.")
    monkeypatch.setattr(type(city.project.memory), "version", staticmethod(slow))
    assert run(city).read == ("notices",)
    monkeypatch.undo()
    assert city.project.memory.version("es") == 0
    assert run(city).read == ("notices",)
    assert city.project.memory.version("es") == 1
    assert run(city).left_out == BOTH


def test_content_that_changes_after_it_was_looked_at_is_read_again(city: Place) -> None:
    city.notice("pool", "The pool opens", "Bring a cap.")
    survey = surveyed(city.project, city.project.locales)
    ran = drafted(survey)
    saved_unnoticed(notice(city), b"a cap", b"a hat")
    survey.keep(ran.ingested.contents)
    assert run(city).read == ("notices",)
    assert city.text("Bring a hat.") == "es: Bring a hat."


def test_a_file_of_this_very_moment_is_relied_on_after_a_tick(city: Place) -> None:
    city.notice("pool", "The pool opens", "Bring a cap.")
    assert run(city).read == ("notices",)
    assert run(city).left_out == BOTH


def test_on_a_drive_without_times_of_change_all_is_read_by_every_run(
    city: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.notice("pool", "The pool opens", "Bring a cap.")
    monkeypatch.setattr(signature, "keeps_change", lambda _: False)
    assert run(city).read == run(city).read == ("notices",)


def test_what_is_upgraded_in_the_middle_of_a_run_leaves_no_trace(city: Place) -> None:
    assert city.project.lookout
    rules = ["rules"]
    lookout = dataclasses.replace(city.project.lookout, rules=lambda: rules[-1])
    city = city.with_(lookout=lookout)
    city.notice("pool", "The pool opens", "Bring a cap.")
    survey = surveyed(city.project, city.project.locales)
    rules.append("other rules")
    survey.keep(drafted(survey).ingested.contents)
    rules.pop()
    assert run(city).read == ("notices",)
    assert run(city).left_out == BOTH


@pytest.mark.parametrize("where", ["steps.listing", "adapters.pofile.standing"])
def test_where_the_clock_of_files_is_coarse_nothing_young_is_relied_on(
    city: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    later = time.time_ns() + 10 * signature.COARSE
    monkeypatch.setattr(f"workflow.{where}.ripe", lambda _: later)
    city.notice("pool", "The pool opens", "Bring a cap.")
    assert run(city).read == run(city).read == ("notices",)
    monkeypatch.undo()
    assert run(city).read == ("notices",)
    assert run(city).left_out == BOTH


# Parts of a run.


def test_one_locale_is_left_out_as_soon_as_it_is_done(tmp_path: Path) -> None:
    made = place(tmp_path, "es", "ar")
    made.notice("pool", "The pool opens")
    assert run(made, "es").read == ("notices",)
    assert run(made, "es").left_out == ("notices",)
    assert run(made).read == ("notices",)
    assert made.text("The pool opens", "ar") == "ar: The pool opens"
    assert run(made).left_out == ("notices",)


def test_one_locale_read_again_leaves_the_others_done(city: Place) -> None:
    city.approve("The pool opens")
    assert run(city, "es").read == ("notices",)
    assert run(city).left_out == BOTH


def test_single_items_do_not_count_for_their_collection(city: Place) -> None:
    city.notice("pool", "The pool opens", "Bring a cap.")
    city.notice("park", "The park shuts", "Leave by ten.")
    assert run(city, items=("pool",)).left_out == ("briefs",)
    assert (city.text("Bring a cap."), city.text("Leave by ten.")) == ("es: Bring a cap.", "")
    assert run(city).read == ("notices",)
    assert city.text("Leave by ten.") == "es: Leave by ten."


def test_planning_leaves_out_what_has_nothing_for_the_machine(tmp_path: Path) -> None:
    hub = desk(tmp_path, "es", answers={"The zoo opens": ""})
    project = hub.project
    request = Request(project.locales)

    def plan() -> tuple[str, ...]:
        survey = surveyed(project, project.locales, whole=True)
        found = ingest(project, unchanged=survey.unchanged)
        job = hub.ledger.begin(request, project.clock.now())
        Planning(project, hub.ledger, job, note=survey.note).all(found, request)
        survey.keep(found.contents)
        hub.finish()
        return tuple(one.collection for one in survey.unchanged)

    hub.city.notice("pool", "The pool opens")
    assert [plan(), plan(), plan()] == [(), (), ("notices",)]
    hub.city.notice("zoo", "The zoo opens")
    assert [plan(), plan(), plan()] == [()] * 3
    assert run(hub.city).read == ("notices",)
    assert run(hub.city).left_out == ("notices",)
    assert plan() == ()
