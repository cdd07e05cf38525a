from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from benchmarks import quiet
from benchmarks.quiet import Quiet, beside


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What others take, one number for each thing that is done."""
    told: list[float] = []
    taken: Iterator[float] = iter(told)

    def scripted(work: Callable[[], object]) -> tuple[object, float]:
        return work(), next(taken)

    monkeypatch.setattr(quiet, "beside", scripted)
    monkeypatch.setattr(quiet, "LOOK", 0.001)
    return told


def test_disturbed_work_is_done_again_until_others_rest(shares: list[float]) -> None:
    shares += [0.5, 0.0, 0.3, 0.0, 0.02]
    runs = iter("ab")
    calm = Quiet(patience=60)
    assert calm.run(lambda: next(runs)) == "b"
    assert (calm.disturbed, calm.worst) == (0, 0.02)
    assert calm.patience < 60


def test_without_patience_what_was_disturbed_is_taken_and_counted(shares: list[float]) -> None:
    shares += [0.4, 0.05]
    calm = Quiet(patience=0)
    assert [calm.run(lambda: 1), calm.run(lambda: 2)] == [1, 2]
    assert (calm.disturbed, calm.worst) == (1, 0.4)


def test_what_this_process_takes_does_not_count_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([100.0, 103.0])
    own = iter([10.0, 12.5])
    monkeypatch.setattr(quiet, "_busy", lambda: next(times))
    monkeypatch.setattr(quiet, "_own", lambda: next(own))
    monkeypatch.setattr(quiet.time, "monotonic", iter([0.0, 5.0]).__next__)
    monkeypatch.setattr(quiet.os, "cpu_count", lambda: 2)
    assert beside(lambda: "done") == ("done", pytest.approx(0.05))


def test_the_machine_tells_what_it_did() -> None:
    assert 0 < quiet._own() <= quiet._busy() + 1
