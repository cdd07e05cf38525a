"""Known: the answers that the cache has by now, and the questions that are still to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.jobs import Question
from workflow.model import DecodeParameters, PackageRef, Traits
from workflow.ports import Hypotheses, Ledger
from workflow.steps.passage import OfEngine
from workflow.steps.project import Project


@dataclass(frozen=True, slots=True)
class Known(OfEngine):
    """A way to answers that never waits; use one for each chunk.

    `missing` maps a package to the texts that it has to be asked, `aside` maps the texts that
    nobody shall ask to the reason.
    """

    project: Project
    ledger: Ledger
    parameters: DecodeParameters
    missing: dict[PackageRef, set[str]] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    known_traits: dict[PackageRef, Traits] = field(default_factory=dict)

    def ask(self, package: PackageRef, texts: Sequence[str]) -> Iterator[Mapping[str, Hypotheses]]:
        """What the cache knows; the rest is noted as missing, or as set aside."""
        key = self.parameters.key
        known = self.project.cache.get(package, key, texts)
        unknown = [text for text in texts if text not in known]
        aside = self.ledger.aside(package, key, unknown) if unknown else {}
        self.aside.update(aside)
        self.missing.setdefault(package, set()).update(set(unknown) - aside.keys())
        yield known

    def questions(self) -> tuple[Question, ...]:
        """What has to be asked, a question for each package."""
        return tuple(
            Question(package, self.parameters, tuple(sorted(texts)))
            for package, texts in self.missing.items()
            if texts
        )
