"""Celery's Redis transport, but that a broken message is dropped instead of ending the process.

kombu takes for granted that whatever lies in its lists is JSON of its own making; anything else
raises in its event loop, and Celery ends ("Unrecoverable error") or waits for ever.
"""

from __future__ import annotations

import base64
import json
import logging
from typing import Any

from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.transport.redis import Channel, QoS, Transport

from workers.messages import BULK, SETTLE, TRANSLATE, URGENT

log = logging.getLogger(__name__)
TASKS = (TRANSLATE, SETTLE)
_HERE = f"{__name__}:CarefulTransport"
_MEANINGLESS = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What kombu's decoder raises for JSON that is not of its making."""


class CarefulQoS(QoS):  # type: ignore[misc] # kombu counts as untyped
    """Frees the place of a message that is done, even if Redis could not be told so.

    Else that place would stay taken for good: a consumer with few of them asks for nothing more,
    and so never notices that its connection is gone. Redis' transport hands that message out
    again some day, and whoever gets it knows that it is over.
    """

    def ack(self, delivery_tag: str) -> None:
        """A message is done. Raises what Redis raises, after freeing its place."""
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 (kombu's)
        """A message is refused. Raises as `ack`."""
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class CarefulChannel(Channel):  # type: ignore[misc] # the same
    """A channel that goes on after something that is no message of kombu's."""

    QoS = CarefulQoS

    def _brpop_read(self, **options: Any) -> bool:  # noqa: ANN401 (kombu's own)
        try:
            return bool(super()._brpop_read(**options))
        except _MEANINGLESS as error:
            log.warning("dropped something that is no message: %s", type(error).__name__)
            return True


class CarefulTransport(Transport):  # type: ignore[misc] # the same
    """A transport that drops what is not of the form in which ours are sent."""

    Channel = CarefulChannel

    def _deliver(self, message: object, queue: str) -> None:
        ours = rebuilt(message, queue)
        if ours is not None:
            super()._deliver(ours, queue)
        else:
            log.warning("dropped a message that is not of our form")


class EagerConnection(Connection):  # type: ignore[misc] # the same
    """A connection that asks at least every two seconds whether Redis is back.

    kombu's own waits longer each time, up to 30 s, and Celery has no setting for that.
    """

    def _ensure_connection(
        self,
        errback: Any = None,  # noqa: ANN401 (the same)
        max_retries: int | None = None,
        interval_start: float = 0.5,
        interval_step: float = 0.5,
        interval_max: float = 2.0,
        **options: Any,  # noqa: ANN401 (the same)
    ) -> Any:  # noqa: ANN401 (the same)
        intervals = interval_start, interval_step, interval_max
        return super()._ensure_connection(errback, max_retries, *intervals, **options)


def offer() -> None:
    """Let Celery find this transport under the names of Redis' own."""
    TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = _HERE


def rebuilt(message: Any, queue: str) -> dict[str, Any] | None:  # noqa: ANN401 (any JSON)
    """A message made anew from the little that ours have, None if it is not like that.

    Celery ends, or waits for ever, at a task whose parts are of another kind than it expects; and
    whatever else its protocol can ask for (other tasks, times, compression), ours never do.
    """
    try:
        body, headers, properties = message["body"], message["headers"], message["properties"]
        arguments, named, more = json.loads(base64.b64decode(body, validate=True))
        task, number, tag = headers["task"], headers["id"], properties["delivery_tag"]
        plain = message["content-type"] == "application/json" and not any(more.values())
    except _MEANINGLESS:
        return None
    kinds = [type(one) for one in (arguments, named, task, number, tag)]
    if not plain or kinds != [list, dict, str, str, str] or task not in TASKS:
        return None
    return {
        "body": body,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": task, "id": number, "retries": 0},
        "properties": {
            "correlation_id": number,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "priority": URGENT if properties.get("priority") == URGENT else BULK,
            "body_encoding": "base64",
            "delivery_tag": tag,
        },
    }
