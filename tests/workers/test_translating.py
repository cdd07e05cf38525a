"""What a worker answers to one message, without a Redis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fake_engine import FakeEngine, package_ref
from workers.celeryapp import Unfinished
from workers.messages import order_body, read_answer
from workers.presence import Presence
from workers.translating import Translating
from workflow.jobs import Batch, Question
from workflow.model import DecodeParameters

ES = package_ref("en", "es")
NOWHERE = "redis://127.0.0.1:1/0"


def batch(*texts: str) -> Batch:
    return Batch(7, 3, Question(ES, DecodeParameters(), texts))


@dataclass
class Hub:
    """Takes what a worker sends."""

    answers: list[Any] = field(default_factory=list)

    def __call__(self, _name: str, body: object) -> None:
        self.answers.append(read_answer(body))


def made(send: Any, engine: FakeEngine | None = None) -> Translating:  # noqa: ANN401 (a Send)
    return Translating(engine or FakeEngine([ES]), send, Presence(NOWHERE, dict), "w")


def test_a_text_that_no_worker_takes_is_a_failure_and_not_another_version() -> None:
    hub = Hub()
    made(hub)(order_body(batch("a" * 2_000_000)))
    (answer,) = hub.answers
    assert (answer.batch, answer.error.kind) == (7, "failed")
    assert "string_too_long" in answer.error.message


def test_an_order_of_another_version_is_told_as_such() -> None:
    hub = Hub()
    made(hub)({**order_body(batch("a")), "v": 2})
    assert hub.answers[0].error.kind == "version"


def test_a_worker_that_ends_while_redis_is_away_leaves_the_message() -> None:
    def away(_name: str, _body: object) -> None:
        raise OSError

    worker = made(away)
    worker.ending.set()
    with pytest.raises(Unfinished):
        worker(order_body(batch("a")))
