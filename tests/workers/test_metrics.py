from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.documentation import DOCS, codes, rows, section
from tests.fake_engine import package_ref
from workers.messages import Answer
from workers.metrics import MOST_WORKERS, Metrics, served
from workers.sending import Round
from workflow.errors import OutsideError
from workflow.jobs import JobState, Look, Worker
from workflow.steps.dispatch import CRASHED, OVERDUE, Turn

ES, AR = package_ref("en", "es"), package_ref("en", "ar")
CANARY = "the-canary-in-a-text"
HOST = "127.0.0.1"


class Ledger:
    def __init__(self, states: Mapping[JobState, int] | None = None) -> None:
        self.known = states or {}

    def states(self) -> Mapping[JobState, int]:
        return self.known


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


def made(**states: int) -> tuple[Metrics, Clock]:
    clock = Clock()
    ledger = Ledger({JobState(name): count for name, count in states.items()})
    return Metrics(ledger, now=clock), clock


def answer(segments: int, **more: object) -> Answer:
    candidate = {"text": CANARY, "score": 0, "fallback": 0, "coverage": 1}
    each = [{"id": f"{n:064x}", "hypotheses": [candidate]} for n in range(segments)]
    head = {"v": 1, "job": 1, "batch": 1, "attempt": 1, "worker": CANARY}
    return Answer.model_validate({**head, "segments": each, **more})


def round_of(*workers: Worker, **turn: Any) -> Round:  # noqa: ANN401 (fields of a Turn)
    look = Look(workers, (), {ES: 3, AR: 0}, answers=7)
    return Round(Turn(look, **turn), 0.2, refused=("package",))


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"polypress_{name}", labels)


def test_answers_are_counted_with_their_segments_and_seconds() -> None:
    metrics, clock = made()
    metrics.answer(answer(4, seconds=1.5))
    metrics.answer(answer(2))  # of a worker that does not say how long
    assert value(metrics, "segments_total") == 6
    assert value(metrics, "batches_total") == 2
    assert value(metrics, "batch_seconds_count") == 1
    assert value(metrics, "batch_seconds_sum") == 1.5
    assert value(metrics, "segments_per_second") == pytest.approx(6 / 30)
    clock.time = 31
    assert value(metrics, "segments_per_second") == 0


def test_a_round_shows_queues_workers_and_jobs() -> None:
    metrics, _ = made(running=2, done=5)
    metrics.round(round_of(Worker("h:1", "w1", resident=900, models=300)))
    assert value(metrics, "redis_reachable") == 1
    assert value(metrics, "queue_batches", package=str(ES)) == 3
    assert value(metrics, "queue_batches", package=str(AR)) == 0
    assert value(metrics, "answers_waiting") == 7
    assert value(metrics, "workers") == 1
    assert value(metrics, "worker_resident_bytes", worker="w1") == 900
    assert value(metrics, "worker_model_bytes", worker="w1") == 300
    assert value(metrics, "jobs", state="running") == 2
    assert value(metrics, "jobs", state="partial") == 0
    assert value(metrics, "hub_round_seconds_count") == 1


def test_what_is_sent_again_or_set_aside_adds_up_by_reason() -> None:
    metrics, _ = made()
    for _ in range(2):
        again = ((1, CRASHED), (2, OVERDUE), (3, f"new words {CANARY}"))
        metrics.round(round_of(again=again, aside=(9,), overdue=1))
    for reason in ("crashed", "overdue", "other", "package"):
        assert value(metrics, "batches_sent_again_total", reason=reason) == 2
    assert value(metrics, "batches_sent_again_total", reason="lost") == 0
    assert value(metrics, "batches_set_aside_total") == 2
    assert value(metrics, "batches_overdue") == 1
    metrics.round(Round(None, 0.1, refused=("failed",), aside=(8,)))
    assert value(metrics, "batches_set_aside_total") == 3


def test_a_worker_that_is_gone_leaves_no_figures_behind() -> None:
    metrics, _ = made()
    metrics.round(round_of(Worker("h:1", "w1", resident=9)))
    metrics.round(Round(None, 0.1, "Redis is away"))
    assert value(metrics, "worker_resident_bytes", worker="w1") is None
    assert value(metrics, "redis_reachable") == 0


def test_the_number_of_labels_is_bounded() -> None:
    metrics, _ = made()
    workers = [Worker(f"h:{n}", f"{n:04}" + "n" * 200, resident=1) for n in range(500)]
    metrics.round(round_of(*workers))
    (family,) = [one for one in metrics.collect() if one.name.endswith("resident_bytes")]
    assert len(family.samples) == MOST_WORKERS + 1
    assert max(len(one.labels["worker"]) for one in family.samples) <= 60
    assert sum(one.value for one in family.samples) == 500


def test_a_ledger_that_cannot_be_read_stops_no_round() -> None:
    class Broken:
        def states(self) -> Mapping[JobState, int]:
            raise OutsideError("the disk is full")

    metrics = Metrics(Broken())
    metrics.round(round_of())
    assert value(metrics, "workers") == 0


def test_the_figures_are_served_where_they_are_asked_for_and_hold_no_text() -> None:
    metrics, _ = made(running=1)
    metrics.answer(answer(1, seconds=0.1))
    metrics.round(round_of(Worker("h:1", "w1"), again=((1, CANARY),)))
    with served(metrics, host=HOST, port=0) as port:
        with urllib.request.urlopen(f"http://{HOST}:{port}/metrics") as reply:
            text = reply.read().decode()
        with (
            pytest.raises(OutsideError, match="--metrics-port"),
            served(metrics, host=HOST, port=port),
        ):
            pass
    assert "polypress_segments_total 1.0" in text
    assert CANARY not in text
    assert list(text_string_to_metric_families(text))
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://{HOST}:{port}/metrics")


def test_the_operators_page_lists_every_figure_with_its_kind_and_labels() -> None:
    metrics, _ = made()
    metrics.round(round_of(Worker("h:1", "w1")))
    told = {
        codes(row[0])[0]: (row[1], codes(row[2]))
        for row in rows(section(DOCS / "operators.md", "### Metrics"))
    }
    assert told == {
        one.name + "_total" * (one.type == "counter"): (one.type, labels_of(one))
        for one in metrics.registry.collect()
    }


def labels_of(family: Any) -> list[str]:  # noqa: ANN401 (prometheus' own)
    return sorted({label for one in family.samples for label in one.labels if label != "le"})
