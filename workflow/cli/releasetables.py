"""What the commands about releases show to people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.cli.output import Output, table_of
from workflow.steps.clearing import Cleared
from workflow.steps.compare import Difference, ItemChange, UnitChange
from workflow.steps.deriving import LeftOut
from workflow.steps.releases import Recorded
from workflow.steps.withdraw import Withdrawn

WORDS = 12
"""First words of a text that are shown."""
LONGEST = 100
"""Characters of them."""
SIGNS = {"added": "+", "removed": "-", "changed": "~"}
MEGABYTE = 1_000_000
COLUMNS = ("serial", "released (UTC)", "kind", "locales", "items", "texts by origin", "notes")


def show_releases(output: Output, found: Sequence[Recorded]) -> None:
    """A row for each release; the live one says so."""
    rows = [_row(one) for one in found]
    output.show(table_of("Releases", COLUMNS, rows, figures=False))
    if not found:
        output.say("Nothing was published yet: `polypress publish` makes the first release.")


def _row(one: Recorded) -> list[object]:
    units = ", ".join(f"{origin} {count}" for origin, count in sorted(one.units.items()))
    return [
        one.serial,
        one.released.removesuffix("+00:00").replace("T", " "),
        one.kind,
        len(one.locales) if one.kind else "",
        one.items if one.kind else "",
        units,
        "; ".join(_notes(one)),
    ]


def _notes(one: Recorded) -> Iterator[str]:
    if one.live:
        yield "live"
    if one.kind and not one.signed:
        yield "not signed"
    if one.withdrawn:
        yield f"{len(one.withdrawn)} withdrawn"
    if one.purged:
        yield f"purged: {', '.join(one.purged)}"
    if one.problem:
        yield one.problem


def show_left_out(output: Output, left_out: Sequence[LeftOut]) -> None:
    """Each item that does not go on, with the reason."""
    for one in left_out:
        output.say(f"left out: {one.collection}:{one.item} ({', '.join(one.locales)}): {one.why}")


def show_withdrawn(output: Output, done: Withdrawn) -> None:
    """What became of an item, and what else left with it."""
    others = [one for one in done.left_out if f"{one.collection}:{one.item}" != done.item]
    show_left_out(output, others)
    listed = "is withdrawn" if done.listed else "was withdrawn before"
    if not done.serial:
        output.say(f"{done.item} {listed}; nothing is published yet")
    elif done.changed:
        output.say(f"{done.item} {listed}: release {done.serial} is without it in every locale")
    else:
        output.say(f"{done.item} {listed}; the live release {done.serial} has nothing of it")
    output.say("put locales/withdrawn.csv into git")


def show_cleared(output: Output, done: Cleared, *, dry_run: bool) -> None:
    """How much was removed, and what could not be."""
    for problem in done.problems:
        output.warning(f"an older release is not whole: {problem}")
    for item in done.held:
        output.warning(f"{item} is withdrawn and still live: run `polypress publish`, then again")
    did = "would be removed" if dry_run else "removed"
    records = f", records of {len(done.releases)} releases" if done.releases else ""
    temporary = f", {done.temporary} temporary files" if done.temporary else ""
    output.say(
        f"{done.objects:,} objects {did} ({done.size / MEGABYTE:,.1f} MB){records}{temporary};"
        f" {len(done.kept)} releases stay"
    )


def show_difference(output: Output, difference: Difference) -> None:
    """A line for each item, and under it one for each text that changed."""
    output.say(f"release {difference.before} -> release {difference.after}")
    for sign, tags in (("+", difference.locales_added), ("-", difference.locales_removed)):
        for tag in tags:
            output.say(f"{sign} locale {tag}")
    for one in difference.items:
        for line in _lines(one):
            output.say(line)
    if not difference.items:
        output.say("they show the same")


def _lines(one: ItemChange) -> Iterator[str]:
    more = one.note or (f"also: {', '.join(one.beside)}" if one.beside and not one.units else "")
    note = f" ({more})" if more else ""
    yield f"{SIGNS[one.kind]} {one.locale} {one.collection}:{one.item}{note}"
    for unit in one.units:
        yield from _unit(unit)


def _unit(unit: UnitChange) -> Iterator[str]:
    before, after = unit.text
    if before == after:
        told = " -> ".join(_labelled(label) for label in unit.label)
        yield f"    {unit.field}: {_first_words(after)} [{told}]"
        return
    for sign, text, label in zip("-+", unit.text, unit.label, strict=True):
        if label is not None:
            yield f"    {unit.field}: {sign} {_first_words(text)} [{_labelled(label)}]"


def _labelled(label: object) -> str:
    """Origin, review and freshness, as far as they are not what one expects."""
    if not isinstance(label, dict):
        return "none"
    told = [str(label["origin"])]
    told += ["approved"] * (label["review"] == "approved")
    return ", ".join([*told, *(["stale"] * (label["freshness"] == "stale"))])


def _first_words(text: str) -> str:
    words = text.split()
    line = " ".join(words[:WORDS])
    cut = len(words) > WORDS or len(line) > LONGEST
    return f"{line[:LONGEST]} …" if cut else line
