"""Celery's Redis transport, but that a broken message is dropped instead of ending the process.

kombu takes for granted that whatever lies in its lists is JSON of its own making; anything else
raises in its event loop, and Celery ends ("Unrecoverable error").
"""

from __future__ import annotations

import logging
from typing import Any

from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.redis import Channel, Transport

log = logging.getLogger(__name__)
_HERE = f"{__name__}:CarefulTransport"
_WHOLE = {"body", "headers", "properties", "content-type", "content-encoding"}
_TAGGED = {"delivery_tag", "delivery_info"}


class CarefulChannel(Channel):  # type: ignore[misc] # kombu counts as untyped
    """A channel that goes on after something that is no JSON."""

    def _brpop_read(self, **options: Any) -> bool:  # noqa: ANN401 (kombu's own)
        try:
            return bool(super()._brpop_read(**options))
        except ValueError as error:
            log.warning("dropped something that is no message: %s", type(error).__name__)
            return True


class CarefulTransport(Transport):  # type: ignore[misc] # the same
    """A transport that drops what is not of kombu's form."""

    Channel = CarefulChannel

    def _deliver(self, message: object, queue: str) -> None:
        if _is_whole(message):
            super()._deliver(message, queue)
        else:
            log.warning("dropped a message that is not of kombu's form")


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


def _is_whole(message: object) -> bool:
    if not isinstance(message, dict) or not message.keys() >= _WHOLE:
        return False
    headers, properties = message["headers"], message["properties"]
    return (
        isinstance(message["body"], str)
        and isinstance(headers, dict)
        and isinstance(properties, dict)
        and properties.keys() >= _TAGGED
        and isinstance(properties["delivery_info"], dict)
    )
