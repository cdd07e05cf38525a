"""Messages that no part of Polypress writes: in kombu's form, in none, and with bad bodies."""

from __future__ import annotations

import base64
import json
import pickle
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workers.messages import SETTLE, TRANSLATE

Raw = str | bytes
BAD: tuple[tuple[Any, ...], ...] = (
    (), (None,), (1, 2, 3), ("text",), ([],), ({},), ({"v": 1},), ({"v": True},),
    ({"v": 1, "job": -1, "batch": "x", "attempt": 1e99},),
)  # fmt: skip
"""Arguments of a task of ours that are none."""


class Trap:
    """What makes a file when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self._canary,))


def envelope(body: bytes, *, task: str, kind: str = "application/json", queue: str = "") -> str:
    """A message as kombu's Redis transport puts it into a list."""
    headers = {"lang": "py", "task": task, "id": str(uuid.uuid4()), "retries": 0, "argsrepr": ""}
    properties = {
        "correlation_id": str(uuid.uuid4()),
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": queue},
        "priority": 0,
        "body_encoding": "base64",
        "delivery_tag": str(uuid.uuid4()),
    }
    return json.dumps({
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8" if kind == "application/json" else "binary",
        "content-type": kind,
        "headers": headers,
        "properties": properties,
    })  # fmt: skip


def call(*arguments: object) -> bytes:
    """The body of a task with these arguments."""
    return json.dumps([list(arguments), {}, {"callbacks": None, "chain": None}]).encode()


def strange(canary: Path) -> Iterator[Raw]:
    """What is no message at all, or none that is accepted."""
    trap = pickle.dumps([[Trap(canary)], {}, {}])
    yaml = f"!!python/object/apply:pathlib.Path.touch [!!python/object:pathlib.Path {canary}]"
    yield b"\x00\xff\xfe garbage"
    yield trap
    yield ""
    yield "{"
    yield "[1, 2]"
    yield "{}"
    yield '"text"'
    yield "null"
    yield "[" * 100_000
    yield '{"__type__": "uuid", "__value__": 1}'
    yield '{"__type__": "decimal", "__value__": "x"}'
    yield json.dumps({"body": "x", "headers": {}, "properties": {}})
    yield envelope(trap, task=SETTLE, kind="application/x-python-serialize")
    yield envelope(trap, task=TRANSLATE, kind="application/x-python-serialize")
    yield envelope(yaml.encode(), task=SETTLE, kind="application/x-yaml")
    yield envelope(trap, task=TRANSLATE)
    yield envelope(b"\xff\xfe", task=SETTLE)
    yield envelope(b"", task=TRANSLATE)
    yield envelope(b"{}", task=TRANSLATE)
    yield envelope(call(1), task="os.system")
    yield envelope(call("touch x"), task="celery.backend_cleanup")
    yield envelope(call(), task="polypress.nothing")
    yield envelope(call(1), task="")
    yield json.dumps({**json.loads(envelope(call(1), task=SETTLE)), "headers": {}})
    yield json.dumps({**json.loads(envelope(call(1), task=SETTLE)), "headers": {"task": 1}})
    yield json.dumps({**json.loads(envelope(call(1), task=SETTLE)), "content-encoding": "rot13"})
    yield json.dumps({**json.loads(envelope(call(1), task=SETTLE)), "body": "%%% no base64"})


def unusual() -> Iterator[str]:
    """What Celery's protocol knows and ours never asks for."""
    usual = json.loads(envelope(call({}), task=SETTLE))
    for headers in ({"eta": "2999-01-01T00:00:00"}, {"eta": 7}, {"expires": "x"}, {"id": 5},
                    {"compression": "application/x-gzip"}, {"timelimit": "x"}, {"retries": "x"},
                    {"group": {"a": 1}}, {"stamped_headers": [1]}, {"lang": None},
                    {"ignore_result": {}}, {"task": ["x"]}, {"root_id": [1]}):  # fmt: skip
        yield json.dumps({**usual, "headers": usual["headers"] | headers})
    for properties in ({"delivery_info": None}, {"delivery_tag": None}, {"priority": "x"},
                       {"delivery_info": {"exchange": "x", "routing_key": 3}},
                       {"body_encoding": "rot13"}, {"reply_to": 4}):  # fmt: skip
        yield json.dumps({**usual, "properties": usual["properties"] | properties})
    task = {"task": "celery.map", "args": [], "options": {}}
    for more in ({"callbacks": [task]}, {"errbacks": "x"}, {"chain": [task]}, {"chord": 1}):
        yield envelope(json.dumps([[{}], {}, more]).encode(), task=SETTLE)


def badly_called(answer: dict[str, Any], order: dict[str, Any]) -> Iterator[str]:
    """Tasks of ours with arguments that are not."""
    for task in (SETTLE, TRANSLATE):
        for arguments in BAD:
            yield envelope(call(*arguments), task=task)
        yield envelope(b'[[{"v": 1}], "no", 3]', task=task)
        yield envelope(b'[[NaN], {"a": 1}, {}]', task=task)
        yield envelope(b"[" * 100_000, task=task)
    for body, task in ((answer, SETTLE), (order, TRANSLATE)):
        for version in (0, 2, "1", None):
            yield envelope(call({**body, "v": version}), task=task)
        yield envelope(call({**body, "batch": 10**15}), task=task)
        yield envelope(call({**body, "batch": 10**30}), task=task)
        yield envelope(call({**body, "segments": [{"id": "../x", "text": 1}]}), task=task)
    yield envelope(call({**answer, "batch": 987_654}), task=SETTLE)
    foreign = {"id": "0" * 64, "hypotheses": [_said("somebody else's")]}
    yield envelope(call({**answer, "segments": [foreign]}), task=SETTLE)
    yield envelope(
        call({**order, "package": {**order["package"], "sha256": "0" * 64}}), task=TRANSLATE
    )


def _said(text: str) -> dict[str, Any]:
    return {"text": text, "score": 0.0, "fallback": 0.0, "coverage": 0.0}
