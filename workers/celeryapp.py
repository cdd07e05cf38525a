"""The one door to Celery: how the queue is set up, and how a process serves it.

The settings are those that lose least on Redis (docs/faults.md); what still gets lost, the ledger
sends again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from threading import Event, Timer
from typing import Any

import celery
from celery import signals
from celery.exceptions import Reject
from kombu import Queue
from kombu.exceptions import OperationalError

from workers import broker, transport
from workers.messages import BULK, URGENT

Handler = Callable[[object], None]
STEPS = [URGENT, BULK]
SEPARATOR = "\x06\x16"
VISIBILITY = 300
"""Seconds after which Redis' transport hands out a message again that nobody acknowledged."""
SETTINGS: dict[str, Any] = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "result_backend": None,
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_queue_max_priority": None,
    "task_default_delivery_mode": "persistent",
    "worker_prefetch_multiplier": 1,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_soft_shutdown_timeout": 0,
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 5,
    "broker_transport_options": {
        "max_retries": 0,  # sending fails at once while Redis is away: the ledger tries again
        "visibility_timeout": VISIBILITY,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 5,
        "health_check_interval": 25,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "priority_steps": STEPS,
        "sep": SEPARATOR,
        "queue_order_strategy": "priority",
    },
}

GRACE = 10.0
"""Seconds that a process which gives up has for what was begun; less than a beat is believed."""
Unreachable = (OperationalError, OSError)
"""What sending raises while Redis cannot be reached."""


class Unfinished(Exception):  # noqa: N818 (no error: the message is for who comes next)
    """Raised by a handler that ends before it could keep or answer its message.

    Celery would acknowledge the message of a task that fails; of this one it goes back.
    """


def make_app(url: str) -> Any:  # noqa: ANN401 (Celery has no types)
    """A Celery application on this Redis; nothing is connected yet."""
    transport.offer()
    signals.setup_logging.connect(_keep_logging, weak=False, dispatch_uid="polypress")
    address = broker.transport_url(url)
    app = celery.Celery("polypress", broker=address, set_as_current=False, fixups=[])
    app.conf.update(SETTINGS)
    app.amqp.Connection = transport.EagerConnection
    return app


def _keep_logging(**_options: object) -> None:
    """With a receiver of this signal Celery leaves the logs as `workers.logs` set them up."""


def serve_task(app: Any, name: str, handler: Handler) -> None:  # noqa: ANN401
    """Let a handler take the messages of a name, whatever arguments they come with."""

    def run(*arguments: object, **_named: object) -> None:
        try:
            handler(arguments[0] if len(arguments) == 1 else None)
        except Unfinished as reason:
            raise Reject(str(reason), requeue=True) from reason

    app.task(run, name=name, typing=False, max_retries=0, shared=False)


def send(app: Any, name: str, body: object, *, queue: str, priority: int = BULK) -> None:  # noqa: ANN401
    """Put one message into a queue, by the queue's name only. Raises one of `Unreachable`."""
    app.send_task(name, args=[body], argsrepr="", queue=queue, priority=priority, retry=False)


def lists_of(queue: str) -> list[str]:
    """The Redis lists of a queue, one for each priority (kombu's redis transport)."""
    return [f"{queue}{SEPARATOR}{step}" if step else queue for step in STEPS]


class Server:
    """A process that serves queues with threads until it is told to end (SIGTERM, SIGINT).

    `ending` is set at once then: what was begun is waited for, so it must not wait for ever itself.
    """

    def __init__(
        self,
        app: Any,  # noqa: ANN401 (Celery has no types)
        *,
        name: str,
        threads: int,
        queues: Sequence[str],
        ending: Event,
    ) -> None:
        self._ending = ending
        self._queues = set(queues)
        signals.worker_shutting_down.connect(self._told_to_end)
        app.conf.task_queues = [Queue(queue) for queue in queues]
        self._worker = app.Worker(
            hostname=name,
            pool_cls="threads",
            concurrency=threads,
            loglevel="WARNING",
            quiet=True,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )

    def run(self) -> int:
        """Serve; the exit code. Returns after what was begun is done."""
        self._worker.start()
        return int(self._worker.exitcode or 0)

    def stop(self) -> None:
        """End it from another thread: nothing new is begun, what was begun is finished."""
        self._ending.set()
        self._worker.stop()

    def give_up(self) -> None:
        """End it from another thread although something hangs: after the grace with code 1."""
        last_resort = Timer(GRACE, os._exit, (1,))
        last_resort.daemon = True
        last_resort.start()
        self.stop()

    def _told_to_end(self, **_options: object) -> None:
        self._ending.set()

    def set_queues(self, queues: Sequence[str]) -> None:
        """Serve these queues from now on, from another thread."""
        consumer = getattr(self._worker, "consumer", None)
        if consumer is None:
            return
        for queue in set(queues) - self._queues:
            consumer.call_soon(consumer.add_task_queue, queue)
        for queue in self._queues - set(queues):
            consumer.call_soon(consumer.cancel_task_queue, queue)
        self._queues = set(queues)
