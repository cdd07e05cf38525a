"""How a process serves its queues, on a real Redis."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from celery import signals

from tests.workers.redis_for_tests import RedisForTests, running
from workers import celeryapp
from workers.messages import SETTLE

pytestmark = pytest.mark.filterwarnings("ignore::celery.exceptions.SecurityWarning")


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisForTests]:
    with running(tmp_path_factory.mktemp("redis")) as made:
        yield made


def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def made(app: Any, queue: str, ending: Event) -> celeryapp.Server:  # noqa: ANN401 (Celery has no types)
    return celeryapp.Server(app, name=queue, threads=1, queues=[queue], ending=ending)


@contextmanager
def served(redis: RedisForTests, queue: str, handler: celeryapp.Handler) -> Iterator[Any]:
    """A server in a thread, with one message to it; which the block ends."""
    app = celeryapp.make_app(redis.url)
    celeryapp.serve_task(app, SETTLE, handler)
    server = made(app, queue, Event())
    celeryapp.send(app, SETTLE, {"v": 1}, queue=queue)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    thread.join(10)
    assert not thread.is_alive()
    app.close()


def waiting(redis: RedisForTests, queue: str) -> int:
    return sum(redis.client.llen(each) for each in celeryapp.lists_of(queue))


@pytest.mark.parametrize(
    ("error", "left"), [(celeryapp.Unfinished("it ends"), 1), (ValueError("a mistake"), 0)]
)
def test_what_a_handler_could_not_finish_stays_in_the_queue(
    redis: RedisForTests, error: Exception, left: int
) -> None:
    begun, ending = Event(), Event()

    def handler(_payload: object) -> None:
        begun.set()
        ending.wait(10)
        raise error

    with served(redis, "left", handler) as server:
        assert begun.wait(10)
        stopping = Thread(target=server.stop, daemon=True)
        stopping.start()
        until(server._ending.is_set)
        time.sleep(0.2)  # it takes nothing more from here on
        ending.set()
        stopping.join(10)
    assert waiting(redis, "left") == left
    assert not redis.client.hlen("unacked")
    redis.client.flushall()


def test_every_server_of_a_process_is_told_that_it_ends(redis: RedisForTests) -> None:
    app = celeryapp.make_app(redis.url)
    ends = Event(), Event()
    servers = [made(app, f"q{number}", end) for number, end in enumerate(ends)]
    signals.worker_shutting_down.send(sender="any")
    assert [end.is_set() for end in ends] == [True, True]
    assert len(servers) == 2
    app.close()


HANGS = """
import sys, threading, time
from workers import celeryapp
celeryapp.GRACE = 0.3
app, begun = celeryapp.make_app(sys.argv[1]), threading.Event()
def handler(_payload):
    begun.set()
    time.sleep(60)
celeryapp.serve_task(app, "polypress.settle", handler)
ending = threading.Event()
server = celeryapp.Server(app, name="hang", threads=1, queues=["hang"], ending=ending)
celeryapp.send(app, "polypress.settle", {}, queue="hang")
threading.Thread(target=lambda: begun.wait() and server.give_up(), daemon=True).start()
server.run()
"""


def test_who_gives_up_ends_with_1_whatever_hangs(redis: RedisForTests) -> None:
    command = [sys.executable, "-c", HANGS, redis.url]
    begun = time.monotonic()
    done = subprocess.run(command, timeout=10, check=False, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert time.monotonic() - begun < 10
    redis.client.flushall()
