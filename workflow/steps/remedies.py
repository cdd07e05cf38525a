"""Remedies: what a person can do so that a text of today's source ships, and the command."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.model import Freshness, Review
from workflow.policy import Choice, Reason, Standing
from workflow.pseudo import is_pseudo
from workflow.steps.shipping import Shipped
from workflow.steps.timing import Absence, Life

_NONE_NEEDED = {Reason.IS_SOURCE, Reason.APPROVED, Reason.DRAFT, Reason.PSEUDO}
"""Reasons for which today's text ships already."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do in words, and what to type where a command does it; both empty if nothing."""

    words: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """How a unit's text is named: `<unit id>@<revision>`, `path:line` of its entry, its locale."""

    name: str
    place: str
    locale: str

    @property
    def approve(self) -> str:
        """What approves the text as it stands."""
        return f"polypress approve {self.name} -l {self.locale}"

    @property
    def translate(self) -> str:
        """What makes a draft."""
        item = self.name.partition(":")[2].partition("#")[0]
        return f"polypress translate -l {self.locale} --item {item}"


def remedy_of_unit(choice: Choice, standing: Standing, where: Where) -> Remedy:
    """What would make today's text of a unit ship; nothing if it does."""
    if choice.reason in _NONE_NEEDED:
        return Remedy()
    if choice.reason is Reason.POLICY:
        return Remedy("another rule under [publish] in polypress.toml")
    if choice.reason is Reason.WHOLE:
        return Remedy("what keeps back the others of the item")
    return _of_text(standing, where)


def _of_text(standing: Standing, where: Where) -> Remedy:
    """What today's text needs: to be written, corrected, finished, or approved."""
    facts = standing.facts
    if facts.withheld:
        return Remedy(f"write the translation in {where.place}: the engine has none that is sound")
    if facts.freshness is not Freshness.CURRENT or is_pseudo(facts):
        return Remedy("a translation of today's source: draft it, or write it", where.translate)
    if facts.review is Review.NEEDS_WORK:
        words = f"finish the text in {where.place}, or approve it as it is"
        return Remedy(words, where.approve)
    if standing.errors:
        found = standing.errors[0]
        return Remedy(f"correct the text in {where.place} ({found.check}: {found.message})")
    return Remedy("approve the text", where.approve)


def undo(name: str) -> Remedy:
    """What brings a withdrawn item back; `name` is `<collection>:<item>`."""
    return Remedy("undo it", f"polypress withdraw {name} --undo")


def remedy_of_item(one: Shipped, life: Life) -> Remedy:
    """What would bring an item back, or when it comes by itself."""
    item = one.item
    match one.absence:
        case Absence.WITHDRAWN:
            return undo(f"{item.collection}:{item.id}")
        case Absence.EMBARGO:
            when = f"the first publish from {life.since} on ships it"
            return Remedy(f"{when}; to change that, edit publish_at in {item.path}")
        case Absence.EXPIRED:
            return Remedy(f"edit expires_at in {item.path}, or take it out")
        case Absence.MISTAKE:
            return Remedy(f"correct {life.key} in {item.path}")
        case Absence.POLICY:
            return Remedy("what its units need")
        case _:
            return Remedy()
