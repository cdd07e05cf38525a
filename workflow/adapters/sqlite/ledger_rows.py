"""How the ledger's rows hold requests, work and questions: compact JSON, checked when read."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple
from typing import Any

from workflow.adapters.sqlite.connection import Database
from workflow.jobs import Batch, Chunk, Question, Request, Work
from workflow.memory import Given
from workflow.model import DecodeParameters, PackageRef, Route, Unit, answer_key

Row = tuple[Any, ...]
Pair = list[str]
"""A text and its translation, as JSON has them."""


class Rows:
    """Some of the ledger's rows; each method is one transaction on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database


def packed(value: object) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Any:  # noqa: ANN401 (any value that JSON holds)
    """The value of a line of JSON. Raises sqlite3.DatabaseError: the file is damaged then."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise sqlite3.DatabaseError(f"a row of the ledger is damaged: {error}") from None


def package_text(package: PackageRef) -> str:
    """A package as a column holds it."""
    return packed(list(astuple(package)))


def package_of(text: str) -> PackageRef:
    """The package in a column."""
    return PackageRef(*unpacked(text))


def request_text(request: Request) -> str:
    """A request as its row holds it."""
    return packed([request.locales, request.items, request.urgent])


def request_of(text: str) -> Request:
    """The request in a row."""
    locales, items, urgent = unpacked(text)
    return Request(tuple(locales), tuple(items), bool(urgent))


def work_text(work: Work) -> str:
    """A chunk's work; of a unit only what settling needs: item, field and source.

    What is given for units comes last, and only if there is any: older rows have no such part.
    """
    hops = [astuple(hop) for hop in work.route.hops]
    units = [(unit.item, unit.field, unit.source) for unit in work.units]
    given = [(index, astuple(given)) for index, given in sorted(work.given.items())]
    told = [work.locale, work.collection, work.domain, hops, astuple(work.parameters), units]
    return packed([*told, given] if given else told)


def chunk_of(row: Row) -> Chunk:
    """The chunk in a row of (id, job, segments, work, note)."""
    number, job, segments, text, note = row
    locale, collection, domain, hops, parameters, units, *rest = unpacked(text)
    work = Work(
        locale,
        collection,
        domain,
        Route(tuple(PackageRef(*hop) for hop in hops)),
        DecodeParameters(*parameters),
        tuple(Unit(collection, *unit) for unit in units),
        segments,
        {index: _given_of(*given) for index, given in (rest[0] if rest else ())},
    )
    return Chunk(number, job, work, held=bool(note))


def _given_of(kept: list[Pair], found: list[Pair], lines: list[str], spare: Pair | None) -> Given:
    return Given(
        tuple((source, target) for source, target in kept),
        tuple((source, target) for source, target in found),
        tuple(lines),
        (spare[0], spare[1]) if spare else None,
    )


def question_text(question: Question) -> str:
    """A question as its batch's row holds it."""
    return packed([astuple(question.package), astuple(question.parameters), list(question.texts)])


def question_of(text: str) -> Question:
    """The question in a batch's row."""
    package, parameters, texts = unpacked(text)
    return Question(PackageRef(*package), DecodeParameters(*parameters), tuple(texts))


def keys_of(question: Question) -> list[bytes]:
    """The `answer_key` of each text."""
    key = question.parameters.key
    return [answer_key(question.package, key, text) for text in question.texts]


def batch_of(row: Row) -> Batch:
    """The batch in a row of the table, whatever columns are added at its end."""
    number, job, _, urgent, _, _, attempt, crashes, alone, _, question, *_ = row
    return Batch(
        number,
        job,
        question_of(question),
        urgent=bool(urgent),
        attempt=attempt,
        crashes=crashes,
        alone=bool(alone),
    )
