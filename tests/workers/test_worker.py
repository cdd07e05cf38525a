"""What a worker does beside its work: serve what is fit, and end when it stalls or hangs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fake_engine import FakeEngine, package_ref
from tests.steps.queue_for_tests import Watch
from tests.workers.chaos.parts import Shelf
from tests.workers.redis_for_tests import RedisForTests, running
from workers import alive, celeryapp, commands, presence, worker
from workers.dispatching import queue_of
from workers.messages import order_body
from workers.presence import Presence
from workers.stall import Stall
from workers.translating import Translating
from workers.worker import NOTHING, Setup, _about, _Rounds
from workflow.errors import UsageError
from workflow.jobs import Batch, Question
from workflow.model import DecodeParameters

ES = package_ref("en", "es")
BATCH = Batch(7, 3, Question(ES, DecodeParameters(), ("a",)))


class Server:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.queues: list[list[str]] = []
        self.given_up = 0

    def set_queues(self, queues: Sequence[str]) -> None:
        self.queues.append(list(queues))

    def give_up(self) -> None:
        self.given_up += 1


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisForTests]:
    with running(tmp_path_factory.mktemp("redis")) as made:
        yield made


@pytest.fixture
def rounds(redis: RedisForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Rounds:
    monkeypatch.setenv(alive.VARIABLE, str(tmp_path / "alive"))
    redis.client.flushall()
    engine = FakeEngine([ES])
    said = Presence(redis.url, lambda: {"name": "w", "packages": [], "concurrency": 1})
    setup = Setup(redis.url, engine, Shelf([ES]), name="w")
    server: Any = Server()
    translating = Translating(engine, lambda _name, _body: None, said, "w")
    return _Rounds(setup, server, translating, said, (ES,))


def told(rounds: _Rounds) -> Server:
    server: Any = rounds.server
    assert isinstance(server, Server)
    return server


def engine_of(rounds: _Rounds) -> FakeEngine:
    engine = rounds.translating.engine
    assert isinstance(engine, FakeEngine)
    return engine


def test_a_package_that_is_unfit_is_tried_again_after_a_while(
    rounds: _Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_of(rounds).broken = frozenset([ES])
    rounds.translating(order_body(BATCH))
    rounds._once()
    assert told(rounds).queues == [[NOTHING]]
    engine_of(rounds).broken = frozenset()
    rounds._once()
    assert told(rounds).queues == [[NOTHING]]
    monkeypatch.setattr(worker, "UNFIT_FOR", 0.0)
    rounds._once()
    assert told(rounds).queues == [[NOTHING], [queue_of(ES)]]
    rounds.translating(order_body(BATCH))
    assert rounds.translating.tally.batches == 1


def test_a_batch_that_hangs_ends_the_worker_and_stays_at_work(
    rounds: _Rounds, redis: RedisForTests
) -> None:
    with rounds.presence.working(7):
        rounds._once()
        assert not rounds.stalled
        rounds.translating.tally.last -= worker.HANGS_AFTER + 1
        alive.path("worker").unlink()
        rounds._once()
        assert (rounds.stalled, told(rounds).given_up, rounds.ended.is_set()) == (True, 1, True)
        assert '"working": [7]' in redis.client.hget(presence.WORKING, rounds.presence.id)
    assert alive.age("worker") is None


def test_who_waits_for_redis_or_for_work_does_not_hang(rounds: _Rounds) -> None:
    rounds.translating.tally.last -= worker.HANGS_AFTER + 1
    rounds._once()
    with rounds.presence.waiting(7):
        rounds._once()
    assert not rounds.stalled


def test_messages_that_wait_for_a_minute_end_a_worker_without_work(
    rounds: _Rounds, redis: RedisForTests
) -> None:
    clock = Watch(rounds.translating.tally.last + 1000)
    rounds._stall = Stall(clock)
    redis.client.lpush(celeryapp.lists_of(queue_of(ES))[1], "x")
    for seconds, stalled in ((0, False), (59, False), (2, True)):
        clock.time += seconds
        rounds._once()
        assert rounds.stalled is stalled
    assert told(rounds).given_up == 1


def test_what_a_worker_says_of_itself_can_be_read(rounds: _Rounds, redis: RedisForTests) -> None:
    many = [package_ref("en", "es", f"1.{number}") for number in range(1, 41)]
    rounds.translating.tally.refused.update(dict.fromkeys(many, 0.0))
    setup = Setup(redis.url, engine_of(rounds), Shelf([ES]), name="n" * 300)
    rounds.presence.about = lambda: _about(setup, rounds.translating, rounds, 0.0)
    rounds.presence.beat()
    (one,), _ = presence.look(redis.client)
    assert one.name == "n" * 100
    assert one.packages == (str(ES),)
    assert one.note.startswith("en_es@1.")


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    context: Any = SimpleNamespace(obj=tmp_path)
    with pytest.raises(UsageError, match="101 characters"):
        commands.worker_command(context, name="n" * 101)
