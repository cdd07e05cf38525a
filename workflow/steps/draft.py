"""Draft: the machine's text for many units at once, all their segments in one pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.model import Route, Unit
from workflow.ports import ContentFormat
from workflow.segments import MAX_TOKENS, Protected, Segmented
from workflow.steps import settle
from workflow.steps.decode import Decoding
from workflow.steps.project import Collection
from workflow.steps.settle import Chosen, Settled


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that has no fresh translation in a locale, cut into segments."""

    collection: Collection
    unit: Unit
    cut: Segmented

    @property
    def place(self) -> str:
        """Where its text stands, as the memory knows it."""
        return f"{self.collection.name}:{self.unit.context}"


@dataclass(slots=True)
class _Attempt:
    """One segment on its way: the form in which the engine gets it, and what came of it so far."""

    form: ContentFormat
    protected: Protected
    chosen: Chosen | None = None

    @property
    def failed(self) -> bool:
        return self.chosen is not None and self.chosen.text is None


def drafts(decoding: Decoding, route: Route, wanted: Sequence[Wanted]) -> list[Settled]:
    """The outcome for each unit, in three rounds, each pooled over all units.

    What fails its checks is decoded again with its numbers as tokens, then in stretches between
    the tokens. Raises PackageError.
    """
    attempts = [
        [_Attempt(one.collection.format, segment) for segment in one.cut.segments] for one in wanted
    ]
    everything = [attempt for row in attempts for attempt in row]
    _first_round(decoding, route, everything)
    _with_numbers(decoding, route, [attempt for attempt in everything if attempt.failed])
    _apart(decoding, route, [attempt for attempt in everything if attempt.failed])
    return [
        settle.joined(
            one.unit, one.cut, [each.chosen for each in row if each.chosen], one.collection.format
        )
        for one, row in zip(wanted, attempts, strict=True)
    ]


def _first_round(decoding: Decoding, route: Route, attempts: Sequence[_Attempt]) -> None:
    answers = decoding.along(route, {attempt.protected.text for attempt in attempts})
    for attempt in attempts:
        found = answers[attempt.protected.text]
        attempt.chosen = settle.choose(attempt.protected, found, attempt.form)


def _with_numbers(decoding: Decoding, route: Route, attempts: Sequence[_Attempt]) -> None:
    tried = []
    for attempt in attempts:
        guarded = settle.with_numbers(attempt.protected, attempt.form)
        if guarded != attempt.protected:
            attempt.protected = guarded
            tried.append(attempt)
    fitting = [one for one in tried if len(one.protected.pieces) <= MAX_TOKENS]
    answers = decoding.along(route, {attempt.protected.text for attempt in fitting})
    for attempt in fitting:
        if attempt.chosen:
            found = answers[attempt.protected.text]
            attempt.chosen = settle.choose_with_numbers(
                attempt.protected, attempt.chosen, found, attempt.form
            )


def _apart(decoding: Decoding, route: Route, attempts: Sequence[_Attempt]) -> None:
    in_pieces = [attempt for attempt in attempts if attempt.protected.pieces]
    texts = {text for one in in_pieces for text in settle.texts_apart(one.protected)}
    answers = decoding.along(route, texts)
    for attempt in in_pieces:
        if attempt.chosen:
            attempt.chosen = settle.choose_apart(
                attempt.protected, attempt.chosen, answers, attempt.form
            )
