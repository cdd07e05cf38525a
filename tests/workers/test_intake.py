from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.fake_dispatcher import answers
from tests.steps.queue_for_tests import Desk, desk
from workers import intake as module
from workers.celeryapp import Unfinished
from workers.intake import Intake
from workers.messages import Refusal, answer_body, order_body, read_order, refusal_body
from workers.pace import PACE
from workflow.errors import OutsideError
from workflow.jobs import Batch
from workflow.ports import Hypotheses


@pytest.fixture
def hub(tmp_path: Path) -> Desk:
    made = desk(tmp_path, "es")
    made.city.notice("a", "Title", "Body.")
    made.plan()
    made.turn()
    return made


def body(batch: Batch, found: dict[str, Hypotheses]) -> dict[str, object]:
    return answer_body(read_order(order_body(batch)), "w", found)


def test_an_answer_is_kept_and_counted_once(hub: Desk) -> None:
    (batch,), heard = hub.queue.sent, []
    intake = Intake(hub.ledger, counted=heard.append)
    for _ in range(3):
        intake(body(batch, answers(batch, hub.engine)))
    assert (hub.job().batches_done, hub.job().segments_done, len(heard)) == (1, 2, 1)
    assert intake.pace() == {1: pytest.approx(2 / PACE, abs=0.01)}
    assert intake.arrived.is_set()


def test_half_an_answer_is_kept_but_does_not_end_the_batch(hub: Desk) -> None:
    (batch,) = hub.queue.sent
    found = answers(batch, hub.engine)
    (key, best), *_ = found.items()
    intake = Intake(hub.ledger)
    intake(body(batch, {key: best}))
    assert hub.job().batches_done == 0
    intake(body(batch, found))
    assert hub.job().batches_done == 1


@pytest.mark.parametrize("change", [{"batch": 99}, {"job": 99, "batch": 0}])
def test_an_answer_to_nothing_changes_nothing(hub: Desk, change: dict[str, int]) -> None:
    (batch,) = hub.queue.sent
    Intake(hub.ledger)(body(batch, answers(batch, hub.engine)) | change)
    assert hub.job().batches_done == 0


def test_answers_that_were_not_asked_for_are_not_kept(hub: Desk) -> None:
    (batch,) = hub.queue.sent
    best = next(iter(answers(batch, hub.engine).values()))
    Intake(hub.ledger)(body(batch, {"f" * 64: best}))
    assert hub.job().batches_done == 0
    with sqlite3.connect(hub.city.root / "var" / "polypress.db") as connection:
        assert connection.execute("SELECT count(*) FROM segment_cache").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("payload", [None, 5, "text", [], {}, {"v": 2}, {"v": 1, "batch": "1"}])
def test_what_is_no_answer_is_dropped(hub: Desk, payload: object) -> None:
    Intake(hub.ledger)(payload)
    assert hub.job().batches_done == 0


def test_a_refusal_waits_for_the_next_round(hub: Desk) -> None:
    (batch,) = hub.queue.sent
    intake, refusal = Intake(hub.ledger), Refusal(kind="package", message="w: has another")
    intake(refusal_body(order_body(batch), "w", refusal))
    assert intake.refusals.get_nowait() == (batch.id, refusal)


@pytest.mark.parametrize("change", [{"score": float("nan")}, {"text": "a" * 2_000_000}])
def test_an_answer_that_no_hub_can_keep_counts_as_a_failure_of_its_batch(
    hub: Desk, change: dict[str, object]
) -> None:
    (batch,) = hub.queue.sent
    wrong = body(batch, answers(batch, hub.engine))
    wrong["segments"][0]["hypotheses"][0].update(change)  # type: ignore[index]
    intake = Intake(hub.ledger)
    intake(wrong)
    number, refusal = intake.refusals.get_nowait()
    assert (number, refusal.kind) == (batch.id, "failed")
    assert "segments.0.hypotheses.0" in refusal.message
    assert intake.arrived.is_set()


def test_while_the_disk_refuses_an_answer_waits(hub: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    (batch,), tries = hub.queue.sent, []
    keep = hub.ledger.answer

    def refusing(number: int, found: dict[str, Hypotheses]) -> bool:
        tries.append(number)
        if len(tries) < 3:
            raise OutsideError("disk full")
        return keep(number, found)

    monkeypatch.setattr(hub.ledger, "answer", refusing)
    Intake(hub.ledger)(body(batch, answers(batch, hub.engine)))
    assert len(tries) == 3
    assert hub.job().batches_done == 1


def test_a_hub_that_ends_while_the_disk_refuses_leaves_the_answer(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (batch,) = hub.queue.sent
    monkeypatch.setattr(hub.ledger, "answer", full)
    intake = Intake(hub.ledger)
    intake.ending.set()
    with pytest.raises(Unfinished):
        intake(body(batch, answers(batch, hub.engine)))


def full(_number: int, _found: dict[str, Hypotheses]) -> bool:
    raise OutsideError("disk full")
