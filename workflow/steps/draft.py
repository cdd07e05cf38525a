"""Draft: the machine's text for many units at once, all their segments in one pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workflow.glossary import Term
from workflow.memory import NOTHING, Given
from workflow.model import Message, Route, Unit
from workflow.ports import ContentFormat, Hypotheses
from workflow.segments import MAX_TOKENS, Protected, Segmented
from workflow.steps import settle
from workflow.steps.project import Collection
from workflow.steps.settle import Chosen, Settled


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that has no fresh translation in a locale, cut into segments.

    `terms` are those that its segments hold as tokens; `old` is its entry as it stands, where
    that is known; `given` is what its text is made of besides the engine's answers.
    """

    collection: Collection
    unit: Unit
    cut: Segmented
    terms: Sequence[Term] = ()
    old: Message | None = None
    given: Given = NOTHING

    @property
    def place(self) -> str:
        """Where its text stands, as the memory knows it."""
        return f"{self.collection.name}:{self.unit.context}"

    @property
    def texts(self) -> list[str | None]:
        """What is given for each segment, None for what the engine has to translate."""
        waiting: dict[str, list[str]] = {}
        for sentence, text in reversed(self.given.sentences):
            waiting.setdefault(sentence, []).append(text)
        return [
            waiting[segment.source].pop() if waiting.get(segment.source) else None
            for segment in self.cut.segments
        ]


class Answers(Protocol):
    """A way to hypotheses: an engine that answers at once, or what is known by now."""

    def along(self, route: Route, texts: Iterable[str]) -> Mapping[str, Hypotheses]:
        """Hypotheses by text; a text that is not answered (yet) is left out."""
        ...


@dataclass(slots=True)
class _Attempt:
    """One segment on its way: the form in which the engine gets it, and what came of it so far."""

    form: ContentFormat
    protected: Protected
    terms: Sequence[Term] = ()
    given: str | None = None
    chosen: Chosen | None = None
    waiting: bool = False

    @property
    def failed(self) -> bool:
        return self.chosen is not None and self.chosen.text is None and not self.waiting


def drafts(answers: Answers, route: Route, wanted: Sequence[Wanted]) -> list[Settled | None]:
    """The outcome for each unit, in three rounds, each pooled over all units.

    What fails its checks is decoded again with its numbers as tokens, then in stretches between
    the tokens. None stands for a unit with a segment that is not answered; all that can be asked
    meanwhile has been asked then. Raises PackageError.
    """
    attempts = [_attempts(one) for one in wanted]
    everything = [attempt for row in attempts for attempt in row if attempt.given is None]
    _first_round(answers, route, everything)
    _with_numbers(answers, route, [attempt for attempt in everything if attempt.failed])
    _apart(answers, route, [attempt for attempt in everything if attempt.failed])
    return [_joined(one, row) for one, row in zip(wanted, attempts, strict=True)]


def _attempts(one: Wanted) -> list[_Attempt]:
    return [
        _Attempt(one.collection.format, segment, one.terms, text)
        for segment, text in zip(one.cut.segments, one.texts, strict=True)
    ]


def _joined(one: Wanted, row: Sequence[_Attempt]) -> Settled | None:
    if any(attempt.waiting for attempt in row):
        return None
    parts = [part for attempt in row if (part := attempt.given or attempt.chosen) is not None]
    return settle.joined(one.unit, one.cut, parts, one.collection.format)


def _first_round(answers: Answers, route: Route, attempts: Sequence[_Attempt]) -> None:
    known = answers.along(route, {attempt.protected.text for attempt in attempts})
    for attempt in attempts:
        found = known.get(attempt.protected.text)
        attempt.waiting = found is None
        if found is not None:
            attempt.chosen = settle.choose(attempt.protected, found, attempt.form)


def _with_numbers(answers: Answers, route: Route, attempts: Sequence[_Attempt]) -> None:
    tried = []
    for attempt in attempts:
        guarded = settle.with_numbers(attempt.protected, attempt.form, attempt.terms)
        if guarded != attempt.protected:
            attempt.protected = guarded
            tried.append(attempt)
    fitting = [one for one in tried if len(one.protected.pieces) <= MAX_TOKENS]
    known = answers.along(route, {attempt.protected.text for attempt in fitting})
    for attempt in fitting:
        found = known.get(attempt.protected.text)
        attempt.waiting = found is None
        if attempt.chosen and found is not None:
            attempt.chosen = settle.choose_with_numbers(
                attempt.protected, attempt.chosen, found, attempt.form
            )


def _apart(answers: Answers, route: Route, attempts: Sequence[_Attempt]) -> None:
    in_pieces = {
        index: settle.texts_apart(attempt.protected)
        for index, attempt in enumerate(attempts)
        if attempt.protected.pieces
    }
    known = answers.along(route, {text for texts in in_pieces.values() for text in texts})
    for index, texts in in_pieces.items():
        attempt = attempts[index]
        attempt.waiting = any(text not in known for text in texts)
        if attempt.chosen and not attempt.waiting:
            attempt.chosen = settle.choose_apart(
                attempt.protected, attempt.chosen, known, attempt.form
            )
