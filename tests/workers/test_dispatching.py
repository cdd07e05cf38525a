"""The contract of `ports.Dispatcher`, on the queue in memory and on a real Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_dispatcher import FakeDispatcher
from tests.fake_engine import package_ref
from tests.steps.queue_for_tests import Watch
from tests.workers import redis_for_tests
from tests.workers.redis_for_tests import RedisForTests
from workers import celeryapp, presence
from workers.dispatching import EPOCH, RedisDispatcher, queue_of
from workers.lease import KEY, LIFE, Lease
from workers.presence import BEAT, WORKING, Presence
from workers.sight import Sight
from workflow.errors import LockedError, OutsideError
from workflow.jobs import Batch, Dead, Question, Worker
from workflow.model import DecodeParameters
from workflow.ports import Dispatcher

ES, AR = package_ref("en", "es"), package_ref("en", "ar")


def batch(number: int, text: str = "a", *, urgent: bool = False) -> Batch:
    return Batch(number, 1, Question(ES, DecodeParameters(), (text,)), urgent=urgent)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisForTests]:
    with redis_for_tests.running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def real(redis: RedisForTests) -> Iterator[RedisDispatcher]:
    """A hub's that has looked for a while."""
    redis.client.flushall()
    clock = Watch()
    dispatcher = RedisDispatcher(redis.url, celeryapp.make_app(redis.url), Sight(clock))
    dispatcher.look([])
    clock.time = presence.LIFE
    yield dispatcher
    dispatcher.close()


@pytest.fixture(params=["fake", "real"])
def dispatcher(request: pytest.FixtureRequest) -> Dispatcher:
    chosen: Dispatcher = (
        FakeDispatcher() if request.param == "fake" else request.getfixturevalue("real")
    )
    return chosen


def test_what_is_sent_waits_in_the_queue_of_its_package(dispatcher: Dispatcher) -> None:
    dispatcher.send([batch(1), batch(2, urgent=True)])
    look = dispatcher.look([ES, AR])
    assert look.depth == {ES: 2, AR: 0}
    assert (look.workers, look.dead, look.answers, look.forgotten) == ((), (), 0, False)


def test_nothing_is_sent_for_nothing(dispatcher: Dispatcher) -> None:
    dispatcher.send([])
    assert dispatcher.look([ES]).depth == {ES: 0}


def test_that_the_queue_lost_everything_is_said_once(
    real: RedisDispatcher, redis: RedisForTests
) -> None:
    fake = FakeDispatcher()
    real.send([batch(1)])
    fake.send([batch(1)])
    redis.client.flushall()
    fake.lose()
    for dispatcher in (real, fake):
        looks = [dispatcher.look([ES]) for _ in range(2)]
        assert [look.forgotten for look in looks] == [True, False]
        assert looks[0].depth == {ES: 0}


def test_urgent_batches_are_taken_first_then_in_order(
    real: RedisDispatcher, redis: RedisForTests
) -> None:
    real.send([batch(1), batch(2), batch(3, urgent=True)])
    urgent, bulk = celeryapp.lists_of(queue_of(ES))
    assert (redis.client.llen(urgent), redis.client.llen(bulk)) == (1, 2)


def about() -> dict[str, Any]:
    return {"name": "w", "packages": [str(ES)], "concurrency": 2, "resident": 5, "models": 3}


def test_a_worker_is_seen_with_what_it_has_and_gone_when_it_leaves(
    real: RedisDispatcher, redis: RedisForTests
) -> None:
    one = Presence(redis.url, about)
    with one.waiting(4), one.working(5):
        (worker,) = real.look([]).workers
        assert (worker.name, worker.packages, worker.working) == ("w", (str(ES),), (5, 4))
        assert one.busy == 2
    assert real.look([]).workers[0].working == ()
    one.leave()
    assert real.look([]).workers == ()
    assert real.look([]).dead == ()


def test_a_worker_without_a_beat_is_dead_with_the_batches_it_had_until_it_is_buried(
    real: RedisDispatcher, redis: RedisForTests
) -> None:
    one = Presence(redis.url, about, id="host:1")
    with one.waiting(4), one.working(5):
        redis.client.delete(f"{BEAT}host:1")
        (dead,) = real.look([]).dead
    assert (dead.worker, dead.working, dead.waiting) == ("host:1", (5,), (4,))
    real.bury("host:1")
    assert real.look([]).dead == ()
    one.client.close()


