"""Settle: choose among hypotheses by the checks; what fails them all is withheld, with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workflow import segments
from workflow.checks import hard_findings
from workflow.glossary import Term
from workflow.model import Diagnostic, Hypothesis, Severity, Unit
from workflow.numbers import written
from workflow.ports import ContentFormat, Hypotheses
from workflow.risk import features_of, risk, unit_risk
from workflow.segments import Protected, Segmented


class Rung(StrEnum):
    """How a segment's text was won, from the cheapest way to the last."""

    FIRST = "first answer"
    LATER = "later answer"
    NUMBERS = "numbers as tokens"
    APART = "pieces apart"
    NONE = "withheld"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One segment's text, how it was won, and what the engine said of it; None if it failed."""

    text: str | None
    rung: Rung
    hypothesis: Hypothesis
    findings: tuple[Diagnostic, ...] = ()
    source: str = ""

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


_SILENCE = (Diagnostic("empty", Severity.ERROR, "the engine gave no text for a piece"),)


def choose(protected: Protected, hypotheses: Hypotheses, form: ContentFormat) -> Chosen:
    """The first hypothesis that gives back every protected piece and passes the hard checks."""
    findings: tuple[Diagnostic, ...] = ()
    for rank, hypothesis in enumerate(hypotheses):
        restored = segments.restore(protected, hypothesis.text)
        found = restored.findings
        if restored.text is not None:
            found = checked(protected.source, restored.text, form)
            if not found:
                rung = Rung.LATER if rank else Rung.FIRST
                return Chosen(restored.text, rung, hypothesis, source=protected.source)
        findings = findings or found
    return Chosen(None, Rung.NONE, hypotheses[0], findings)


def with_numbers(
    protected: Protected, form: ContentFormat, terms: Sequence[Term] = ()
) -> Protected:
    """The segment with its numbers as tokens, too, for an engine that changed one."""
    source = protected.source
    return segments.protect(source, form.markup(source), terms=written(source), glossary=terms)


def choose_with_numbers(
    protected: Protected, before: Chosen, hypotheses: Hypotheses, form: ContentFormat
) -> Chosen:
    """As `choose`, for a segment from `with_numbers`."""
    chosen = choose(protected, hypotheses, form)
    if chosen.text is None:
        return before
    return replace(chosen, rung=Rung.NUMBERS)


def choose_apart(
    protected: Protected, before: Chosen, answers: Mapping[str, Hypotheses], form: ContentFormat
) -> Chosen:
    """The segment from its stretches, translated one by one: every piece survives by itself."""
    stretches = segments.apart(protected)
    texts = [answers[stretch.text][0].text for stretch in stretches if stretch.translate]
    text = segments.assembled(stretches, texts)
    findings = checked(protected.source, text, form) if all(map(str.strip, texts)) else _SILENCE
    if findings:
        return Chosen(None, Rung.NONE, before.hypothesis, findings)
    return Chosen(text, Rung.APART, before.hypothesis, source=protected.source)


def texts_apart(protected: Protected) -> list[str]:
    """The stretches of a segment that an engine has to translate."""
    if not protected.pieces:
        return []
    return [stretch.text for stretch in segments.apart(protected) if stretch.translate]


def joined(
    unit: Unit, cut: Segmented, parts: Sequence[Chosen | str], form: ContentFormat
) -> Settled:
    """The unit from its segments, checked once more as a whole.

    A part that is a text was given: a person approved it, so what the checks say of it alone does
    not count against the unit.
    """
    chosen = tuple(part for part in parts if isinstance(part, Chosen))
    findings = tuple(found for one in chosen for found in one.findings if one.text is None)
    texts = [part if isinstance(part, str) else part.text for part in parts]
    known = [text for text in texts if text is not None]
    if len(known) < len(texts):
        return Settled(None, chosen, findings)
    text = cut.joined(known)
    findings = checked(unit.source, text, form)
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
