"""The words of the queue as values: jobs, chunks, batches, and the workers that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflow.memory import Given
from workflow.model import DecodeParameters, PackageRef, Route, Unit


class JobState(StrEnum):
    """Where a job stands; `partial` is done but for what its failures name."""

    PLANNING = "planning"
    INTERRUPTED = "interrupted"
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    CANCELLED = "cancelled"


OVER = (JobState.DONE, JobState.PARTIAL, JobState.CANCELLED)
"""In these states nothing of a job is left to settle."""


class BatchState(StrEnum):
    """Where a batch stands: to be sent, in the queue or at a worker, answered, or given up."""

    READY = "ready"
    SENT = "sent"
    DONE = "done"
    ASIDE = "aside"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Request:
    """What an editor asked for; no items means all, and `urgent` overtakes what is not."""

    locales: tuple[str, ...]
    items: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """The part of a job that settles together: units of one catalog without a fresh text.

    `segments` is how many segments the units have; `given` maps the index of a unit to what its
    text is made of besides the engine's answers.
    """

    locale: str
    collection: str
    domain: str
    route: Route
    parameters: DecodeParameters
    units: tuple[Unit, ...]
    segments: int = 0
    given: Mapping[int, Given] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Work as the ledger keeps it, with its number and its job's.

    `held` says that something was in the way when it was last to be settled.
    """

    id: int
    job: int
    work: Work
    held: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A unit (or a whole catalog, if `unit` is empty) that got no text, and why."""

    locale: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """Texts that a package shall answer with these parameters."""

    package: PackageRef
    parameters: DecodeParameters
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A group of segments of one package, small enough to take seconds.

    `attempt` counts from 1 how often it was sent, `crashes` how often it was the only batch at a
    worker that died; `alone` asks the worker to work on nothing else meanwhile.
    """

    id: int
    job: int
    question: Question
    urgent: bool = False
    attempt: int = 1
    crashes: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker as it says of itself; sizes in bytes, `seconds` since it started.

    `id` is `<host>:<pid>`; `packages` are in the form of `str(PackageRef)`; `working` are the
    numbers of the batches that it has now.
    """

    id: str
    name: str
    packages: tuple[str, ...] = ()
    concurrency: int = 1
    working: tuple[int, ...] = ()
    resident: int = 0
    models: int = 0
    seconds: float = 0.0
    batches: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dead:
    """A worker that is gone without a word, and the batches it worked on or had waiting."""

    worker: str
    working: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What the queue looks like now.

    `depth` maps a package to how many of its messages wait; `forgotten` says that Redis lost
    everything since the last look; `answers` is how many answers wait for the hub.
    """

    workers: tuple[Worker, ...] = ()
    dead: tuple[Dead, ...] = ()
    depth: Mapping[PackageRef, int] = field(default_factory=dict)
    answers: int = 0
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a job waits for of one package: batches that are not answered, and their segments."""

    package: PackageRef
    batches: int
    segments: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A segment that was given up: its batch, the package that was asked, and its text."""

    batch: int
    package: PackageRef
    text: str


@dataclass(frozen=True, slots=True)
class JobFigures:
    """A job as people watch it; counts of units, batches and segments, done and in all.

    `again` counts how often a batch was sent once more, `failed` the failures. `waiting` may
    hold batches of other jobs: a text is asked once, for all that need it.
    """

    id: int
    state: JobState
    request: Request
    created: str
    batches: int = 0
    batches_done: int = 0
    segments: int = 0
    segments_done: int = 0
    units: int = 0
    units_done: int = 0
    machine: int = 0
    withheld: int = 0
    again: int = 0
    failed: int = 0
    waiting: tuple[Waiting, ...] = ()
    failures: tuple[Failure, ...] = ()
    aside: tuple[Aside, ...] = ()
    notes: tuple[str, ...] = ()
