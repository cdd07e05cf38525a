from __future__ import annotations

from pathlib import Path
from random import Random
from threading import Thread

import pytest

from tests.steps.project_for_tests import snapshot
from tests.steps.queue_for_tests import Desk, desk, rows
from workflow.adapters.files import locked
from workflow.adapters.pofile.places import lock_path
from workflow.adapters.sqlite import ledger_asking, ledger_jobs
from workflow.jobs import Failure, JobState
from workflow.steps import advance as advance_module
from workflow.steps import plan
from workflow.steps.project import Collection, Project

BODY = "The **pool** opens at 9:00. Call `112` now.\n\nIt is free."


def filled(root: Path) -> Desk:
    made = desk(root)
    for number in range(5):
        made.city.notice(f"n{number}", f"Title {number}", BODY)
    return made


@pytest.fixture
def hub(tmp_path: Path) -> Desk:
    return filled(tmp_path / "queue")


def catalogs(hub: Desk) -> dict[str, bytes]:
    root = hub.city.root / "locales"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.po")}


def test_the_queue_gives_the_bytes_of_a_local_run(hub: Desk, tmp_path: Path) -> None:
    local = filled(tmp_path / "local")
    local.city.translate()
    hub.plan()
    hub.finish()
    assert catalogs(hub) == catalogs(local)
    assert hub.job().state is JobState.DONE
    assert sorted(set(hub.engine.decoded)) == sorted(set(local.engine.decoded))


def test_a_pivot_is_chained_hop_by_hop(hub: Desk) -> None:
    hub.plan("pt")
    hub.finish()
    assert hub.city.text("It is free.", "pt") == "pt: es: It is free."


def test_what_fails_its_checks_is_asked_in_other_forms(tmp_path: Path) -> None:
    made = desk(tmp_path, "es", answers={"Call 112 now.": "Llame ahora."})
    made.city.notice("a", "Call 112 now.")
    made.plan()
    made.finish()
    assert "112" in made.city.text("Call 112 now.")
    assert made.job().batches == 2


def test_a_text_that_no_form_can_save_is_withheld(tmp_path: Path) -> None:
    made = desk(tmp_path, "es", answers={"Call now.": ""})
    made.city.notice("a", "Call now.")
    made.plan()
    made.finish()
    assert made.city.facts("Call now.").withheld
    assert (made.job().state, made.job().withheld) == (JobState.DONE, 1)


def test_many_chunks_of_a_catalog_settle_in_one_write(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "UNITS", 3)
    hub.plan("es")
    hub.turn()
    hub.work()
    done = hub.advance()
    assert done.settled > 1
    assert done.written == ("es/LC_MESSAGES/notices.po",)


