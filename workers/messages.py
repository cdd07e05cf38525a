"""The messages of the queue, version 1: checked when read, whoever wrote them.

An order goes to a package's queue, its answer to the hub's. A message of another version is
answered as such, if it can be; anything else is no message of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workflow.adapters.text import MAX_LINE
from workflow.jobs import Batch
from workflow.model import DecodeParameters, Hypothesis, PackageRef, answer_key
from workflow.ports import Hypotheses

VERSION = 1
TRANSLATE, SETTLE = "polypress.translate", "polypress.settle"
HUB = "hub"
URGENT, BULK = 0, 6
"""Priorities; 0 is the highest in Celery's Redis transport."""
LONGEST_TEXT = MAX_LINE
"""Characters: what one line of content may have."""
MOST_SEGMENTS = 1_000

Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0, lt=2**53)]
Share = Annotated[float, Field(allow_inf_nan=False)]
Index = Annotated[int, Field(ge=-1, le=LONGEST_TEXT)]
RefusalKind = Literal["package", "version", "failed"]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PackageBody(_Body):
    """Which package shall answer: `PackageRef` on the wire."""

    source: Annotated[Code, Field(alias="from")]
    to: Code
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.+-]{1,40}$")]
    sha256: Digest

    def ref(self) -> PackageRef:
        """The package that is meant."""
        return PackageRef(self.source, self.to, self.version, self.sha256)


class Params(_Body):
    """`DecodeParameters` on the wire."""

    beam_size: Annotated[int, Field(ge=1, le=32)]
    num_hypotheses: Annotated[int, Field(ge=1, le=32)]
    length_penalty: Annotated[float, Field(ge=0, le=5)]
    replace_unknowns: bool


class Segment(_Body):
    """A text and its `answer_key` in hexadecimal."""

    id: Digest
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]


class Order(_Body):
    """A batch to be decoded; `alone` means that the worker does nothing else meanwhile."""

    v: Literal[1]
    job: Number
    batch: Number
    attempt: Number
    package: PackageBody
    params: Params
    segments: Annotated[tuple[Segment, ...], Field(max_length=MOST_SEGMENTS)]
    alone: bool = False

    @property
    def parameters(self) -> DecodeParameters:
        """How to decode."""
        return DecodeParameters(**self.params.model_dump())


class Candidate(_Body):
    """`Hypothesis` on the wire."""

    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    score: Share
    fallback: Share
    coverage: Share
    focus: Share | None = None
    source_piece: Share | None = None
    target_piece: Share | None = None
    spread: Share | None = None
    alignment: tuple[Index, ...] | None = None


class Answered(_Body):
    """The hypotheses for one segment, best first."""

    id: Digest
    hypotheses: Annotated[tuple[Candidate, ...], Field(min_length=1, max_length=32)]


class Refusal(_Body):
    """Why there is no answer: `kind` says what the hub does about it."""

    kind: RefusalKind
    message: Annotated[str, Field(max_length=1000)]

    @classmethod
    def by(cls, name: str, kind: RefusalKind, why: str) -> Refusal:
        """What a part of this name says, no longer than it may be."""
        return cls(kind=kind, message=f"{name}: {why}"[:1000])


class Answer(_Body):
    """What became of an order; `seconds` is how long it was worked on, if the worker says so."""

    v: Literal[1]
    job: Number
    batch: Number
    attempt: Number
    worker: Annotated[str, Field(max_length=200)]
    segments: Annotated[tuple[Answered, ...], Field(max_length=MOST_SEGMENTS)] = ()
    error: Refusal | None = None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    def hypotheses(self) -> dict[str, Hypotheses]:
        """The answers by their `answer_key` in hexadecimal."""
        return {
            one.id: tuple(Hypothesis(**each.model_dump()) for each in one.hypotheses)
            for one in self.segments
        }


def order_body(batch: Batch) -> dict[str, Any]:
    """A batch as the message that asks for it."""
    question = batch.question
    package, parameters = question.package, question.parameters
    return {
        "v": VERSION,
        "job": batch.job,
        "batch": batch.id,
        "attempt": batch.attempt,
        "alone": batch.alone,
        "package": {
            "from": package.source,
            "to": package.target,
            "version": package.version,
            "sha256": package.sha256,
        },
        "params": {name: getattr(parameters, name) for name in Params.model_fields},
        "segments": [
            {"id": answer_key(package, parameters.key, text).hex(), "text": text}
            for text in question.texts
        ],
    }


def answer_body(order: Order, worker: str, answers: Mapping[str, Hypotheses]) -> dict[str, Any]:
    """The answers to an order, by their `answer_key` in hexadecimal, as a message."""
    segments = [
        {
            "id": key,
            "hypotheses": [
                {name: getattr(one, name) for name in Candidate.model_fields} for one in best
            ],
        }
        for key, best in answers.items()
    ]
    return {**_about(order.job, order.batch, order.attempt, worker), "segments": segments}


def refusal_body(about: Mapping[str, Any], worker: str, refusal: Refusal) -> dict[str, Any]:
    """The message that says why an order (with its `job`, `batch`, `attempt`) has no answer."""
    head = _about(about["job"], about["batch"], about["attempt"], worker)
    return {**head, "error": refusal.model_dump()}


def _about(job: int, batch: int, attempt: int, worker: str) -> dict[str, Any]:
    return {"v": VERSION, "job": job, "batch": batch, "attempt": attempt, "worker": worker}


class Stranger(Exception):  # noqa: N818 (it is a message, not an error of ours)
    """A message that is not for us; `about` has job, batch and attempt if they can be read.

    `why` names fields and rules, never what the message holds. `kind` is that of the refusal: one
    of another version is for another worker, one that is wrong by our own is wrong everywhere.
    """

    def __init__(self, payload: object, error: ValidationError) -> None:
        self.why = _why(payload, error)
        self.about = _head(payload)
        self.kind: RefusalKind = "failed" if _is_ours(payload) else "version"
        super().__init__(self.why)

    def refusal(self, name: str) -> Refusal:
        """What the hub is told by a part of this name."""
        return Refusal.by(name, self.kind, self.why)


def read_order(payload: object) -> Order:
    """The order in a message. Raises Stranger."""
    try:
        return Order.model_validate(payload)
    except ValidationError as error:
        raise Stranger(payload, error) from None


def read_answer(payload: object) -> Answer:
    """The answer in a message. Raises Stranger."""
    try:
        return Answer.model_validate(payload)
    except ValidationError as error:
        raise Stranger(payload, error) from None


def _version(payload: object) -> object:
    return payload.get("v") if isinstance(payload, dict) else None


def _is_ours(payload: object) -> bool:
    return _version(payload) == VERSION


def _why(payload: object, error: ValidationError) -> str:
    found = _version(payload)
    if isinstance(found, int) and found != VERSION:
        return f"made by another version of Polypress (messages {found:d}, here {VERSION})"
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) if isinstance(part, int) else part[:40] for part in first["loc"])
    return f"no message of Polypress: {where}: {first['type']}"


class _Head(_Body):
    job: Number
    batch: Number
    attempt: Number


def _head(payload: object) -> dict[str, Any] | None:
    try:
        return _Head.model_validate(payload).model_dump()
    except ValidationError:
        return None
