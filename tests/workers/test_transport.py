"""What our transport does that kombu's does not, against a real Redis where one is needed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kombu.exceptions import OperationalError

from tests.workers.redis_for_tests import RedisForTests, running
from workers import celeryapp
from workers.messages import BULK, SETTLE, URGENT
from workers.transport import rebuilt

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def sent(redis: RedisForTests, body: object, priority: int = BULK) -> dict[str, Any]:
    """A message as Celery puts it into Redis."""
    app = celeryapp.make_app(redis.url)
    celeryapp.send(app, SETTLE, body, queue="hub", priority=priority)
    app.close()
    found = [redis.client.rpop(name) for name in celeryapp.lists_of("hub")]
    (raw,) = filter(None, found)
    message: dict[str, Any] = json.loads(raw)
    return message


@pytest.fixture
def redis(tmp_path: Path) -> Any:  # noqa: ANN401
    with running(tmp_path / "redis") as made:
        yield made


@pytest.mark.parametrize("priority", [URGENT, BULK])
def test_a_message_of_ours_comes_through_with_all_that_matters(
    redis: RedisForTests, priority: int
) -> None:
    message = sent(redis, {"v": 1}, priority)
    ours = rebuilt(message, "hub")
    assert ours
    assert json.loads(base64.b64decode(ours["body"]))[:2] == [[{"v": 1}], {}]
    assert ours["properties"]["priority"] == priority
    assert ours["properties"]["delivery_tag"] == message["properties"]["delivery_tag"]
    assert rebuilt(ours, "hub") == ours


def test_a_message_says_nothing_of_its_text_beside_its_body(redis: RedisForTests) -> None:
    message = sent(redis, {"segments": ["a text of the publisher"]})
    assert "publisher" not in json.dumps({**message, "body": ""})


@given(JSON)
def test_whatever_else_is_json_is_dropped(value: object) -> None:
    assert rebuilt(value, "hub") is None


@given(JSON, st.sampled_from(["body", "headers", "properties", "content-type"]))
def test_a_message_with_any_other_part_never_raises(value: object, part: str) -> None:
    body = base64.b64encode(b"[[], {}, {}]").decode()
    whole = {
        "body": body,
        "content-type": "application/json",
        "headers": {"task": SETTLE, "id": "1"},
        "properties": {"delivery_tag": "1"},
    }
    assert rebuilt(whole, "hub")
    rebuilt({**whole, part: value}, "hub")


def test_what_redis_did_not_hear_frees_its_place(redis: RedisForTests) -> None:
    app = celeryapp.make_app(redis.url)
    celeryapp.send(app, SETTLE, {}, queue="hub")
    with app.connection_for_read() as connection:
        channel = connection.channel()
        channel.basic_qos(0, 1, False)  # noqa: FBT003 (kombu's)
        message = channel.basic_get("hub")
        assert not channel.qos.can_consume()
        redis.kill()
        with pytest.raises((OperationalError, *connection.connection_errors)):
            message.ack()
        assert channel.qos.can_consume()
        redis.start()
    app.close()
