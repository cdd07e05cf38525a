"""Items that ship whole in a locale or not: what one unit's falling back means for the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workflow.model import Unit
from workflow.policy.choices import Choice, Reason, label_of_source


def together(choices: Mapping[Unit, Choice]) -> dict[Unit, Choice]:
    """The choices of an item's units as they can ship together.

    Where an atomic unit falls back, all others do so with it: each to its source text, or to
    nothing if its own rule would rather withhold. A text of None leaves the whole item out.
    """
    dragging = _dragging(choices)
    if dragging is None:
        return dict(choices)
    return {
        unit: choice if choice.falls_back else _dragged(unit, choice, *dragging)
        for unit, choice in choices.items()
    }


def _dragging(choices: Mapping[Unit, Choice]) -> tuple[Unit, Choice] | None:
    """The first unit that takes the others with it."""
    found = ((unit, one) for unit, one in choices.items() if one.atomic and one.falls_back)
    return next(found, None)


def _dragged(unit: Unit, choice: Choice, cause: Unit, fallen: Choice) -> Choice:
    """A unit that could have shipped alone."""
    why = f"the item ships whole or not at all; {cause.field}: {fallen.label.why}"
    because = f"the item ships whole or not at all, and {cause.id} falls back: {fallen.because}"
    text = None if choice.withhold else unit.source
    return replace(
        choice, text=text, label=label_of_source(why), reason=Reason.WHOLE, because=because
    )
