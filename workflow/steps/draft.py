"""Draft: the machine's text for many units at once, all their segments in one pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.glossary import Term
from workflow.memory import NOTHING, Given
from workflow.model import Message, Route, Unit
from workflow.segments import Segmented
from workflow.steps import settle
from workflow.steps.ladder import climb
from workflow.steps.passage import Answers
from workflow.steps.project import Collection
from workflow.steps.rungs import Attempt
from workflow.steps.settle import Settled


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


def drafts(answers: Answers, route: Route, wanted: Sequence[Wanted]) -> list[Settled | None]:
    """The outcome for each unit; see `workflow.steps.ladder` for what is tried.

    None stands for a unit with a segment that is not answered; all that can be asked meanwhile
    has been asked then. Raises PackageError.
    """
    rows = [_row(one) for one in wanted]
    climb(answers, route, [part for row in rows for part in row if isinstance(part, Attempt)])
    return [_joined(one, row) for one, row in zip(wanted, rows, strict=True)]


def _row(one: Wanted) -> list[Attempt | str]:
    """What is given for each segment, or the attempt to have it translated."""
    return [
        Attempt(one.collection.format, segment, one.terms) if text is None else text
        for segment, text in zip(one.cut.segments, one.texts, strict=True)
    ]


def _joined(one: Wanted, row: Sequence[Attempt | str]) -> Settled | None:
    if any(isinstance(part, Attempt) and part.waiting for part in row):
        return None
    parts = [part if isinstance(part, str) else part.chosen for part in row]
    known = [part for part in parts if part is not None]
    return settle.joined(one.cut, known, one.collection.format)
