"""Presence: what a worker says of itself in Redis, so that the hub notices when it dies."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workers import broker
from workflow.errors import OutsideError
from workflow.jobs import Dead, Worker

BEAT, WORKING = "polypress:beat:", "polypress:working"
LIFE = 15
"""Seconds that a beat is believed."""
EVERY = 2.0
"""Seconds between two beats."""

LONGEST_NAME, LONGEST_NOTE, MOST_PACKAGES = 100, 500, 1000
"""Characters and packages that a worker says at most; longer names are read."""
_NO_TEXT = "\ufffd"
"""What stands for bytes that are no text."""

_Batches = Annotated[tuple[Annotated[int, Field(ge=0, lt=2**53)], ...], Field(max_length=10_000)]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, Field(max_length=200)]
    packages: Annotated[
        tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=MOST_PACKAGES)
    ]
    concurrency: Annotated[int, Field(ge=1, le=10_000)]
    resident: Annotated[int, Field(ge=0)] = 0
    models: Annotated[int, Field(ge=0)] = 0
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    batches: Annotated[int, Field(ge=0)] = 0
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


class _Has(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    working: _Batches = ()
    waiting: _Batches = ()


_M = TypeVar("_M", bound=BaseModel)


def identity() -> str:
    """What names this process among all workers: `<host>:<pid>`."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True)
class Presence:
    """One worker's word in Redis: a beat that expires, and the batches it has, which do not.

    `about` gives the rest of `workflow.jobs.Worker` at the time of a beat. What Redis refuses is
    ignored: without a beat the hub sends the batches again, and nothing is lost.
    """

    url: str
    about: Callable[[], dict[str, Any]]
    id: str = field(default_factory=identity)
    _working: set[int] = field(default_factory=set)
    _waiting: set[int] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _client: Any = None
    _said: str = ""

    def begin(self) -> None:
        """Take the place of a worker that had this host and number before, and died.

        In a container that is started again both are the same. What it had is kept under another
        name, without a beat, so that the hub finds it dead. Then comes the first beat, before any
        batch. What Redis refuses is ignored.
        """
        with suppress(OutsideError), broker.reached(self.url):
            had = self.client.hget(WORKING, self.id)
            if had is not None:
                self.client.delete(f"{BEAT}{self.id}")
                self.client.hset(WORKING, f"{self.id}~{secrets.token_hex(4)}", had)
                self.client.hdel(WORKING, self.id)
            self.beat()

    @contextmanager
    def waiting(self, batch: int) -> Iterator[None]:
        """While a batch is here, but not worked on yet."""
        with self._holding(self._waiting, batch):
            yield

    @contextmanager
    def working(self, batch: int) -> Iterator[None]:
        """While a batch is worked on: if the process dies now, this batch may be the cause."""
        with self._holding(self._working, batch):
            yield

    @property
    def busy(self) -> int:
        """How many batches are here."""
        return len(self._working) + len(self._waiting)

    @property
    def at_work(self) -> int:
        """How many of them are worked on."""
        return len(self._working)

    def beat(self) -> None:
        """Say once more that this worker lives. Raises OutsideError."""
        said = json.dumps(self.about())
        with self._lock:
            self._said = said
            self._write()

    def leave(self) -> None:
        """Say that this worker ends, and has nothing left."""
        with suppress(OutsideError), broker.reached(self.url):
            self.client.delete(f"{BEAT}{self.id}")
            self.client.hdel(WORKING, self.id)
            self.client.close()

    @property
    def client(self) -> Any:  # noqa: ANN401 (redis' own type is generic in what it returns)
        """A client of this process' own, made when first needed."""
        if self._client is None:
            self._client = broker.client(self.url)
        return self._client

    def _write(self) -> None:
        """Both in one, so that no batch is ever at a worker that seems dead."""
        held = {"working": sorted(self._working), "waiting": sorted(self._waiting)}
        with broker.reached(self.url), self.client.pipeline(transaction=False) as pipe:
            pipe.set(f"{BEAT}{self.id}", self._said, ex=LIFE)
            pipe.hset(WORKING, self.id, json.dumps(held))
            pipe.execute()

    @contextmanager
    def _holding(self, group: set[int], batch: int) -> Iterator[None]:
        self._change(group.add, batch)
        try:
            yield
        finally:
            self._change(group.discard, batch)

    def _change(self, change: Callable[[int], None], batch: int) -> None:
        with self._lock:
            change(batch)
            self._said = self._said or json.dumps(self.about())
            with suppress(OutsideError):
                self._write()


def look(client: Any) -> tuple[list[Worker], list[Dead]]:  # noqa: ANN401 (see Presence.client)
    """The workers that live, and those that ended without a word. Raises redis' errors."""
    has = client.hgetall(WORKING)
    beats = client.mget([f"{BEAT}{id_}" for id_ in has]) if has else []
    workers, dead = [], []
    for (id_, batches), beat in zip(has.items(), beats, strict=True):
        held = _read(_Has, batches) or _Has()
        if beat is not None:
            workers.append(_living(id_, beat, (*held.working, *held.waiting)))
        elif _NO_TEXT not in id_:  # no worker's, and nobody could bury it
            dead.append(Dead(id_, held.working, held.waiting))
    return workers, dead


def _living(id_: str, beat: str, working: tuple[int, ...]) -> Worker:
    """Who beats lives, also if it says what we cannot read, as a newer version may."""
    said = _read(_Said, beat)
    if said is None:
        return Worker(id_, id_, working=working)
    return Worker(id_, working=working, **said.model_dump())


def bury(client: Any, worker: str) -> None:  # noqa: ANN401 (see Presence.client)
    """Forget a dead worker. Raises redis' errors."""
    client.hdel(WORKING, worker)


def _read(model: type[_M], text: str) -> _M | None:
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None
