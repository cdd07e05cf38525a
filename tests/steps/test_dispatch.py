from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps.queue_for_tests import Desk, desk, rows
from workflow import batching
from workflow.errors import OutsideError
from workflow.jobs import Batch, JobState
from workflow.steps.dispatch import CRASHED, FORGOTTEN, LOST, OVERDUE


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Twelve batches of one segment each."""
    monkeypatch.setattr(batching, "LARGEST", 1)
    made = desk(tmp_path, "es")
    for number in range(12):
        made.city.notice(f"n{number:02}", f"Title {number:02}")
    made.plan()
    return made


def numbers(hub: Desk) -> list[int]:
    return [batch.id for batch in hub.queue.sent]


def test_a_queue_gets_a_bounded_window(hub: Desk) -> None:
    hub.turn()
    hub.turn()
    assert numbers(hub) == [1, 2, 3, 4]
    batch = hub.queue.take()
    assert batch
    hub.queue.answer(hub.ledger, batch, hub.engine)
    hub.turn()
    assert numbers(hub) == [1, 2, 3, 4, 5]


def test_the_window_grows_with_the_threads_of_the_workers(hub: Desk) -> None:
    hub.queue.threads = 5
    hub.turn()
    hub.queue.take()
    hub.turn()
    assert len(numbers(hub)) == 10


def test_an_urgent_job_overtakes_although_the_window_is_full(hub: Desk) -> None:
    hub.turn()
    hub.city.notice("urgent", "Storm tonight")
    hub.plan("es", items=("urgent",), urgent=True)
    hub.turn()
    batch = hub.queue.take()
    assert batch
    assert batch.question.texts == ("Storm tonight",)


def test_what_an_urgent_job_shares_with_a_bulk_job_hurries(hub: Desk) -> None:
    hub.plan("es", items=("n11",), urgent=True)
    hub.turn()
    assert hub.queue.take().question.texts == ("Title 11",)  # type: ignore[union-attr]


def test_while_redis_is_down_nothing_counts_as_sent(hub: Desk) -> None:
    hub.queue.down = True
    with pytest.raises(OutsideError):
        hub.turn()
    hub.queue.down = False
    hub.turn()
    assert numbers(hub) == [1, 2, 3, 4]


def test_after_redis_lost_everything_all_that_was_sent_is_sent_again(hub: Desk) -> None:
    hub.turn()
    hub.queue.lose()
    assert hub.turn().again == tuple((batch, FORGOTTEN) for batch in (1, 2, 3, 4))
    assert numbers(hub) == [1, 2, 3, 4] * 2
    assert [batch.attempt for batch in hub.queue.sent] == [1] * 4 + [2] * 4


def test_a_message_that_the_broker_lost_is_sent_again_once_a_later_one_passed_it(
    hub: Desk,
) -> None:
    hub.turn()
    lost = hub.queue.queues[hub.queue.sent[0].question.package].pop(0)
    batch = hub.queue.take()
    assert batch
    hub.queue.answer(hub.ledger, batch, hub.engine)
    assert hub.turn().again == ()
    assert hub.turn(after=11).again == ((lost.id, LOST),)


def test_a_message_that_waits_in_its_queue_is_not_lost(hub: Desk) -> None:
    hub.turn()
    for _ in range(20):
        assert hub.turn(after=10).again == ()


def test_a_batch_at_a_slow_worker_is_not_lost(hub: Desk) -> None:
    hub.turn()
    slow = hub.queue.take("slow")
    assert slow
    for _ in range(3):
        batch = hub.queue.take("quick")
        assert batch
        hub.queue.answer(hub.ledger, batch, hub.engine)
        assert hub.turn(after=60).again == ()


def test_a_batch_that_hangs_at_a_worker_is_overdue_once_and_what_waits_behind_it_is_not(
    hub: Desk,
) -> None:
    hub.turn()
    hub.queue.take("stuck")
    turn = hub.turn(after=301)
    assert (turn.again, turn.overdue) == (((1, OVERDUE),), 1)
    for _ in range(10):
        assert hub.turn(after=301).again == ()


def test_a_queue_that_nobody_serves_is_not_flooded(hub: Desk) -> None:
    for _ in range(20):
        hub.turn(after=301)
    assert numbers(hub) == [1, 2, 3, 4]


def test_what_redis_took_before_it_refused_is_not_sent_twice(
    hub: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = hub.queue.send

    def full(batches: list[Batch]) -> None:
        if batches[0].id == 3:
            raise OutsideError("Redis is full")
        send(batches)

    monkeypatch.setattr(hub.queue, "send", full)
    for _ in range(5):
        with pytest.raises(OutsideError):
            hub.turn()
    assert numbers(hub) == [1, 2]


def test_an_old_copy_that_comes_late_makes_nothing_lost(hub: Desk) -> None:
    hub.turn()
    first = hub.queue.take("slow")
    assert first
    hub.turn(after=301)  # a copy of it is sent behind the others
    batch = hub.queue.queues[first.question.package][-1]
    assert batch.id == first.id
    hub.queue.answer(hub.ledger, first, hub.engine)
    for _ in range(3):
        assert hub.turn(after=20).again == ()


def test_slow_workers_that_get_on_make_nothing_overdue(hub: Desk) -> None:
    hub.turn()
    for _ in range(4):
        batch = hub.queue.take()
        assert batch
        hub.queue.answer(hub.ledger, batch, hub.engine)
        assert hub.turn(after=200).again == ()


def test_the_batches_of_a_dead_worker_are_sent_again_at_once(hub: Desk) -> None:
    hub.turn()
    hub.queue.take()
    hub.queue.take()
    hub.queue.kill()
    assert hub.turn().again == ((1, CRASHED), (2, CRASHED))
    assert [batch.alone for batch in hub.queue.sent[4:]] == [True, True]
    assert rows(hub, "SELECT max(crashes) FROM batches") == [(0,)], "nobody knows which it was"


def test_a_batch_that_only_waited_at_a_dead_worker_is_not_suspected(hub: Desk) -> None:
    hub.turn()
    hub.queue.take()
    hub.queue.take()
    hub.queue.kill(waiting=1)
    hub.turn()
    assert rows(hub, "SELECT id, crashes, alone FROM batches WHERE id < 3 ORDER BY id") == [
        (1, 1, 1),
        (2, 0, 0),
    ]


def crash(hub: Desk, batch: int) -> None:
    """A worker takes this very batch, and dies."""
    hub.turn()
    (found,) = (one for queue in hub.queue.queues.values() for one in queue if one.id == batch)
    hub.queue.queues[found.question.package].remove(found)
    hub.queue.workers["w"] = [found]
    hub.queue.kill()


def test_a_batch_of_one_segment_is_set_aside_after_three_crashes_and_the_job_goes_on(
    hub: Desk,
) -> None:
    for _ in range(3):
        crash(hub, 1)
    assert hub.turn().aside == (1,)
    hub.finish()
    assert hub.job().state is JobState.PARTIAL
    (failure,) = hub.job().failures
    assert "crashed its worker 3 times" in failure.reason
    assert hub.city.text("Title 00") == ""
    assert not hub.city.facts("Title 00").withheld
    assert hub.city.text("Title 01") == "es: Title 01"


def test_what_is_set_aside_is_not_asked_again_until_somebody_says_so(hub: Desk) -> None:
    for _ in range(3):
        crash(hub, 1)
    hub.finish()
    hub.plan("es")
    hub.finish()
    assert hub.job(2).state is JobState.PARTIAL
    hub.ledger.again(2, forget=True)
    hub.plan("es")
    hub.finish()
    assert hub.city.text("Title 00") == "es: Title 00"


def test_a_large_batch_that_crashes_is_cut_down_to_the_segment_that_is_the_cause(
    tmp_path: Path,
) -> None:
    hub = desk(tmp_path, "es")
    for number in range(40):
        hub.city.notice(f"n{number:02}", f"Title {number:02}")
    hub.plan()
    for _ in range(200):
        hub.turn()
        while batch := hub.queue.take():
            if "Title 07" in batch.question.texts:
                hub.queue.kill()
                break
            hub.queue.answer(hub.ledger, batch, hub.engine)
        if hub.advance().ended:
            break
    assert hub.job().state is JobState.PARTIAL
    (failure,) = hub.job().failures
    assert hub.city.text("Title 07") == ""
    assert hub.city.text("Title 08") == "es: Title 08"
    assert "#title" in failure.unit


def test_a_batch_that_its_worker_refused_is_sent_again_after_a_while(hub: Desk) -> None:
    hub.turn()
    batch = hub.queue.take()
    assert batch
    hub.queue.workers.clear()
    hub.dispatch.refused(batch.id, "w: has another package")
    hub.turn()
    assert 1 not in numbers(hub)[4:]
    assert "w: has another package" in hub.job().notes
    hub.work()
    hub.turn(after=11)
    assert 1 in numbers(hub)[4:]


def test_an_engine_that_fails_three_times_at_a_segment_sets_it_aside(hub: Desk) -> None:
    for _ in range(3):
        hub.turn()
        hub.queue.queues.clear()
        hub.dispatch.failed(1, "MemoryError")
    hub.queue.lose()
    hub.finish()
    (failure,) = hub.job().failures
    assert "MemoryError" in failure.reason


def test_after_a_restart_of_the_hub_what_is_under_way_is_awaited(hub: Desk) -> None:
    hub.turn()
    hub.restart()
    assert hub.turn().again == ()
    hub.finish()
    assert hub.job().state is JobState.DONE
    assert hub.job().again == 0