def test_an_answer_that_comes_twice_or_late_changes_nothing(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    batches = [hub.queue.take() for _ in hub.queue.sent]
    for batch in batches:
        assert batch
        assert hub.queue.answer(hub.ledger, batch, hub.engine)
    hub.finish()
    before = snapshot(hub.city.root / "locales")
    for batch in batches:
        assert batch
        assert not hub.queue.answer(hub.ledger, batch, hub.engine)
    hub.advance()
    assert snapshot(hub.city.root / "locales") == before


def test_an_answer_for_a_unit_that_changed_meanwhile_goes_nowhere(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    hub.city.notice("n1", "Another title", BODY)
    hub.city.ingest()
    hub.work()
    hub.finish()
    assert hub.city.text("Another title") == ""


def test_what_a_person_wrote_meanwhile_stays(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    hub.city.edit("Title 1", "Título uno")
    hub.city.edit("Title 2", "Título dos", fuzzy=True)
    hub.finish()
    assert hub.city.text("Title 1") == "Título uno"
    assert hub.city.text("Title 2") == "Título dos"


def test_a_stale_save_over_the_hubs_work_is_mended_at_the_end(hub: Desk) -> None:
    path = hub.city.catalog()
    hub.plan("es", "ar")
    old = path.read_bytes()
    hub.turn()
    while batch := hub.queue.take():
        if batch.question.package.target == "es":
            hub.queue.answer(hub.ledger, batch, hub.engine)
    hub.advance()
    assert path.read_bytes() != old
    path.write_bytes(old)
    hub.queue.workers.clear()
    hub.restart()
    hub.finish(rounds=80)
    assert hub.city.text("Title 1") == "es: Title 1"


def test_a_locked_catalog_holds_up_only_its_own_chunks_and_says_why(hub: Desk) -> None:
    hub.plan("es", "ar")
    hub.turn()
    hub.work()
    with locked(lock_path(hub.city.root, "es", "notices")):
        done = hub.advance()
    assert done.written == ("ar/LC_MESSAGES/notices.po",)
    assert len(done.failures) == 1
    assert "lock" in hub.job().notes[0]
    hub.finish()
    assert (hub.job().state, hub.job().notes) == (JobState.DONE, ())


def test_a_broken_catalog_waits_until_somebody_mends_it(hub: Desk) -> None:
    path = hub.city.catalog()
    hub.plan("es")
    good = path.read_bytes()
    path.write_bytes(good + b'\nmsgid "open\n')
    hub.turn()
    hub.work()
    hub.advance()
    assert "notices.po" in hub.job().notes[0]
    path.write_bytes(good)
    hub.finish()
    assert hub.city.text("Title 1") == "es: Title 1"


def test_a_catalog_that_breaks_before_the_last_look_is_told_until_it_is_mended(hub: Desk) -> None:
    path = hub.city.catalog()
    hub.plan("es")
    hub.turn()
    hub.work()
    (chunk,) = hub.ledger.ready(5)
    hub.ledger.settle(chunk.id, machine=0, withheld=0, failures=[])
    good = path.read_bytes()
    path.write_bytes(good + b'\nmsgid "open\n')
    assert hub.advance().ended == ()
    assert "notices.po" in hub.job().notes[0]
    path.write_bytes(good)
    hub.finish()
    assert (hub.job().state, hub.job().notes) == (JobState.DONE, ())


def test_without_the_cache_the_job_asks_again_and_ends(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    hub.work()
    rows(hub, "DELETE FROM segment_cache")
    hub.finish()
    assert hub.job().state is JobState.DONE
    assert hub.city.text("Title 1") == "es: Title 1"


def test_a_collection_that_is_gone_is_a_failure_of_its_units(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    hub.work()
    hub.city = hub.city.with_(collections=())
    hub.advance()
    assert hub.job().state is JobState.PARTIAL
    assert "no longer in polypress.toml" in hub.job().failures[0].reason


def test_cancelling_settles_nothing_more_but_keeps_what_comes(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    assert hub.ledger.cancel(1)
    assert not hub.ledger.cancel(1)
    hub.work()
    hub.advance()
    assert hub.job().state is JobState.CANCELLED
    assert hub.city.text("Title 1") == ""
    hub.plan("es")
    assert hub.job(2).batches == 0, "the late answers are in the cache"


def test_cancelling_leaves_what_another_job_waits_for(hub: Desk) -> None:
    hub.plan("es")
    hub.plan("es", items=("n1",), urgent=True)
    hub.ledger.cancel(1)
    hub.finish()
    assert hub.job(2).state is JobState.DONE
    assert hub.city.text("Title 1") == "es: Title 1"
    assert hub.city.text("Title 2") == ""


def test_a_job_that_is_over_leaves_no_texts_in_the_ledger(hub: Desk) -> None:
    hub.plan()
    hub.finish()
    assert rows(hub, "SELECT DISTINCT work FROM chunks") == [("",)]
    assert rows(hub, "SELECT DISTINCT question FROM batches") == [("",)]
    assert rows(hub, "SELECT * FROM asked UNION SELECT * FROM waits") == []


def test_an_answer_in_the_middle_of_a_question_leaves_nobody_waiting_for_ever(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.plan("es")
    hub.turn()
    batch = hub.queue.take()
    assert batch
    found, threads = ledger_asking.rows_with, []

    def in_the_middle(*asked: object) -> list[tuple[int, int]]:
        result = found(*asked)  # type: ignore[arg-type]
        if not threads:
            answer = Thread(target=hub.queue.answer, args=(hub.ledger, batch, hub.engine))
            threads.append(answer)
            answer.start()
            answer.join(0.2)
        return result

    monkeypatch.setattr(ledger_asking, "rows_with", in_the_middle)
    hub.plan("es")
    threads[0].join()
    monkeypatch.undo()
    hub.finish()
    hub.advance()
    assert [hub.job(number).state for number in (1, 2)] == [JobState.DONE, JobState.DONE]


def test_a_wait_for_a_batch_that_is_over_is_none(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    hub.work()
    rows(hub, "INSERT INTO waits SELECT batches.id, chunks.id FROM batches, chunks")
    assert hub.advance().settled == 1


def test_chunks_that_are_held_up_let_all_others_pass(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "UNITS", 2)
    monkeypatch.setattr(advance_module, "AT_ONCE", 3)
    path = hub.city.catalog()
    hub.plan("es", "ar")
    good = path.read_bytes()
    path.write_bytes(good + b'\nmsgid "open\n')
    for _ in range(12):
        hub.turn()
        hub.work()
        hub.advance()
    assert hub.city.text("Title 4", "ar") == "ar: Title 4"
    path.write_bytes(good)
    hub.finish()
    assert hub.city.text("Title 4") == "es: Title 4"


def test_an_error_that_should_not_be_stops_one_catalog_and_is_told(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.plan("es", "ar")
    hub.turn()
    hub.work()
    merge = advance_module.merged

    def broken(project: Project, collection: Collection, locale: str, results: object) -> list[str]:
        if locale == "es":
            raise KeyError("a text")
        return merge(project, collection, locale, results)  # type: ignore[arg-type]

    monkeypatch.setattr(advance_module, "merged", broken)
    (failure,) = hub.advance().failures
    assert "KeyError" in str(failure)
    assert "a text" not in str(failure)
    assert hub.city.text("Title 1", "ar") == "ar: Title 1"
    monkeypatch.undo()
    hub.finish()


def test_a_job_that_was_cancelled_in_the_last_moment_is_not_done(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.plan("es")
    hub.turn()
    hub.work()
    figures = hub.ledger.figures

    def cancelled(job: int) -> object:
        assert hub.ledger.cancel(job)
        return figures(job)

    monkeypatch.setattr(hub.ledger, "figures", cancelled)
    assert hub.advance().ended == ()
    monkeypatch.undo()
    assert hub.job().state is JobState.CANCELLED


def test_a_late_answer_to_what_was_set_aside_heals_the_job(hub: Desk) -> None:
    hub.plan("es")
    hub.turn()
    batch = hub.queue.take()
    assert batch
    hub.ledger.set_aside(batch.id, "it crashed")
    hub.queue.lose()
    hub.queue.workers.clear()
    chunks = hub.ledger.ready(5)
    assert len(chunks) == 1
    hub.queue.answer(hub.ledger, batch, hub.engine)
    hub.ledger.fail(1, [Failure("es", unit.id, "it crashed") for unit in chunks[0].work.units])
    hub.ledger.settle(chunks[0].id, machine=0, withheld=0, failures=[])
    hub.finish()
    assert (hub.job().state, hub.job().failures) == (JobState.DONE, ())


def test_a_database_that_was_moved_away_is_made_again(hub: Desk) -> None:
    hub.plan("es")
    for path in (hub.city.root / "var").glob("polypress.db*"):
        path.rename(path.with_name(f"old-{path.name}"))
    assert hub.ledger.figures() == ()
    hub.plan("es")
    hub.finish()
    assert hub.city.text("Title 1") == "es: Title 1"


def test_only_so_many_jobs_that_are_over_are_remembered(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_jobs, "KEPT", 2)
    for _ in range(5):
        hub.ledger.cancel(hub.plan("es").job)
    assert [job.id for job in hub.ledger.figures()] == [5, 4, 3]
    assert rows(hub, "SELECT DISTINCT job FROM batches ORDER BY job") == [(3,), (4,), (5,)]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_lost_doubled_or_killed_the_job_ends_with_the_same_bytes(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    local, hub = filled(tmp_path / "local"), filled(tmp_path / "queue")
    local.city.translate()
    hub.plan()
    for _ in range(30):
        if hub.job().state is JobState.RUNNING:
            _disturbed(hub, chance)
    hub.restart()
    if hub.job().state is JobState.RUNNING:
        hub.finish(rounds=100)
    assert catalogs(hub) == catalogs(local)
    assert hub.job().state is JobState.DONE


def _disturbed(hub: Desk, chance: Random) -> None:
    hub.turn(after=20 * chance.random())
    what = chance.choice(["lose", "restart", "kill", "", "", "", ""])
    if what == "lose":
        hub.queue.lose()
    elif what == "restart":
        hub.restart()
    elif what == "kill" and hub.queue.workers:
        hub.queue.kill(chance.choice(sorted(hub.queue.workers)))
    batch = hub.queue.take(chance.choice("abc"))
    if batch and chance.random() < 0.6:
        for _ in range(chance.randint(1, 3)):
            hub.queue.answer(hub.ledger, batch, hub.engine)
    if chance.random() < 0.3:
        hub.advance()
