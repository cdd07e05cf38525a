"""How units that wait for a person, and what became of them, are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.cli.output import Output, plain
from workflow.model import Origin
from workflow.steps.review import ToReview
from workflow.steps.reviewed import Outcome, State

_DONE = {State.SET: "set", State.ALREADY: "was so already", State.REFUSED: "refused"}


def as_told(one: ToReview) -> dict[str, Any]:
    """A unit for machines: everything, with its name and score."""
    return {"name": one.name, "score": round(one.score, 3), **plain(one)}


def show_unit(output: Output, one: ToReview) -> None:
    """A unit for people: what it is, its texts, and what is known of them."""
    for line in _lines(one):
        output.say(line)
    output.say("")


def _lines(one: ToReview) -> Iterator[str]:
    risk = "unknown" if one.risk is None else f"{one.risk:.2f}"
    yield f"{one.name}"
    yield f"  {one.place}  {one.locale}  {one.need}, risk {risk}{_origin(one)}"
    if one.difference:
        reasons = f" ({', '.join(one.change.reasons)})" if one.change and one.change.reasons else ""
        yield f"  source was: {_one_line(one.previous_source or '')}"
        yield f"  changed:    {_one_line(one.difference)}{reasons}"
    yield f"  source:     {_one_line(one.source)}"
    yield from (f"  target:     {_one_line(text)}" for text in one.target if text)
    yield from (f"  conflict:   {_one_line(text)}" for text in one.conflicts)
    yield from (
        f"  {finding.severity}: {finding.check}: {finding.message}" for finding in one.findings
    )


def _origin(one: ToReview) -> str:
    return "" if one.facts.origin is Origin.NONE else f", {one.facts.origin}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def show_outcome(output: Output, one: Outcome) -> None:
    """What became of a unit; one that was refused with what stands there."""
    where = f"  {one.locale}" if one.locale else ""
    name = f"{one.unit}@{one.revision}" if one.revision else one.unit
    reason = f": {one.reason}" if one.reason else ""
    line = f"{name}{where}  {_DONE[one.state]}{reason}"
    if one.state is not State.REFUSED:
        output.say(line)
        return
    output.problem(line)
    for text in one.text:
        output.problem(f"  now: {_one_line(text)}" if text else "  now: no text")
