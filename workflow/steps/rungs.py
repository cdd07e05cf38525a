"""Rungs: the single ways to a segment's text; what each asks, and what comes of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from workflow import segments
from workflow.glossary import Term
from workflow.model import Route
from workflow.numbers import written
from workflow.ports import ContentFormat, Hypotheses
from workflow.segments import MAX_TOKENS, Clean, Protected
from workflow.steps.choosing import Parts, Reading, at_edges, choose, from_clauses, from_pieces
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

    @cached_property
    def guarded(self) -> Protected:
        """The segment with its numbers as tokens, too."""
        source = self.protected.source
        markup = self.form.markup(source)
        return segments.protect(source, markup, terms=written(source), glossary=self.terms)

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


class Step(Protocol):
    """One rung: what it asks for a segment (nothing: it is not for this one), and its outcome."""

    @property
    def route(self) -> Route:
        """The packages that are asked."""
        ...

    @property
    def rank(self) -> int:
        """Which form of tokens is used: 0 is the one that a package keeps best."""
        ...

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The texts that have to be answered; nothing if the rung is not for this segment."""
        ...

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """What comes of their answers; None or a Chosen without a text if it failed."""
        ...


class Way(StrEnum):
    """How a rung treats markup: by the alignment, in tokens, or not at all, since neither helps."""

    ALIGNED = "aligned"
    TOKENS = "tokens"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole segment in one piece."""

    route: Route
    way: Way
    rank: int = 0
    rung: Rung | None = None
    marked_only: bool = False

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The text with or without its markup."""
        if self.marked_only and attempt.clean is None:
            return ()
        return (self._reading(attempt).asked.text,)

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """The first answer that passes; all are kept as those to the whole."""
        reading = self._reading(attempt)
        hypotheses = known[reading.asked.text]
        attempt.first = attempt.first or hypotheses
        if self.way is Way.UNKNOWN:
            hypotheses = tuple(replace(one, alignment=None) for one in hypotheses)
        return choose(reading, hypotheses, self.rung)

    def _reading(self, attempt: Attempt) -> Reading:
        clean = None if self.way is Way.TOKENS else attempt.clean
        return replace(attempt.reading, clean=clean)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers as tokens, too, for an engine that changed one."""

    route: Route
    aligned: bool
    rank: int = 0
    marked_only: bool = False

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The text with its numbers as tokens, if it has any."""
        if self.marked_only and attempt.clean is None:
            return ()
        asked = self._reading(attempt).asked
        new = attempt.guarded != attempt.protected and len(asked.pieces) <= MAX_TOKENS
        return (asked.text,) if new else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """The first answer that passes."""
        reading = self._reading(attempt)
        return choose(reading, known[reading.asked.text], Rung.NUMBERS)

    def _reading(self, attempt: Attempt) -> Reading:
        clean = segments.cleaned(attempt.guarded) if self.aligned else None
        return Reading(attempt.guarded, attempt.form, clean)


@dataclass(frozen=True, slots=True)
class Form:
    """All pieces as tokens, written in the form that the package keeps second best."""

    route: Route
    rank: int = 1

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The text with all its tokens, if it has any."""
        return (attempt.protected.text,) if attempt.protected.pieces else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """The first answer that passes."""
        return choose(attempt.reading, known[attempt.protected.text], Rung.FORM)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses one by one, tokens and all."""

    route: Route
    rank: int = 0

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The clauses, if there are two at least."""
        return self._parts(attempt).texts

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """The clauses joined again."""
        return from_clauses(attempt.reading, self._parts(attempt), known, attempt.first[0])

    def _parts(self, attempt: Attempt) -> Parts:
        target = self.route.hops[-1].target
        return Parts(segments.clauses(attempt.protected, target=target), target)


@dataclass(frozen=True, slots=True)
class Apart:
    """The stretches between the tokens, one by one: every piece survives by itself."""

    route: Route
    rank: int = 0

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The stretches with words, if there are tokens."""
        return self._parts(attempt).texts if attempt.protected.pieces else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """The stretches with the pieces between them."""
        return from_pieces(attempt.reading, self._parts(attempt), known, attempt.first[0])

    def _parts(self, attempt: Attempt) -> Parts:
        return Parts(segments.apart(attempt.protected), self.route.hops[-1].target)


@dataclass(frozen=True, slots=True)
class Edges:
    """The words alone, with the markup round all of them."""

    route: Route
    rank: int = 0

    def asks(self, attempt: Attempt) -> Sequence[str]:
        """The text without its markup, if it has any."""
        return (attempt.clean.protected.text,) if attempt.clean else ()

    def outcome(self, attempt: Attempt, known: Known) -> Chosen | None:
        """The first answer whose words pass."""
        reading = replace(attempt.reading, clean=attempt.clean)
        return at_edges(reading, known[reading.asked.text])
