"""The hub's rounds, moved by hand: what they do when something refuses or stalls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fake_dispatcher import FakeDispatcher
from tests.steps.queue_for_tests import Desk, Watch, desk
from workers import alive, sending
from workers.intake import Intake
from workers.messages import Refusal
from workers.sending import Sending
from workers.settling import Settling
from workers.stall import Stall
from workflow.errors import OutsideError
from workflow.jobs import Batch, Look
from workflow.model import PackageRef

FAILED = Refusal(kind="failed", message="w: MemoryError")


class Queue(FakeDispatcher):
    """A queue in which answers wait."""

    answers = 0

    def look(self, packages: Iterable[PackageRef]) -> Look:
        return dataclasses.replace(super().look(packages), answers=self.answers)


class Lease:
    def keep(self) -> None:
        """It is ours."""


class Process:
    ends: tuple[str, ...] = ()

    def stop(self) -> None:
        self.ends += ("stop",)

    def give_up(self) -> None:
        self.ends += ("give up",)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(alive.VARIABLE, str(tmp_path / "alive"))


@pytest.fixture
def table(tmp_path: Path) -> Desk:
    made = desk(tmp_path, "es")
    made.queue = Queue()
    made.city.notice("a", "Title", "Body.")
    made.plan()
    return made


@pytest.fixture
def hub(table: Desk) -> Sending:
    lease: Any = Lease()
    return Sending(
        table.project,
        table.ledger,
        table.dispatch,
        lease,
        Intake(table.ledger),
        Settling(table.project, table.ledger),
        Process(),
    )


def refusing(*_: object, **__: object) -> None:
    raise OutsideError("the disk is full")


def test_a_word_that_cannot_be_written_is_said_once_and_stops_nothing(
    hub: Sending, table: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table.ledger, "write_snapshot", refusing)
    with capture_logs() as logs:
        turns = [hub.round().turn for _ in range(3)]
    assert all(turns)
    assert [one["event"] for one in logs].count("what the hub does cannot be shown") == 1
    assert alive.age("hub") is not None


def test_a_round_that_fails_for_a_full_disk_is_a_sign_of_life(
    hub: Sending, table: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planning() -> list[int]:
        hub.ended.set()
        raise OutsideError("the disk is full")

    monkeypatch.setattr(table.ledger, "planning", planning)
    hub.run()
    assert alive.age("hub") is not None


def test_a_refusal_that_cannot_be_written_waits(
    hub: Sending, table: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.round()
    (batch,) = sent(table)
    hub.intake.refusals.put((batch.id, FAILED))
    with monkeypatch.context() as patch:
        patch.setattr(table.ledger, "crash", refusing)
        with pytest.raises(OutsideError):
            hub.round()
    assert hub.round().refused == ("failed",)


def sent(table: Desk) -> list[Batch]:
    return list(table.ledger.sent())


def test_what_fails_too_often_is_told_as_set_aside(hub: Sending, table: Desk) -> None:
    aside: list[int] = []
    with capture_logs() as logs:
        for _ in range(20):
            done = hub.round()
            aside += done.aside
            for batch in sent(table):
                hub.intake.refusals.put((batch.id, FAILED))
    told = [one["batch"] for one in logs if one["event"] == "batch set aside"]
    assert told == aside
    assert len(aside) == 2  # two segments, after they were parted


def test_redis_that_is_away_is_told(hub: Sending, table: Desk) -> None:
    heard: list[bool] = []
    hub.unreached = lambda: heard.append(True)
    hub.round()
    table.queue.down = True
    assert hub.round().turn is None
    assert heard == [True]


def stalling(hub: Sending) -> Watch:
    """A clock for what the hub thinks of its consumer, far from when it last took something."""
    clock = Watch(hub.intake.last + 1000)
    hub._stall = Stall(clock)
    return clock


def test_a_hub_whose_answers_are_not_taken_ends(hub: Sending, table: Desk) -> None:
    clock, queue = stalling(hub), table.queue
    assert isinstance(queue, Queue)
    queue.answers = 3
    hub.round()
    clock.time += 59
    hub.round()
    assert not hub.stalled
    alive.path("hub").unlink()
    clock.time += 2
    hub.run()
    assert hub.stalled
    assert isinstance(hub.process, Process)
    assert hub.process.ends == ("give up",)
    assert alive.age("hub") is None


@pytest.mark.parametrize("change", ["taken", "none wait", "away"])
def test_a_hub_that_gets_on_or_waits_for_redis_does_not(
    hub: Sending, table: Desk, change: str
) -> None:
    clock, queue = stalling(hub), table.queue
    assert isinstance(queue, Queue)
    queue.answers = 3
    hub.round()
    changes: dict[str, Callable[[], None]] = {
        "taken": lambda: setattr(hub.intake, "last", clock.time),
        "none wait": lambda: setattr(queue, "answers", 0),
        "away": lambda: setattr(queue, "down", True),
    }
    clock.time += 50
    changes[change]()
    hub.round()
    queue.answers, queue.down = 3, False
    clock.time += 50
    hub.round()
    assert not hub.stalled


def test_a_hub_whose_settling_hangs_ends(hub: Sending) -> None:
    hub.settling.last -= sending.HANGS_AFTER + 1
    hub.round()
    assert hub.stalled
