"""Rows about messages: doubled, late, forged, of another version; and what must be in none."""

from __future__ import annotations

import base64
import json
import random
import time
from threading import Thread

from tests.workers.chaos import forged
from tests.workers.chaos.cast import Cast
from tests.workers.chaos.job import Job, catalogs, database_of
from tests.workers.chaos.stage import (
    QUICK,
    Figures,
    Row,
    Stage,
    again,
    as_local,
    done,
    told,
    until,
    usual,
)
from workers import broker, celeryapp
from workers.dispatching import queue_of
from workers.messages import HUB, order_body

CANARY = "CANARY-7d41-do-not-tell"
OVER = "answer to a batch that is over"


def doubled(stage: Stage) -> Figures:
    """Every answer comes two or three times; then all of them again, from four sides at once."""
    job = stage.job(stage.size(200, 5_000), units=stage.size(10, 100))
    dice = random.Random(2)
    with stage.cast(job) as cast:
        usual(cast, "one", "two", seconds=0.3, window=1_000)
        until(lambda: all(ready == 0 for ready, _ in job.ledger.outstanding().values()), 60)
        cast.end("hub")
        answers = _all_answers(stage, job)
        for name, message in answers:
            stage.redis.client.lpush(name, *[message] * dice.choice((1, 2)))
        cast.hub("second", settings=QUICK)
        done(job, 120)
        before = catalogs(job.town)
        _from_all_sides(stage, answers)
        until(lambda: not _waiting(stage), 120)
        until(lambda: not stage.redis.client.hlen("unacked"))
        assert catalogs(job.town) == before
        assert not job.left()
        over = len(told(cast, "second", OVER))
        assert over >= len(answers) * 5
        return {"answers": len(answers), "ignored": over}


def _all_answers(stage: Stage, job: Job) -> list[tuple[str, str]]:
    """All answers to what is sent, once the workers are done with it."""
    wanted = sum(sent for _, sent in job.ledger.outstanding().values())
    until(lambda: _waiting(stage) >= wanted, 120, what="all answers")
    lists = celeryapp.lists_of(HUB)
    client = stage.redis.client
    return [(name, each) for name in lists for each in client.lrange(name, 0, -1)]


def _from_all_sides(stage: Stage, messages: list[tuple[str, str]]) -> None:
    def push() -> None:
        client = broker.client(stage.redis.url)
        for name, message in messages:
            client.lpush(name, message)
        client.close()

    sides = [Thread(target=push) for _ in range(4)]
    for side in sides:
        side.start()
    for side in sides:
        side.join()


def _waiting(stage: Stage) -> int:
    return sum(stage.redis.client.llen(each) for each in celeryapp.lists_of(HUB))


def longer_than_visible(stage: Stage) -> Figures:
    """A batch takes longer than Redis' transport waits for its acknowledgement."""
    for _ in range(3):  # when it hands a message out again, is up to several processes' timers
        figures = _invisible(stage)
        if figures["decoded"] > figures["batches"]:
            return figures
    raise AssertionError(figures)


def _invisible(stage: Stage) -> Figures:
    job = stage.job(20, units=100)
    option = "workers.celeryapp:SETTINGS/broker_transport_options"
    visible = {
        f"{option}/visibility_timeout": 1,
        f"{option}/unacked_restore_interval": 1,
        f"{option}/unacked_restore_throttle": 1,
    }
    names = ("one", "two", "three")
    with stage.cast(job) as cast:
        usual(cast, *names, seconds=stage.size(3, 10), settings=visible)
        done(job, 60)
        until(lambda: not _waiting(stage) and not stage.redis.client.hlen("unacked"), 60)
        as_local(job)
        runs = sum(len(told(cast, name, "batch decoded")) for name in names)
        return {"batches": job.figures.batches, "decoded": runs, "sent again": again(cast)}


