"""Settle: what became of a segment and of its unit, and the checks that a text has to pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.checks import answer_findings, hard_findings
from workflow.model import Diagnostic, Hypothesis, Route, Severity
from workflow.ports import ContentFormat
from workflow.risk import features_of, risk, unit_risk
from workflow.segments import Segmented


class Rung(StrEnum):
    """How a segment's text was won, from the cheapest way to the last."""

    FIRST = "first answer"
    LATER = "later answer"
    REPAIRED = "repaired answer"
    MARKUP = "markup as tokens"
    NUMBERS = "numbers as tokens"
    FORM = "other tokens"
    CLAUSES = "clauses apart"
    APART = "pieces apart"
    ROUTE = "other route"
    EDGES = "markup at the edges"
    NONE = "withheld"


AT_EDGES = Diagnostic(
    "markup-place", Severity.WARNING, "nobody could tell which words the markup belongs to"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One segment's text, how it was won, and what the engine said of it; None if it failed.

    `route` is the one that gave it, where that is not the locale's own.
    """

    text: str | None
    rung: Rung
    hypothesis: Hypothesis
    findings: tuple[Diagnostic, ...] = ()
    source: str = ""
    route: Route | None = None

    @property
    def risk(self) -> float | None:
        """The chance that a reviewer changes it; None if it failed."""
        if self.text is None:
            return None
        said = features_of(self.source, self.text, self.hypothesis, rung=self.rung)
        return risk(said)


@dataclass(frozen=True, slots=True)
class Settled:
    """One unit's text from its segments; None, with the findings, if it is withheld."""

    text: str | None
    segments: tuple[Chosen, ...]
    findings: tuple[Diagnostic, ...] = ()

    @property
    def risk(self) -> float | None:
        """The chance that a reviewer changes the unit; None without a text."""
        return None if self.text is None else unit_risk(one.risk for one in self.segments)

    @property
    def notes(self) -> tuple[Diagnostic, ...]:
        """What a reviewer should know of the way in which the text was won."""
        return (AT_EDGES,) if any(one.rung is Rung.EDGES for one in self.segments) else ()

    def packages(self, route: Route) -> str:
        """The packages behind the text: those of the route, and of others that helped."""
        others = [hop for one in self.segments if one.route for hop in one.route.hops]
        return str(Route(tuple(dict.fromkeys([*route.hops, *others]))))


def joined(cut: Segmented, parts: Sequence[Chosen | str], form: ContentFormat) -> Settled:
    """The unit from its segments, checked once more as a whole.

    A part that is a text was given: a person approved it, so what the checks say of it alone does
    not count against the unit.
    """
    chosen = tuple(part for part in parts if isinstance(part, Chosen))
    failed = [one for one in chosen if one.text is None]
    findings = tuple(dict.fromkeys(found for one in failed for found in one.findings))
    texts = [part if isinstance(part, str) else part.text for part in parts]
    known = [text for text in texts if text is not None]
    if len(known) < len(texts):
        return Settled(None, chosen, findings)
    text = cut.joined(known)
    findings = checked(cut.shown, text, form)
    if findings and len(chosen) < len(parts):
        findings = _ours(findings, cut, parts, form)
    return Settled(None if findings else text, chosen, findings)


def _ours(
    findings: Sequence[Diagnostic],
    cut: Segmented,
    parts: Sequence[Chosen | str],
    form: ContentFormat,
) -> tuple[Diagnostic, ...]:
    """Without the findings of those checks that people let pass in what was given."""
    passed = {
        one.check
        for segment, part in zip(cut.segments, parts, strict=True)
        if isinstance(part, str)
        for one in checked(segment.source, part, form)
    }
    return tuple(one for one in findings if one.check not in passed)


def checked(source: str, text: str, form: ContentFormat) -> tuple[Diagnostic, ...]:
    """What the hard checks find in a translation."""
    return hard_findings(source, text, form.markup(source), form.markup(text))


def judged(source: str, text: str, form: ContentFormat) -> tuple[Diagnostic, ...]:
    """What they find in an engine's answer to a segment: that it is none, too."""
    return answer_findings(source, text, form.markup(source), form.markup(text))
