from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps.queue_for_tests import Desk, desk, rows
from workflow.errors import CancelledError
from workflow.jobs import JobState, Request
from workflow.steps import plan


@pytest.fixture
def hub(tmp_path: Path) -> Desk:
    made = desk(tmp_path)
    for number in range(6):
        made.city.notice(f"n{number}", f"Title {number}", f"Pool {number} opens. It is free.")
    return made


def test_a_job_has_the_units_that_need_a_text_and_asks_each_segment_once(hub: Desk) -> None:
    planned = hub.plan("es")
    assert (planned.machine, planned.segments, planned.failures) == (12, 18, ())
    assert hub.job().state is JobState.RUNNING
    assert (hub.job().segments, hub.job().batches) == (13, 1)  # `It is free.` six times


def test_planning_decodes_nothing(hub: Desk) -> None:
    hub.plan()
    assert hub.engine.decoded == []


def test_two_jobs_ask_the_same_segments_once(hub: Desk) -> None:
    hub.plan("es")
    hub.plan("es")
    assert hub.job(2).batches == 0
    hub.finish()
    hub.advance()
    assert hub.job(2).state is JobState.DONE


def test_the_same_content_gives_the_same_batches(hub: Desk, tmp_path: Path) -> None:
    other = desk(tmp_path / "other")
    for path in sorted((hub.city.root / "content").rglob("*.md"), reverse=True):
        other.city.write(f"notices/{path.name}", path.read_bytes())
    hub.plan()
    other.plan()
    query = "SELECT question FROM batches ORDER BY id"
    assert rows(hub, query) == rows(other, query)


def test_what_the_cache_knows_is_not_asked(hub: Desk) -> None:
    hub.city.translate("es")
    hub.city.catalog().unlink()
    hub.city.forget_history()
    hub.plan("es")
    assert hub.job().batches == 0
    assert hub.advance().settled == 1


def test_the_memory_comes_first_and_is_written_at_once(hub: Desk) -> None:
    hub.city.ingest()
    hub.city.approve("Title 1", "Título 1")
    hub.city.translate("es")
    hub.city.notice("n9", "Title 1", "Other.", item="again")
    planned = hub.plan("es")
    assert (planned.memory, planned.machine) == (1, 1)


def test_a_locale_without_a_route_is_a_failure_of_the_job_and_stops_no_other(
    tmp_path: Path,
) -> None:
    hub = desk(tmp_path, "es", "fr")
    hub.city.notice("a", "Title", "Body.")
    planned = hub.plan()
    assert len(planned.failures) == 1
    hub.finish()
    assert hub.job().state is JobState.PARTIAL
    (failure,) = hub.job().failures
    assert failure.locale == "fr"
    assert hub.city.text("Body.") == "es: Body."


def test_only_the_items_that_were_named_are_planned(hub: Desk) -> None:
    assert hub.plan("es", items=("n3",), urgent=True).machine == 2


def test_chunks_are_bounded(hub: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "UNITS", 5)
    hub.plan("es")
    assert rows(hub, "SELECT units FROM chunks ORDER BY id") == [(5,), (5,), (2,)]
    hub.finish()
    assert hub.job().units_done == 12


def test_a_job_that_is_planned_again_takes_what_is_left(hub: Desk) -> None:
    hub.plan()
    hub.finish()
    hub.city.notice("new", "New", "Text.")
    hub.ledger.again(1, forget=False)
    request = hub.job().request
    planned = plan.Planning(hub.project, hub.ledger, 1).all(hub.city.ingest(), request)
    assert planned.machine == 6
    hub.finish()
    assert hub.job().state is JobState.DONE


def test_a_job_that_is_cancelled_while_it_is_planned_stays_cancelled(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "UNITS", 5)
    request = Request(("es", "ar"))
    ingested = hub.city.ingest()
    job = hub.ledger.begin(request, "2026-01-31T12:00:00+00:00")

    def cancel(_what: str, done: int, _total: int) -> None:
        if done == 10:
            assert hub.ledger.cancel(job)

    with pytest.raises(CancelledError):
        plan.Planning(hub.project, hub.ledger, job, cancel).all(ingested, request)
    hub.ledger.planned(job, JobState.RUNNING)
    hub.turn()
    hub.work()
    assert hub.advance().settled == 0
    assert hub.job().state is JobState.CANCELLED
    assert hub.queue.sent == []
