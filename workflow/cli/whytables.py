"""How `polypress why` is shown: a few lines for the item, and two or three for each unit."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.model import Freshness
from workflow.policy import Label, Reason
from workflow.steps.remedies import Remedy
from workflow.steps.why import Live, UnitWhy, Why

WORDS = 60
"""Characters of a text that are shown."""
_DONE = {Reason.APPROVED, Reason.DRAFT, Reason.PSEUDO, Reason.IS_SOURCE}


def explained(why: Why) -> Iterator[str]:
    """All lines for people."""
    yield f"{why.item} in {why.locale}, {why.path}"
    yield f"  live:  {_live(why.live, ships=why.ships)}"
    yield f"  next:  {_next(why)}"
    yield from _remedied(why.remedy, "         ")
    if why.units and not why.ships:
        yield "if it shipped:"
    for unit in why.units:
        yield from _unit(unit)


def _live(live: Live, *, ships: bool) -> str:
    if not live.serial:
        return "nothing was published yet"
    release = f"release {live.serial} of {live.released}"
    if not live.object:
        return f"not in {release}"
    if live.same:
        return f"in {release}, as the next publish ships it"
    then = "the next publish ships it differently" if ships else "the next publish takes it out"
    return f"in {release}; {then}"


def _next(why: Why) -> str:
    """What a publish at the time that was asked about makes of it."""
    if not why.ships:
        return f"left out at {why.at}: {why.why}"
    goes = f", until {why.goes}" if why.goes else ""
    kept = sum(Reason(unit.reason) not in _DONE for unit in why.units)
    if not kept:
        return f"ships at {why.at}{goes}"
    return f"ships at {why.at}{goes}; {kept} of {len(why.units)} units not as of today"


def _unit(unit: UnitWhy) -> Iterator[str]:
    yield f"{unit.field}: {_words(unit.source)}"
    if Reason(unit.reason) not in _DONE:
        yield f"  stands: {_standing(unit)}"
    yield f"  ships:  {_shipped(unit)}"
    yield f"  why:    {unit.because}"
    if unit.live is not None and unit.text is not None and unit.live != unit.text:
        yield f"  live:   {_words(unit.live)}"
    yield from _remedied(unit.remedy, "  remedy: ")


def _standing(unit: UnitWhy) -> str:
    """Where the translation of today's source stands, by its three facts and its risk."""
    facts = unit.facts
    if facts.freshness is Freshness.MISSING:
        return "withheld, the engine's answer failed its checks" if facts.withheld else "missing"
    risk = "" if not facts.packages else f", risk {_risk(facts.risk)}"
    said = f"{facts.origin}, {facts.freshness}, review {facts.review}{risk}"
    return f"{said}: {_words(unit.translation)}"


def _shipped(unit: UnitWhy) -> str:
    if unit.text is None:
        return "nothing"
    what = "the source text" if unit.label.origin == "source" else _labelled(unit.label)
    return f"{what}: {_words(unit.text)}"


def _labelled(label: Label) -> str:
    risk = f", risk {_risk(label.risk)}" if label.packages else ""
    return f"{label.origin}, {label.freshness}, review {label.review}{risk}"


def _risk(risk: float | None) -> str:
    return "unknown" if risk is None else f"{risk:.2f}"


def _remedied(remedy: Remedy, indent: str) -> Iterator[str]:
    told = ": ".join(filter(None, (remedy.words, remedy.command)))
    if told:
        yield f"{indent}{told}"


def _words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WORDS else f"{line[:WORDS].rstrip()}…"
