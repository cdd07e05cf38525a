"""The one door to Prometheus: the hub's figures, as `polypress hub --metrics-port` serves them.

Labels hold names of packages, workers, states and reasons only, each of a bounded number of
values: never a text. docs/operators.md lists them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Protocol, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from workers.hub import Listeners
from workers.messages import Answer, RefusalKind
from workers.pace import Pace
from workers.sending import Round
from workflow.errors import OutsideError
from workflow.jobs import JobState, Look, Worker
from workflow.steps.dispatch import CRASHED, FORGOTTEN, LOST, OVERDUE

MOST_WORKERS, LONGEST_NAME = 100, 60
REASONS = {CRASHED: "crashed", FORGOTTEN: "forgotten", LOST: "lost", OVERDUE: "overdue"}
REFUSALS = get_args(RefusalKind)
BATCH_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300)
ROUND_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)


class States(Protocol):
    """What the metrics need of `ports.Ledger`."""

    def states(self) -> Mapping[JobState, int]:
        """How many jobs there are in each state."""
        ...


class Metrics(Collector):
    """Hears of the hub's rounds and answers, and shows the figures of the last round.

    Gauges are made when somebody asks, all of the same round: a worker that is gone leaves no
    figures behind.
    """

    def __init__(self, ledger: States, *, now: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        self._ledger = ledger
        self._last: Round | None = None
        self._jobs: Mapping[JobState, int] = {}
        self._pace = Pace(now)
        self._lock = Lock()
        self._count()
        self.registry.register(self)

    def _count(self) -> None:
        """Make what only ever grows."""
        to = self.registry
        self._segments = Counter("polypress_segments", "Segments answered.", registry=to)
        self._batches = Counter("polypress_batches", "Batches answered.", registry=to)
        self._again = Counter(
            "polypress_batches_sent_again", "Batches sent again.", ["reason"], registry=to
        )
        for reason in (*REASONS.values(), *REFUSALS, "other"):
            self._again.labels(reason)
        self._aside = Counter("polypress_batches_set_aside", "Batches given up.", registry=to)
        self._batch = Histogram(
            "polypress_batch_seconds", "Decoding a batch.", buckets=BATCH_BUCKETS, registry=to
        )
        self._round = Histogram(
            "polypress_hub_round_seconds", "Rounds of the hub.", buckets=ROUND_BUCKETS, registry=to
        )

    def answer(self, answer: Answer) -> None:
        """An answer was kept."""
        count = len(answer.segments)
        self._pace.add(answer.job, count)
        self._segments.inc(count)
        self._batches.inc()
        if answer.seconds is not None:
            self._batch.observe(answer.seconds)

    def round(self, done: Round) -> None:
        """A round of the hub is done."""
        self._round.observe(done.seconds)
        with suppress(OutsideError), self._lock:
            self._last = done
            self._jobs = self._ledger.states()
        self._aside.inc(len(done.aside))
        for kind in done.refused:
            self._again.labels(kind).inc()
        if done.turn:
            self._aside.inc(len(done.turn.aside))
            for _, why in done.turn.again:
                self._again.labels(REASONS.get(why, "other")).inc()

    @property
    def listeners(self) -> Listeners:
        """What the hub tells."""
        return Listeners(self.round, self.answer)

    def collect(self) -> Iterator[Metric]:
        """The figures of the last round."""
        with self._lock:
            last, jobs = self._last, self._jobs
        turn = last.turn if last else None
        look = turn.look if turn else Look()
        yield _one("redis_reachable", "1 if the hub reached Redis, else 0.", turn is not None)
        pace = sum(self._pace.of_jobs().values())
        yield _one("segments_per_second", "Segments answered, over half a minute.", pace)
        yield _one("batches_overdue", "Batches found overdue.", turn.overdue if turn else 0)
        yield _one("answers_waiting", "Answers that wait for the hub.", look.answers)
        yield _one("workers", "Workers alive.", len(look.workers))
        depth = {str(package): count for package, count in look.depth.items()}
        yield _many("queue_batches", "Batches waiting in a queue.", "package", depth)
        yield _many("jobs", "Jobs by state.", "state", {s: jobs.get(s, 0) for s in JobState})
        named = _by_name(look.workers)
        sizes = {name: sum(one.resident for one in each) for name, each in named.items()}
        yield _many("worker_resident_bytes", "Memory of a worker.", "worker", sizes)
        models = {name: sum(one.models for one in each) for name, each in named.items()}
        yield _many("worker_model_bytes", "Models of it.", "worker", models)


@contextmanager
def served(metrics: Metrics, *, host: str, port: int) -> Iterator[int]:
    """Serve the figures while the block runs; gives the port. Raises OutsideError."""
    try:
        server, thread = start_http_server(port, host, metrics.registry)
    except OSError as error:
        raise OutsideError(
            f"metrics cannot be served on {host}:{port}: {error.strerror or error}",
            fix="choose another --metrics-port or --metrics-host",
        ) from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _one(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"polypress_{name}", about, value=float(value))


def _many(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"polypress_{name}", about, labels=[label])
    for each, value in values.items():
        family.add_metric([str(each)], value)
    return family


def _by_name(workers: tuple[Worker, ...]) -> dict[str, list[Worker]]:
    """Workers by their names; those beyond a hundred names count as `others`."""
    named: dict[str, list[Worker]] = {}
    for worker in workers:
        name = worker.name[:LONGEST_NAME]
        known = name in named or len(named) < MOST_WORKERS
        named.setdefault(name if known else "others", []).append(worker)
    return named
