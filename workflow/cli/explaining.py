"""What `translate --explain` shows: which source texts changed, how, and what that means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflow.catalog import Change
from workflow.cli.output import Output
from workflow.steps.ingest import Changed, Ingested

KEPT = "the translation stands as it stood"
REVIEW = "to review"
LONGEST = 200
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A change of a source text once, with the locales in which its translation was kept or not."""

    unit: str
    kind: str
    reasons: tuple[str, ...]
    old: str
    new: str
    kept: tuple[str, ...]
    review: tuple[str, ...]


def explained(ingested: Ingested) -> list[Explained]:
    """All changes of an ingest, each once for all locales."""
    found: dict[tuple[str, str, str], list[tuple[str, Change]]] = {}
    for part in ingested.changes:
        for change in part.changes:
            key = (f"{part.collection}:{change.context}", change.old, change.new)
            found.setdefault(key, []).append((part.locale, change))
    return [_one(unit, told) for (unit, _, _), told in found.items()]


def show_changes(output: Output, ingested: Ingested) -> None:
    """The changes for people."""
    for line in _lines(explained(ingested), ingested.changes):
        output.say(line)


def _one(unit: str, told: list[tuple[str, Change]]) -> Explained:
    change = told[0][1]
    return Explained(
        unit,
        str(change.verdict.kind),
        change.verdict.reasons,
        change.old,
        change.new,
        kept=tuple(locale for locale, one in told if one.kept),
        review=tuple(locale for locale, one in told if not one.kept),
    )


def _lines(changes: Iterable[Explained], parts: Iterable[Changed]) -> Iterator[str]:
    moves = {(part.collection, was, now) for part in parts for was, now in part.moves.items()}
    yield from (f"{name}:{was} is now {name}:{now}" for name, was, now in sorted(moves))
    for one in changes:
        why = f" ({'; '.join(one.reasons)})" if one.reasons else ""
        yield f"{one.unit}: {one.kind}{why}"
        yield f"  - {_shown(one.old)}"
        yield f"  + {_shown(one.new)}"
        for what, locales in ((KEPT, one.kept), (REVIEW, one.review)):
            if locales:
                yield f"  {', '.join(locales)}: {what}"


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