def test_a_worker_with_the_name_of_a_dead_one_does_not_hide_what_that_one_had(
    real: RedisDispatcher, redis: RedisForTests
) -> None:
    first, again = Presence(redis.url, about, id="box:1"), Presence(redis.url, about, id="box:1")
    first.beat()
    with first.working(5):
        again.begin()
        again.beat()
        look = real.look([])
        assert [worker.id for worker in look.workers] == ["box:1"]
        assert look.workers[0].working == ()
        (dead,) = look.dead
        assert dead.working == (5,)
    for one in (first, again):
        one.leave()


@pytest.mark.parametrize(
    "said", ["", "no json", "{}", '{"name": 5}', '{"concurrency": -1}', "[]", b"\xff"]
)
def test_who_beats_lives_even_if_nobody_can_read_it(
    real: RedisDispatcher, redis: RedisForTests, said: str | bytes
) -> None:
    redis.client.hset(WORKING, "host:2", '{"working": [5]}')
    redis.client.set(f"{BEAT}host:2", said)
    look = real.look([])
    assert look.workers == (Worker("host:2", "host:2", working=(5,)),)
    assert look.dead == ()


@pytest.mark.parametrize("said", ["", "no json", "[]", b"\xff", '{"working": [-1]}'])
def test_what_a_dead_worker_had_may_be_unreadable(
    real: RedisDispatcher, redis: RedisForTests, said: str | bytes
) -> None:
    redis.client.hset(WORKING, "host:2", said)
    assert real.look([]).dead == (Dead("host:2"),)


def test_bytes_that_are_no_text_stop_nobody(real: RedisDispatcher, redis: RedisForTests) -> None:
    redis.client.hset(WORKING, b"\xff", b"\xff")
    redis.client.set(EPOCH, b"\xff")
    look = real.look([ES])
    assert (look.workers, look.dead, look.forgotten) == ((), (), False)


@pytest.mark.parametrize("key", [WORKING, *celeryapp.lists_of(queue_of(ES)), "hub"])
def test_what_is_of_another_kind_is_deleted_and_the_rest_kept(
    real: RedisDispatcher, redis: RedisForTests, key: str
) -> None:
    Presence(redis.url, about, id="host:3").beat()
    real.send([batch(1), batch(2, urgent=True)])
    redis.client.delete(key)
    redis.client.set(key, "forged")
    look = real.look([ES])
    assert look.depth[ES] == (1 if key.startswith("en_es") else 2)
    assert len(look.workers) == (key != WORKING)
    assert not redis.client.exists(key)


@pytest.mark.parametrize("key", [EPOCH, f"{BEAT}host:3"])
def test_other_keys_may_be_of_any_kind(
    real: RedisDispatcher, redis: RedisForTests, key: str
) -> None:
    worker = Presence(redis.url, about, id="host:3")
    worker.beat()
    redis.client.delete(key)
    redis.client.lpush(key, "forged")
    real.look([ES])
    worker.beat()
    assert [one.id for one in real.look([ES]).workers] == ["host:3"]


def test_the_epoch_outlives_a_look(real: RedisDispatcher, redis: RedisForTests) -> None:
    assert redis.client.get(EPOCH) == "1"
    assert not real.look([]).forgotten


def test_a_second_hub_is_refused_but_the_same_project_takes_its_lease_over(
    redis: RedisForTests, tmp_path: Path
) -> None:
    redis.client.delete(KEY)
    first, again = Lease(redis.url, tmp_path), Lease(redis.url, tmp_path)
    other = Lease(redis.url, tmp_path / "other")
    first.check()
    again.check()
    with pytest.raises(LockedError, match="another hub"):
        other.check()
    first.leave()
    other.check()
    with pytest.raises(LockedError):
        again.keep()
    other.leave()
    again.leave()


@pytest.mark.parametrize("forged", ["", "no json", "[]", b"\xff"])
def test_a_lease_that_no_hub_can_have_is_taken_over(
    redis: RedisForTests, tmp_path: Path, forged: str | bytes
) -> None:
    redis.client.set(KEY, forged)
    Lease(redis.url, tmp_path).keep()
    redis.client.delete(KEY)
    redis.client.lpush(KEY, forged)
    lease = Lease(redis.url, tmp_path)
    lease.keep()
    assert 0 < redis.client.ttl(KEY) <= LIFE
    lease.leave()
    assert not redis.client.exists(KEY)


def test_without_redis_everything_says_so(tmp_path: Path) -> None:
    url = "redis://127.0.0.1:1/0"
    gone = RedisDispatcher(url, celeryapp.make_app(url))
    with pytest.raises(OutsideError):
        gone.look([ES])
    with pytest.raises(OutsideError):
        gone.send([batch(1)])
    with pytest.raises(OutsideError):
        gone.bury("w")
    Lease(url, tmp_path).check()
    assert presence.identity()