def forgeries(stage: Stage) -> Figures:
    """Everything that anybody who reaches Redis could put there; our parts stay up."""
    job = stage.job(stage.size(100, 1_000), units=20)
    canary = stage.folder / "canary"
    client = broker.client(stage.redis.url)
    (package,) = job.ledger.outstanding()
    batch = job.ledger.unsent(package, 1)[0]
    with stage.cast(job) as cast:
        usual(cast, seconds=0.1)
        answer = {"v": 1, "job": 1, "batch": batch.id, "attempt": 1, "worker": "x", "segments": []}
        messages = [
            *forged.strange(canary),
            *forged.unusual(),
            *forged.badly_called(answer, order_body(batch)),
        ]
        random.Random(3).shuffle(messages)
        lists = [*celeryapp.lists_of(HUB), *celeryapp.lists_of(queue_of(package))]
        for message in messages:
            for name in lists:
                client.lpush(name, message)
        until(lambda: not any(client.llen(name) for name in lists), 30)
        done(job, 60)
        _still_up(cast)
        client.close()
    assert not canary.exists()
    return {"messages": len(messages) * len(lists)}


def _still_up(cast: Cast) -> None:
    for part in cast.parts.values():
        assert part.starts == 1, (part.name, part.codes)
        assert cast.nursery.code(part.pid) is None


def secrets(stage: Stage) -> Figures:
    """No password, nothing of the environment, and no text where it must not be."""
    job = stage.job(stage.size(60, 1_000), units=10)
    password = stage.redis.server.password
    environment = {"POLYPRESS_TOKEN": CANARY, "AWS_SECRET_ACCESS_KEY": CANARY,
                   "POLYPRESS_REDIS_URL": stage.redis.url}  # fmt: skip
    seen: list[bytes] = []
    with stage.cast(job) as cast:
        cast.hub(environment=environment, settings=QUICK)
        cast.worker(engine={"seconds": 0.2}, environment=environment)
        until(lambda: job.figures.batches_done)
        seen += _held(stage)
        stage.redis.kill()
        time.sleep(1)
        stage.redis.start()
        for body in (b"garbage", _order_with(CANARY)):
            stage.redis.client.lpush(celeryapp.lists_of(HUB)[0], body)
        done(job, 60)
        seen += _held(stage)
        logs = b"".join(part.log.read_bytes() for part in cast.parts.values())
    files = [path.read_bytes() for path in database_of(job.town).parent.glob("polypress.db*")]
    files += list(catalogs(job.town).values())
    for secret in (password.encode(), b"CANARY"):
        assert secret not in logs
        assert not any(secret in each for each in (*files, *seen))
    assert not any(text.encode() in logs for text in _texts(job))
    return {"bytes of logs": len(logs), "places looked at": len(files) + len(seen) + 1, "found": 0}


def _order_with(text: str) -> str:
    return forged.envelope(forged.call({"v": 1, text: text}), task="polypress.settle")


def _held(stage: Stage) -> list[bytes]:
    """What Redis holds but for the texts on their way: keys and values."""
    client = stage.redis.client
    found: list[bytes] = []
    for key in client.scan_iter():
        kind = client.type(key)
        values = {
            "string": lambda key=key: [client.get(key)],
            "list": lambda key=key: client.lrange(key, 0, -1),
            "hash": lambda key=key: [*client.hgetall(key).items()],
            "zset": lambda key=key: client.zrange(key, 0, -1),
            "set": lambda key=key: [*client.smembers(key)],
            "none": list,  # it went meanwhile
        }[kind]()
        found += [f"{key} {value} {_body(value)}".encode() for value in values]
    return found


def _body(value: object) -> str:
    try:
        return base64.b64decode(json.loads(str(value))["body"]).decode()
    except (ValueError, KeyError, TypeError):
        return ""


def _texts(job: Job) -> list[str]:
    return [one.source for one in job.town.messages("es").values() if len(one.source) > 12]


ROWS = [
    Row("R8", "every answer comes several times: one effect", doubled),
    Row(
        "R9", "a batch takes longer than its message is invisible: one effect", longer_than_visible
    ),
    Row(
        "S4",
        "forged, foreign and broken messages are dropped: nobody dies, nothing is run",
        forgeries,
    ),
    Row("S8", "no secret and no text in logs, catalogs, ledger and messages", secrets),
]
