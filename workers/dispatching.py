"""The hub's way to the workers: `ports.Dispatcher` on Celery and Redis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workers import broker, celeryapp, presence
from workers.logs import logger
from workers.messages import BULK, HUB, TRANSLATE, URGENT, order_body
from workers.sight import Sight
from workflow.errors import OutsideError, Place
from workflow.jobs import Batch, Look
from workflow.model import PackageRef

log = logger("hub")
EPOCH = "polypress:epoch"
"""A key that is missing once Redis has lost its data."""


def queue_of(package: PackageRef) -> str:
    """The queue of one exact package, e.g. `en_es@1.0-1a2b3c4d`."""
    return f"{package.name}-{package.sha256[:8]}"


class RedisDispatcher:
    """Implements `ports.Dispatcher`; used by one thread."""

    def __init__(self, url: str, app: Any, sight: Sight | None = None) -> None:  # noqa: ANN401 (Celery has no types)
        self.sight = sight or Sight()
        self._url = url
        self._app = app
        self._client = broker.client(url)

    def send(self, batches: Iterable[Batch]) -> None:
        """Put batches into their packages' queues. Raises OutsideError."""
        for batch in batches:
            try:
                celeryapp.send(
                    self._app,
                    TRANSLATE,
                    order_body(batch),
                    queue=queue_of(batch.question.package),
                    priority=URGENT if batch.urgent else BULK,
                )
            except celeryapp.Unreachable as error:
                raise OutsideError(
                    f"Redis takes no messages: {type(error).__name__}",
                    fix="`polypress doctor` tells more; what is due is sent once it is back",
                    place=Place(path=broker.shown(self._url)),
                ) from error

    def look(self, packages: Iterable[PackageRef]) -> Look:
        """What the queues of these packages and the workers look like. Raises OutsideError."""
        wanted = list(packages)
        try:
            return self._looked(wanted)
        except broker.WrongKindError:
            self._clear(wanted)
            return self._looked(wanted)

    def bury(self, worker: str) -> None:
        """Forget a dead worker. Raises OutsideError."""
        with broker.reached(self._url):
            presence.bury(self._client, worker)

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def _looked(self, wanted: list[PackageRef]) -> Look:
        with broker.reached(self._url):
            workers, dead = presence.look(self._client)
            depth = {package: self._depth(queue_of(package)) for package in wanted}
            answers = self._depth(HUB)
            forgotten = bool(self._client.set(EPOCH, "1", nx=True))
        return Look(tuple(workers), self.sight.believed(workers, dead), depth, answers, forgotten)

    def _clear(self, wanted: list[PackageRef]) -> None:
        """Delete what somebody put where ours should be: it is no use to anybody."""
        queues = [HUB, *map(queue_of, wanted)]
        kinds = {each: "list" for queue in queues for each in celeryapp.lists_of(queue)}
        with broker.reached(self._url):
            for key in broker.clear(self._client, {presence.WORKING: "hash", **kinds}):
                log.warning("a key of another kind is deleted", key=key)

    def _depth(self, queue: str) -> int:
        return sum(int(self._client.llen(each)) for each in celeryapp.lists_of(queue))
