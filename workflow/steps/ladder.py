"""The ladder: what is tried for a segment, rung by rung, each pooled over all that have failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from workflow import segments
from workflow.glossary import Term
from workflow.model import Route
from workflow.numbers import written
from workflow.ports import ContentFormat, Hypotheses
from workflow.segments import MAX_TOKENS, Clean, Protected, Stretch
from workflow.steps import passage
from workflow.steps.choosing import Reading, at_edges, choose, from_clauses, from_pieces
from workflow.steps.passage import Answers
from workflow.steps.settle import Chosen, Rung

Known = dict[str, Hypotheses]


@dataclass
class Attempt:
    """One segment on its way up: what came of it so far, and the first answers to the whole."""

    form: ContentFormat
    protected: Protected
    terms: Sequence[Term] = ()
    chosen: Chosen | None = None
    first: Hypotheses = ()
    waiting: bool = False

    @cached_property
    def clean(self) -> Clean | None:
        """The segment without its markup, if it has any."""
        return segments.cleaned(self.protected)

    @property
    def open(self) -> bool:
        """Whether something has to be tried (again)."""
        return not self.waiting and (self.chosen is None or self.chosen.text is None)

    def take(self, chosen: Chosen | None) -> None:
        """The outcome of a rung; of those that failed the first says why."""
        if self.chosen is None or (chosen is not None and chosen.text is not None):
            self.chosen = chosen

    @property
    def reading(self) -> Reading:
        """How an answer to the text with all tokens is read."""
        return Reading(self.protected, self.form)


class _Step(Protocol):
    """One rung: what it asks for a segment (nothing: it is not for this one), and its outcome."""

    @property
    def route(self) -> Route: ...

    @property
    def rank(self) -> int: ...

    def asks(self, attempt: Attempt) -> Sequence[str]: ...

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None: ...


@dataclass(frozen=True, slots=True)
class _Whole:
    """The whole segment; its markup goes by the alignment if that is trusted, else in tokens."""

    route: Route
    aligned: bool
    rank: int = 0
    rung: Rung | None = None
    marked_only: bool = False

    def asks(self, attempt: Attempt) -> Sequence[str]:
        if self.marked_only and attempt.clean is None:
            return ()
        return (self._reading(attempt).asked.text,)

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        reading = self._reading(attempt)
        hypotheses = known[reading.asked.text]
        attempt.first = attempt.first or hypotheses
        return choose(reading, hypotheses, self.rung)

    def _reading(self, attempt: Attempt) -> Reading:
        return replace(attempt.reading, clean=attempt.clean if self.aligned else None)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers as tokens, too, for an engine that changed one."""

    route: Route
    rank: int = 0

    def asks(self, attempt: Attempt) -> Sequence[str]:
        guarded = with_numbers(attempt)
        new = guarded != attempt.protected and len(guarded.pieces) <= MAX_TOKENS
        return (guarded.text,) if new else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        guarded = with_numbers(attempt)
        return choose(Reading(guarded, attempt.form), known[guarded.text], Rung.NUMBERS)


@dataclass(frozen=True, slots=True)
class _Form:
    """All pieces as tokens, written in the form that the package keeps second best."""

    route: Route
    rank: int = 1

    def asks(self, attempt: Attempt) -> Sequence[str]:
        return (attempt.protected.text,) if attempt.protected.pieces else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        return choose(attempt.reading, known[attempt.protected.text], Rung.FORM)


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The clauses one by one, tokens and all."""

    route: Route
    rank: int = 0

    def asks(self, attempt: Attempt) -> Sequence[str]:
        return _texts(self._stretches(attempt))

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        return from_clauses(attempt.reading, self._stretches(attempt), known, attempt.first[0])

    def _stretches(self, attempt: Attempt) -> tuple[Stretch, ...]:
        return segments.clauses(attempt.protected, target=self.route.hops[-1].target)


@dataclass(frozen=True, slots=True)
class _Apart:
    """The stretches between the tokens, one by one: every piece survives by itself."""

    route: Route
    rank: int = 0

    def asks(self, attempt: Attempt) -> Sequence[str]:
        return _texts(segments.apart(attempt.protected)) if attempt.protected.pieces else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        stretches = segments.apart(attempt.protected)
        return from_pieces(attempt.reading, stretches, known, attempt.first[0])


def _texts(stretches: Sequence[Stretch]) -> list[str]:
    return [stretch.text for stretch in stretches if stretch.translate]


def with_numbers(attempt: Attempt) -> Protected:
    """The segment with its numbers as tokens, too."""
    source = attempt.protected.source
    markup = attempt.form.markup(source)
    return segments.protect(source, markup, terms=written(source), glossary=attempt.terms)


def climb(answers: Answers, route: Route, attempts: Sequence[Attempt]) -> None:
    """Settle the attempts as far as the answers go; those that need more are then `waiting`.

    Whatever can be asked meanwhile has been asked. Raises PackageError.
    """
    first, *others = _steps(answers, route)
    _at_once(answers, first, attempts)
    for step in others:
        _pooled(answers, step, [attempt for attempt in attempts if attempt.open])
    _by_detour(answers, route, [attempt for attempt in attempts if attempt.open])
    for attempt in attempts:
        if attempt.open:
            reading = replace(attempt.reading, clean=attempt.clean)
            attempt.take(at_edges(reading, attempt.first))


def _steps(answers: Answers, route: Route) -> Iterator[_Step]:
    aligned, tokens = passage.aligns(answers, route), passage.keeps_tokens(answers, route)
    yield _Whole(route, aligned or not tokens)
    if tokens:
        if aligned:
            yield _Whole(route, aligned=False, rung=Rung.MARKUP, marked_only=True)
        yield _Numbers(route)
        if passage.has_another_form(answers, route):
            yield _Form(route)
    yield _Clauses(route)
    yield _Apart(route)


def _by_detour(answers: Answers, route: Route, attempts: Sequence[Attempt]) -> None:
    other = answers.detour(route) if attempts else None
    if other is None:
        return
    step = _Whole(other, passage.aligns(answers, other), rung=Rung.ROUTE)
    _pooled(answers, step, attempts)
    for attempt in attempts:
        if attempt.chosen is not None and attempt.chosen.rung is Rung.ROUTE:
            attempt.chosen = replace(attempt.chosen, route=other)


def _at_once(answers: Answers, step: _Step, attempts: Sequence[Attempt]) -> None:
    """The first rung: each segment is checked as soon as it is answered."""
    waiting: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        (text,) = step.asks(attempt)
        waiting.setdefault(text, []).append(attempt)
        attempt.waiting = True
    for part in passage.flow(answers, step.route, waiting, rank=step.rank):
        for text in part:
            for attempt in waiting[text]:
                attempt.waiting = False
                attempt.take(step.outcome(attempt, part))


def _pooled(answers: Answers, step: _Step, attempts: Sequence[Attempt]) -> None:
    """Another rung; a segment waits until all that it asks is answered."""
    asked = [(attempt, step.asks(attempt)) for attempt in attempts]
    pool = {text for _, texts in asked for text in texts}
    known = passage.along(answers, step.route, pool, rank=step.rank) if pool else {}
    for attempt, texts in asked:
        attempt.waiting = any(text not in known for text in texts)
        if texts and not attempt.waiting:
            attempt.take(step.outcome(attempt, known))
