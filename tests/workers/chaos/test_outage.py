"""What an outage of Redis must not be taken for."""

from __future__ import annotations

import signal
import time

from tests.workers.chaos.rows_kills import crashes, held
from tests.workers.chaos.stage import Stage, again, done, told, until, usual

LIFE = 2
SHORT = {"workers.presence:LIFE": LIFE, "workers.worker:EVERY": 0.2}


def test_a_worker_whose_beat_expired_while_redis_was_away_is_not_dead(stage: Stage) -> None:
    """The worker is stopped when Redis comes back, so that the hub surely looks before it beats."""
    job = stage.job(20, units=100)
    stage.redis.client.config_set("appendfsync", "always")
    with stage.cast(job) as cast:
        usual(cast, seconds=LIFE + 1.0, settings=SHORT)
        held(stage, cast)
        stage.redis.kill()
        until(lambda: told(cast, "hub", "waiting for Redis"))
        time.sleep(LIFE)
        cast.kill("one", signal.SIGSTOP)
        stage.redis.start()
        time.sleep(0.8)
        cast.kill("one", signal.SIGCONT)
        done(job)
        assert "its worker died, sent again" not in again(cast)
        assert crashes(job) == 0
