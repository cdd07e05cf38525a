"""Known: the answers that the cache has by now, and the questions that are still to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflow.jobs import Question
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Route
from workflow.ports import Hypotheses, Ledger, SegmentCache
from workflow.steps.decode import chained


@dataclass(frozen=True, slots=True)
class Known:
    """A way to answers that never waits; use one for each chunk.

    `missing` maps a package to the texts that it has to be asked, `aside` maps the texts that
    nobody shall ask to the reason.
    """

    cache: SegmentCache
    ledger: Ledger
    parameters: DecodeParameters
    missing: dict[PackageRef, set[str]] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)

    def along(self, route: Route, texts: Iterable[str]) -> Mapping[str, Hypotheses]:
        """Hypotheses by text, for those texts that are answered on every hop of the route."""
        answers: dict[str, Hypotheses] = {text: (Hypothesis(text),) for text in texts}
        for hop in route.hops:
            asked = {best[0].text for best in answers.values() if best[0].text.strip()}
            known = self._hop(hop, asked)
            answers = {
                text: chained(best[0], known)
                for text, best in answers.items()
                if best[0].text in known or not best[0].text.strip()
            }
        return answers

    def questions(self) -> tuple[Question, ...]:
        """What has to be asked, a question for each package."""
        return tuple(
            Question(package, self.parameters, tuple(sorted(texts)))
            for package, texts in self.missing.items()
            if texts
        )

    def _hop(self, package: PackageRef, asked: set[str]) -> dict[str, Hypotheses]:
        key = self.parameters.key
        known = self.cache.get(package, key, sorted(asked))
        unknown = sorted(asked - known.keys())
        aside = self.ledger.aside(package, key, unknown) if unknown else {}
        self.aside.update(aside)
        self.missing.setdefault(package, set()).update(set(unknown) - aside.keys())
        return known
