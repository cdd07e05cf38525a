"""The hub as it is put together, on a real Redis, its rounds moved by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.steps.queue_for_tests import Desk, Watch, desk
from tests.workers.redis_for_tests import RedisForTests, redis_server
from workers import alive, hub, presence
from workers.hub import Listeners
from workers.presence import BEAT, Presence
from workers.sending import Round, Sending
from workflow.settings.tables import QueueTable
from workflow.steps.dispatch import CRASHED, Turn

pytestmark = pytest.mark.filterwarnings("ignore::celery.exceptions.SecurityWarning")
__all__ = ["redis_server"]


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv(alive.VARIABLE, str(tmp_path / "alive"))
    made = desk(tmp_path / "project", "es")
    made.city.notice("a", "Title", "Body.")
    made.plan()
    return made


def played(
    table: Desk, url: str, play: Callable[[Sending], None], patch: pytest.MonkeyPatch
) -> None:
    """What `serve` makes, in place of its threads."""

    def run(sending: Sending, _server: object, closing: Any) -> int:  # noqa: ANN401 (callables)
        try:
            play(sending)
        finally:
            for close in closing:
                close()
        return 0

    patch.setattr(hub, "_run", run)
    hub.serve(table.project, table.ledger, url, QueueTable(), Listeners())


def turn_of(done: Round) -> Turn:
    assert done.turn
    return done.turn


def test_a_worker_whose_beat_expired_while_redis_was_away_is_not_dead(
    table: Desk, redis_server: RedisForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LIFE", 1)
    redis_server.client.config_set("appendfsync", "always")
    about = {"name": "w", "packages": [], "concurrency": 1}
    worker = Presence(redis_server.url, lambda: about, id="host:1")

    def play(sending: Sending) -> None:
        queue: Any = sending.dispatch.dispatcher
        queue.sight.now = clock = Watch()
        (batch,) = turn_of(sending.round()).sent
        with worker.working(batch.id):
            clock.time += 1
            assert turn_of(sending.round()).again == ()
            redis_server.kill()
            time.sleep(1.1)
            assert sending.round().turn is None
            redis_server.start()
            assert not redis_server.client.exists(f"{BEAT}host:1")
            assert turn_of(sending.round()).again == ()
            worker.beat()
            assert turn_of(sending.round()).again == ()
            redis_server.client.delete(f"{BEAT}host:1")
            assert turn_of(sending.round()).again == ((batch.id, CRASHED),)

    played(table, redis_server.url, play, monkeypatch)
    worker.client.close()
