"""The ladder: what is tried for a segment, rung by rung, each pooled over all that have failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workflow.errors import PolypressError
from workflow.model import Diagnostic, Hypothesis, Route, Severity
from workflow.steps import passage
from workflow.steps.passage import Answers
from workflow.steps.rungs import (
    Apart,
    Attempt,
    Clauses,
    Edges,
    Form,
    Known,
    Numbers,
    Step,
    Way,
    Whole,
)
from workflow.steps.settle import Chosen, Rung


def climb(answers: Answers, route: Route, attempts: Sequence[Attempt]) -> None:
    """Settle the attempts as far as the answers go; those that need more are then `waiting`.

    Whatever can be asked meanwhile has been asked. Raises PackageError.
    """
    first, *others = _steps(answers, route)
    _at_once(answers, first, attempts)
    for step in others:
        _pooled(answers, step, _open(attempts))
    _by_detour(answers, route, _open(attempts))
    _pooled(answers, Edges(route), _open(attempts))


def _open(attempts: Sequence[Attempt]) -> list[Attempt]:
    return [attempt for attempt in attempts if attempt.open]


def _steps(answers: Answers, route: Route) -> Iterator[Step]:
    way, tokens = _first_way(answers, route), passage.keeps_tokens(answers, route)
    aligned = way is Way.ALIGNED
    yield Whole(route, way)
    if tokens:
        if aligned:
            yield Whole(route, Way.TOKENS, rung=Rung.MARKUP, marked_only=True)
        yield Numbers(route, aligned)
        if aligned:
            yield Numbers(route, aligned=False, marked_only=True)
        if passage.has_another_form(answers, route):
            yield Form(route)
    yield Clauses(route)
    yield Apart(route)


def _first_way(answers: Answers, route: Route) -> Way:
    if passage.aligns(answers, route):
        return Way.ALIGNED
    return Way.TOKENS if passage.keeps_tokens(answers, route) else Way.UNKNOWN


def _by_detour(answers: Answers, route: Route, attempts: Sequence[Attempt]) -> None:
    other = answers.detour(route) if attempts else None
    if other is None:
        return
    step = Whole(other, _first_way(answers, other), rung=Rung.ROUTE)
    _pooled(answers, step, attempts)
    for attempt in attempts:
        if attempt.chosen is not None and attempt.chosen.rung is Rung.ROUTE:
            attempt.chosen = replace(attempt.chosen, route=other)


def _at_once(answers: Answers, step: Step, attempts: Sequence[Attempt]) -> None:
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
                attempt.take(_outcome(step, attempt, part))


def _pooled(answers: Answers, step: Step, attempts: Sequence[Attempt]) -> None:
    """Another rung; a segment waits until all that it asks is answered."""
    asked = [(attempt, step.asks(attempt)) for attempt in attempts]
    pool = {text for _, texts in asked for text in texts}
    known = passage.along(answers, step.route, pool, rank=step.rank) if pool else {}
    for attempt, texts in asked:
        attempt.waiting = any(text not in known for text in texts)
        if texts and not attempt.waiting:
            attempt.take(_outcome(step, attempt, known))


def _outcome(step: Step, attempt: Attempt, known: Known) -> Chosen | None:
    """What comes of a rung; an error that should not be fails this one segment, and is told."""
    try:
        return step.outcome(attempt, known)
    except PolypressError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad segment must not stop all others
        what = f"an error that should not be: {type(error).__name__}"
        found = Diagnostic("unexpected", Severity.ERROR, what)
        return Chosen(None, Rung.NONE, Hypothesis(""), (found,))
