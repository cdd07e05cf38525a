"""Decode: answers of packages, from the segment cache first, then from the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Queue
from threading import Event, Semaphore, Thread
from typing import TypeVar

from workflow.errors import CancelledError
from workflow.model import PackageRef, Traits
from workflow.ports import Hypotheses
from workflow.steps.passage import OfEngine
from workflow.steps.project import Progress, Project

AT_ONCE = 1000
"""Segments between two writes of the cache: what a kill can cost at most."""
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """How many segments one run decoded, and how many the cache knew, over all hops."""

    decoded: int = 0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Decoding(OfEngine):
    """One run's way to answers; `label` is what progress shows."""

    project: Project
    progress: Progress
    label: str = "translate"
    tally: Tally = field(default_factory=Tally)
    known_traits: dict[PackageRef, Traits] = field(default_factory=dict)

    def ask(self, package: PackageRef, texts: Sequence[str]) -> Iterator[Mapping[str, Hypotheses]]:
        """What the cache knows, then what the engine says, a thousand segments at a time.

        While one part is checked by whoever asked, the engine decodes the next one.
        """
        key = self.project.parameters.key
        known = self.project.cache.get(package, key, texts)
        missing = sorted((text for text in texts if text not in known), key=len)
        self.tally.cached += len(known)
        if known:
            yield known
        stopped = Event()
        for fresh in ahead(self._decoded(package, missing, stopped), stopped):
            self.project.cache.put(package, key, fresh)
            self.tally.decoded += len(fresh)
            yield fresh

    def _decoded(
        self, package: PackageRef, texts: Sequence[str], stopped: Event
    ) -> Iterator[Mapping[str, Hypotheses]]:
        done = self.tally.decoded
        progress = _Counting(self.progress, self.label, stopped, done, done + len(texts))
        for part in _parts(texts):
            answers = self.project.engine.translate(
                package, part, self.project.parameters, progress.more
            )
            yield dict(zip(part, answers, strict=True))


@dataclass(slots=True)
class _Counting:
    """Turns an engine's "so many more" into a Progress of what is done so far."""

    progress: Progress
    label: str
    stopped: Event
    done: int
    total: int

    def more(self, count: int) -> None:
        if self.stopped.is_set():
            raise CancelledError("nobody waits for these answers any more")
        self.done += count
        self.progress(self.label, self.done, self.total)


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE))


def ahead(parts: Iterable[T], stopped: Event) -> Iterator[T]:
    """The parts in order, the next one made in a thread while the last one is used.

    What making them raises is raised here. Whoever stops early sets `stopped` thereby, which ends
    the making, and waits for the thread: a program that ends while it decodes would crash.
    """
    made: Queue[tuple[T] | BaseException | None] = Queue()
    wanted = Semaphore(1)

    def make() -> None:
        try:
            for part in parts:
                made.put((part,))
                wanted.acquire()
                if stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asked
            made.put(error)
        else:
            made.put(None)

    thread = Thread(target=make, name="decode", daemon=True)
    thread.start()
    try:
        while (found := made.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            wanted.release()
            yield found[0]
    finally:
        stopped.set()
        wanted.release()
        thread.join()
