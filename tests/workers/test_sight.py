"""Whose death is believed, on a clock that the tests move."""

from __future__ import annotations

import pytest

from tests.steps.queue_for_tests import Watch
from workers.presence import LIFE
from workers.sight import Sight
from workflow.jobs import Dead, Worker

ONE, OTHER = "host:1", "host:2"


@pytest.fixture
def clock() -> Watch:
    return Watch(1000.0)


def looked(sight: Sight, clock: Watch, *dead: str, alive: str = "") -> list[str]:
    """A look one second after the last: who is believed to be dead."""
    clock.time += 1
    workers = [Worker(alive, alive)] if alive else []
    return [one.worker for one in sight.believed(workers, map(Dead, dead))]


def test_at_first_nobody_is_dead_but_who_was_seen_alive(clock: Watch) -> None:
    sight = Sight(clock)
    assert looked(sight, clock, ONE) == []
    assert looked(sight, clock, ONE, alive=OTHER) == []
    assert looked(sight, clock, ONE, OTHER) == [OTHER]


def test_after_the_life_of_a_beat_everybody_without_one_is(clock: Watch) -> None:
    sight = Sight(clock)
    for _ in range(LIFE):
        assert looked(sight, clock, ONE) == []
    assert looked(sight, clock, ONE, OTHER) == [ONE, OTHER]


def test_an_outage_lets_the_living_come_back_first(clock: Watch) -> None:
    sight = Sight(clock)
    for _ in range(LIFE + 1):
        looked(sight, clock, alive=ONE)
    clock.time += 5
    sight.lost()
    assert looked(sight, clock, ONE) == []
    assert looked(sight, clock, alive=ONE) == []
    assert looked(sight, clock, ONE) == [ONE]


def test_so_does_an_outage_that_nobody_saw(clock: Watch) -> None:
    sight = Sight(clock)
    for _ in range(LIFE + 1):
        looked(sight, clock, alive=ONE)
    clock.time += LIFE
    assert looked(sight, clock, ONE) == []
    for _ in range(LIFE):
        believed = looked(sight, clock, ONE)
    assert believed == [ONE]


def test_who_came_after_the_first_look_is_dead_without_a_beat(clock: Watch) -> None:
    sight = Sight(clock)
    assert looked(sight, clock, ONE) == []
    assert looked(sight, clock, ONE, OTHER) == [OTHER]
