"""What may be published: decided unit by unit from the three facts, and told with the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.model import Diagnostic, Facts, Freshness, Origin, Review
from workflow.pseudo import is_pseudo


class Machine(StrEnum):
    """Whether a machine's text may ship before a person approved it."""

    LABELLED = "labelled"
    NEVER = "never"


class Fallback(StrEnum):
    """What stands in for a unit that may not ship: the source text, or nothing."""

    SOURCE = "source"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader may be told of one published text.

    `origin` is `source` where the source text stands in; `why` is then the rule that kept the
    translation back. `packages` and `risk` are those of the facts.
    """

    origin: str
    review: str
    freshness: str
    packages: str = ""
    risk: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The text to publish with its label; a text of None leaves the unit out."""

    text: str | None
    label: Label


@dataclass(frozen=True, slots=True)
class Policy:
    """Approved text first, machine text if allowed, else the fallback.

    With `pseudo` pseudo text may ship, whatever is said of machine text: somebody tries a site out.
    """

    machine: Machine = Machine.LABELLED
    fallback: Fallback = Fallback.SOURCE
    pseudo: bool = False

    def choose(
        self, source: str, translation: str, facts: Facts, errors: Sequence[Diagnostic] = ()
    ) -> Choice:
        """Decide on one unit; `facts` are those of its entry in the catalog.

        `errors` are what the checks found that must not be published, whoever wrote it.
        """
        why = self._held_back(translation, facts) or _broken(errors)
        if not why:
            return Choice(translation, _label(facts))
        text = source if self.fallback is Fallback.SOURCE else None
        return Choice(text, Label("source", Review.NONE, Freshness.CURRENT, why=why))

    def _held_back(self, translation: str, facts: Facts) -> str:
        """The rule that keeps a translation from being published, empty if there is none."""
        pseudo = is_pseudo(facts)
        unseen = facts.review is not Review.APPROVED and not pseudo
        rules = (
            (facts.withheld, "withheld: the engine's answer failed its checks"),
            (not translation.strip(), "not translated yet"),
            (facts.freshness is not Freshness.CURRENT, "stale: the source text has changed"),
            (facts.review is Review.NEEDS_WORK, "a person marked it as needing work"),
            (pseudo and not self.pseudo, "pseudo: the text is there to try a site out"),
            (
                unseen and self.machine is Machine.NEVER,
                "not approved, and the policy allows no machine text",
            ),
        )
        return next((why for holds, why in rules if holds), "")


def _broken(errors: Sequence[Diagnostic]) -> str:
    return f"failed the check {errors[0].check}: {errors[0].message}" if errors else ""


def _label(facts: Facts) -> Label:
    return Label(facts.origin, facts.review, facts.freshness, facts.packages, facts.risk)


SOURCE_FACTS = Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)
"""The facts of the source text itself, for the bundle of the source locale."""
