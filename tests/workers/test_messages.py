from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_engine import package_ref
from workers.messages import (
    Refusal,
    Stranger,
    answer_body,
    order_body,
    read_answer,
    read_order,
    refusal_body,
)
from workflow.adapters.text import MAX_LINE
from workflow.jobs import Batch, Question
from workflow.model import DecodeParameters, Hypothesis, answer_key

CANARY = "Mrs Canary lives at 5 Mill Lane"
PACKAGE, PARAMETERS = package_ref("en", "es"), DecodeParameters()
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def batch(*texts: str) -> Batch:
    return Batch(7, 3, Question(PACKAGE, PARAMETERS, texts), urgent=True, attempt=2, alone=True)


def over_the_wire(body: object) -> Any:  # noqa: ANN401 (any value that JSON holds)
    return json.loads(json.dumps(body))


@given(st.lists(st.text(max_size=50), max_size=20))
def test_an_order_comes_through_as_it_was(texts: list[str]) -> None:
    order = read_order(over_the_wire(order_body(batch(*texts))))
    assert (order.job, order.batch, order.attempt, order.alone) == (3, 7, 2, True)
    assert order.package.ref() == PACKAGE
    assert order.parameters == PARAMETERS
    assert [segment.text for segment in order.segments] == texts
    ids = [answer_key(PACKAGE, PARAMETERS.key, text).hex() for text in texts]
    assert [segment.id for segment in order.segments] == ids


def test_an_answer_comes_through_as_it_was() -> None:
    order = read_order(order_body(batch("a")))
    found = {order.segments[0].id: (Hypothesis("b", -0.25, 0.5, 0.75), Hypothesis("c"))}
    answer = read_answer(over_the_wire(answer_body(order, "w", found)))
    assert answer.hypotheses() == found
    assert (answer.job, answer.batch, answer.attempt, answer.worker) == (3, 7, 2, "w")


def test_all_signs_of_an_answer_come_through_and_those_of_an_older_worker_are_unknown() -> None:
    order = read_order(order_body(batch("a")))
    every = Hypothesis("b", -0.25, 0.5, 0.75, 0.6, 2.5, 3.0, 0.1)
    body = over_the_wire(answer_body(order, "w", {order.segments[0].id: (every,)}))
    assert read_answer(body).hypotheses()[order.segments[0].id] == (every,)
    for name in ("focus", "source_piece", "target_piece", "spread"):
        del body["segments"][0]["hypotheses"][0][name]
    (old,) = read_answer(body).hypotheses()[order.segments[0].id]
    assert old == Hypothesis("b", -0.25, 0.5, 0.75)


def test_a_refusal_comes_through_as_it_was() -> None:
    refusal = Refusal(kind="package", message="w: has another")
    answer = read_answer(refusal_body(order_body(batch("a")), "w", refusal))
    assert answer.error == refusal


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_message_of_another_version_is_told_with_its_batch(version: int) -> None:
    body = order_body(batch(CANARY)) | {"v": version, "new": "field"}
    with pytest.raises(Stranger) as caught:
        read_order(body)
    assert f"messages {version}, here 1" in caught.value.why
    assert caught.value.about == {"job": 3, "batch": 7, "attempt": 2}
    assert caught.value.refusal("w").kind == "version"


@pytest.mark.parametrize(
    "change",
    [
        {"package": None},
        {"package": {"from": "../en", "to": "es", "version": "1", "sha256": "0" * 64}},
        {"package": {"from": "en", "to": "es", "version": "1/2", "sha256": "0" * 64}},
        {"params": {"beam_size": 10_000}},
        {"segments": [{"id": "no digest", "text": CANARY}]},
        {"segments": [{"id": "0" * 64, "text": 5}]},
        {"segments": [{"id": "0" * 64, "text": "a" * 2_000_000}]},
        {"segments": [{"id": "0" * 64, "text": "a"}] * 2_000},
        {"batch": -1},
        {"batch": 2**80},
    ],
)
def test_an_order_that_cannot_be_is_refused_without_its_text(change: dict[str, Any]) -> None:
    with pytest.raises(Stranger) as caught:
        read_order(order_body(batch(CANARY)) | change)
    assert CANARY not in caught.value.why
    assert caught.value.refusal("w").kind == "failed"


def test_a_line_as_long_as_content_may_have_is_taken() -> None:
    text = "a" * MAX_LINE
    order = read_order(order_body(batch(text)))
    found = {order.segments[0].id: (Hypothesis(text),)}
    assert read_answer(answer_body(order, "w", found)).hypotheses() == found


@given(anything)
def test_anything_else_is_no_message(payload: object) -> None:
    for read in (read_order, read_answer):
        with pytest.raises(Stranger):
            read(payload)


@pytest.mark.parametrize("score", ["NaN", "Infinity"])
def test_a_score_that_is_no_number_is_refused(score: str) -> None:
    order = read_order(order_body(batch("a")))
    body = answer_body(order, "w", {order.segments[0].id: (Hypothesis("b"),)})
    body["segments"][0]["hypotheses"][0]["score"] = float(score)
    with pytest.raises(Stranger):
        read_answer(over_the_wire(body))
