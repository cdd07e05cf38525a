"""What was decided of a unit: the text that ships, its label, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow.model import Facts, Freshness, Origin, Review


class Reason(StrEnum):
    """Why a unit ships as it does, or why its translation does not."""

    IS_SOURCE = "is-source"
    APPROVED = "approved"
    DRAFT = "draft"
    PSEUDO = "pseudo"
    KEPT = "kept"
    POLICY = "policy"
    MISSING = "missing"
    REFUSED = "refused"
    STALE = "stale"
    RECALLED = "recalled"
    NEEDS_WORK = "needs-work"
    NOT_ASKED = "pseudo-not-asked"
    NOT_APPROVED = "not-approved"
    FAILED = "failed-check"
    RISK = "risk"
    WHOLE = "whole"


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
    """The text to publish with its label; a text of None leaves the whole item out.

    `because` says in words what decided, and names the rule where one did. `atomic` says that the
    item must not ship with this unit in another language; with `withhold` the item is left out
    rather than that the source text stands in for this unit.
    """

    text: str | None
    label: Label
    reason: Reason
    because: str
    atomic: bool = True
    withhold: bool = False

    @property
    def falls_back(self) -> bool:
        """Whether no translation ships."""
        return self.label.origin == "source"


def label_of(facts: Facts) -> Label:
    """The label of a translation that ships."""
    return Label(facts.origin, facts.review, facts.freshness, facts.packages, facts.risk)


def label_of_source(why: str) -> Label:
    """The label of a source text that stands in, and of what is left out."""
    return Label("source", Review.NONE, Freshness.CURRENT, why=why)


SOURCE_FACTS = Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)
"""The facts of the source text itself, for the bundle of the source locale."""
