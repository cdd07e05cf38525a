"""Deciding on one unit: which of its texts ships, from the facts and what the rules say."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.model import Diagnostic, Facts, Freshness, Review
from workflow.policy.choices import (
    SOURCE_FACTS,
    Choice,
    Label,
    Reason,
    label_of,
    label_of_source,
)
from workflow.policy.rules import Fallback, Ruling, Stale, Text
from workflow.pseudo import is_pseudo


@dataclass(frozen=True, slots=True)
class LastApproved:
    """The last text that a person approved, for a source text that has changed since.

    `facts` are those it had then. `errors` are what the checks find in it beside its own source;
    `recalled` is what has changed that must not stay as it was, empty if nothing has.
    """

    text: str
    facts: Facts
    errors: tuple[Diagnostic, ...] = ()
    recalled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the translation of a unit stands: today's text and its facts, and what was before.

    `errors` are what the checks found that must not be published, whoever wrote it.
    """

    text: str
    facts: Facts
    errors: tuple[Diagnostic, ...] = ()
    last: LastApproved | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """Why a text does not ship: for readers, and with the key of the rule that says so."""

    reason: Reason
    why: str
    key: str = ""


def of_source(source: str, ruling: Ruling) -> Choice:
    """The source text in its own locale, unless a rule for this locale withholds it."""
    if ruling.text is Text.WITHHOLD:
        return _by_policy(source, ruling)
    return Choice(source, label_of(SOURCE_FACTS), Reason.IS_SOURCE, "the source as it is written")


def decided(source: str, standing: Standing, ruling: Ruling, *, pseudo: bool = False) -> Choice:
    """Decide on one unit: its text of today, the last approved one, or what falls back.

    With `pseudo` pseudo text may ship. An approved text of today's source goes before all others;
    a recalled text, and one with errors, ships under no rule.
    """
    if ruling.text in {Text.SOURCE, Text.WITHHOLD}:
        return _by_policy(source, ruling)
    held = _held_back(standing, ruling, pseudo=pseudo)
    last = standing.last
    approved = standing.facts.review is Review.APPROVED
    if held is None and (approved or last is None or ruling.stale is Stale.MACHINE):
        return _today(standing, ruling)
    if last is not None and ruling.stale is Stale.SOURCE:
        return _source_at_once(source, last, ruling)
    if last is not None and not last.recalled and not last.errors:
        return _kept(last, ruling)
    if held is None:
        return _today(standing, ruling)
    return _fallen_back(source, _worse(last, held), ruling)


def _by_policy(source: str, ruling: Ruling) -> Choice:
    """What the rules say of a unit whatever its translation is."""
    gone = ruling.text is Text.WITHHOLD
    why = "the policy publishes none of it" if gone else "the policy publishes the source text"
    return Choice(
        None if gone else source,
        label_of_source(why),
        Reason.POLICY,
        f"{why}: {ruling.told('text')}",
        ruling.atomic,
        withhold=gone,
    )


def _today(standing: Standing, ruling: Ruling) -> Choice:
    """Today's text, which nothing holds back."""
    if standing.facts.review is Review.APPROVED:
        reason, because = Reason.APPROVED, "a person approved it"
    elif is_pseudo(standing.facts):
        reason, because = Reason.PSEUDO, "pseudo text was asked for"
    else:
        reason, because = Reason.DRAFT, _why_unapproved(standing.last, ruling)
    return _ships(standing.text, label_of(standing.facts), reason, because, ruling)


def _why_unapproved(last: LastApproved | None, ruling: Ruling) -> str:
    allowed = f"unapproved text may ship: {ruling.told('text')}"
    recalled = _recalled(last)
    if recalled:
        return f"the approved text is {recalled.why}; {allowed}"
    before = last is not None and ruling.stale is Stale.MACHINE
    return (
        f"{allowed}, and goes before what is stale: {ruling.told('stale')}" if before else allowed
    )


def _kept(last: LastApproved, ruling: Ruling) -> Choice:
    made = label_of(last.facts)
    label = Label(made.origin, Review.APPROVED, Freshness.STALE, made.packages, made.risk)
    because = f"its source has changed, the last approved text stays: {ruling.told('stale')}"
    return _ships(last.text, label, Reason.KEPT, because, ruling)


def _ships(text: str, label: Label, reason: Reason, because: str, ruling: Ruling) -> Choice:
    withhold = ruling.fallback is Fallback.WITHHOLD
    return Choice(text, label, reason, because, ruling.atomic, withhold)


def _source_at_once(source: str, last: LastApproved, ruling: Ruling) -> Choice:
    """The source in place of an approved text that is stale, whatever else stands in if not."""
    found = _recalled(last) or _Held(Reason.STALE, "stale: the source text has changed")
    because = f"{found.why}: {ruling.told('stale')}"
    return Choice(source, label_of_source(found.why), found.reason, because, ruling.atomic)


def _fallen_back(source: str, held: _Held, ruling: Ruling) -> Choice:
    withhold = ruling.fallback is Fallback.WITHHOLD
    decisive = f" ({ruling.told(held.key)})" if held.key else ""
    return Choice(
        None if withhold else source,
        label_of_source(held.why),
        held.reason,
        f"{held.why}{decisive}; {ruling.told('fallback')}",
        ruling.atomic,
        withhold,
    )


def _held_back(standing: Standing, ruling: Ruling, *, pseudo: bool) -> _Held | None:
    """What keeps today's text from being published, None if nothing does."""
    facts = standing.facts
    if facts.withheld:
        return _Held(Reason.REFUSED, "withheld: the engine's answer failed its checks")
    if not standing.text.strip():
        return _Held(Reason.MISSING, "not translated yet")
    if facts.freshness is not Freshness.CURRENT:
        return _Held(Reason.STALE, "stale: the source text has changed")
    if facts.review is Review.NEEDS_WORK:
        return _Held(Reason.NEEDS_WORK, "a person marked it as needing work")
    return _unseen(facts, ruling, pseudo=pseudo) or _failed(standing.errors)


def _unseen(facts: Facts, ruling: Ruling, *, pseudo: bool) -> _Held | None:
    """What keeps a text back that nobody approved; an unknown risk is over any limit below 1."""
    if facts.review is Review.APPROVED:
        return None
    if is_pseudo(facts):
        told = _Held(Reason.NOT_ASKED, "pseudo: the text is there to try a site out")
        return None if pseudo else told
    if ruling.text is Text.REVIEWED:
        why = "not approved, and the policy allows no machine text"
        return _Held(Reason.NOT_APPROVED, why, "text")
    risk = 1.0 if facts.risk is None else facts.risk
    if not risk <= ruling.max_risk:
        known = "unknown" if facts.risk is None else f"{risk:.2f}"
        why = f"not approved, and its risk ({known}) is over what the policy allows"
        return _Held(Reason.RISK, why, "max_risk")
    return None


def _failed(errors: tuple[Diagnostic, ...]) -> _Held | None:
    if not errors:
        return None
    return _Held(Reason.FAILED, f"failed the check {errors[0].check}: {errors[0].message}")


def _recalled(last: LastApproved | None) -> _Held | None:
    if last is None or not last.recalled:
        return None
    return _Held(Reason.RECALLED, f"recalled, its source has changed ({last.recalled[0]})")


def _worse(last: LastApproved | None, held: _Held) -> _Held:
    """A recall is what a person has to know first."""
    found = _recalled(last)
    if found is None or held.reason in {Reason.STALE, Reason.MISSING}:
        return found or held
    return _Held(found.reason, f"{found.why}; the new text: {held.why}", held.key)
