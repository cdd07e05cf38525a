"""Merging, whatever the texts: twice is once, and the order of independent merges is no matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog import approved, draft, entry, facts_of, merge
from workflow.catalog.aside import CONFLICT
from workflow.catalog.branches import branched
from workflow.catalog.facts import persons_comments
from workflow.catalog.incoming import incoming
from workflow.catalog.reconcile import Past, reconciled
from workflow.catalog.state import Key, Version
from workflow.catalog.threeway import combined
from workflow.model import Item, Message, Origin, Unit

SOURCES = (
    "The pool is closed.",
    "The library opens at 9.",
    "Bus 12 is late.",
    "Bring a towel and a lock.",
    "The market has 40 stalls.",
)
UNITS = tuple(Unit("notices", f"n{at}", "body", text) for at, text in enumerate(SOURCES))
TEXTS = st.sampled_from(("La piscina", "El autobús", "Traiga «esto»", "Sí, señora\nNo"))
LINES = st.lists(st.sampled_from(("ask Ana", "see the plan", "previous: Antes")), unique=True)


@st.composite
def entries(draw: st.DrawFn, unit: Unit) -> Message:
    """An entry in any state that people and we leave it in."""
    made = draw(st.sampled_from(("empty", "draft", "approved", "unsure", "stale")))
    text = draw(TEXTS)
    if made == "empty":
        found = entry(unit)
    elif made == "draft":
        found = draft(unit, f"es: {text}", packages="en_es@1.0#abcdef12", risk=0.1)
    else:
        found = approved(unit, text)
    if made in {"unsure", "stale"}:
        found = replace(found, flags=frozenset({"fuzzy"}))
    if made == "stale":
        found = replace(found, previous_source="It was another text.")
    return replace(found, comments=(*draw(LINES), *found.comments))


def catalogs() -> st.SearchStrategy[tuple[Message, ...]]:
    return st.tuples(*(entries(unit) for unit in UNITS))


def items(units: Sequence[Unit]) -> list[Item]:
    return [Item("notices", one.item, f"content/{one.item}.md", "", (one,)) for one in units]


def mixed(
    base: Sequence[Message], edited: Sequence[Message], which: Sequence[bool]
) -> tuple[Message, ...]:
    """The base with some entries edited; nobody empties a text, which a merge takes for no edit."""
    return tuple(
        new if mine and (any(new.translations) or not any(old.translations)) else old
        for old, new, mine in zip(base, edited, which, strict=True)
    )


def settled(messages: Sequence[Message]) -> dict[Key, object]:
    """What a catalog says but for the order of entries and comments, and for conflicts."""
    return {
        one.key: (
            one.translations,
            one.flags,
            one.obsolete,
            frozenset(line for line in one.comments if not line.startswith(CONFLICT)),
        )
        for one in messages
    }


@given(catalogs(), st.lists(st.sampled_from(UNITS), unique=True))
def test_ingesting_twice_is_ingesting_once(
    messages: tuple[Message, ...], units: list[Unit]
) -> None:
    once = merge(messages, items(units))
    assert merge(once, items(units)) == once


@given(catalogs(), catalogs(), catalogs(), st.booleans())
def test_importing_twice_is_importing_once(
    current: tuple[Message, ...],
    theirs: tuple[Message, ...],
    base: tuple[Message, ...],
    based: bool,  # noqa: FBT001
) -> None:
    known = {one.key: one for one in base} if based else None
    once = incoming(current, theirs, known, language="en").messages
    again = incoming(once, theirs, known, language="en")
    assert settled(again.messages) == settled(once)
    assert [len(one.comments) for one in again.messages] == [len(one.comments) for one in once]


@given(catalogs(), catalogs(), catalogs(), st.integers(0, 5))
def test_reading_back_twice_is_reading_back_once(
    disk: tuple[Message, ...],
    base: tuple[Message, ...],
    before: tuple[Message, ...],
    newest: int,
) -> None:
    once = reconciled(disk, _pasts(before, base), newest=newest).messages
    again = reconciled(once, _pasts(before, base, once), newest=newest).messages
    assert again == once


def _pasts(
    before: Sequence[Message], base: Sequence[Message], now: Sequence[Message] = ()
) -> dict[Key, Past]:
    """What entries were; those that stand as `now` has them are the base, and nothing differs."""
    if now:
        return {}
    return {
        new.key: Past(Version(2, new), (Version(1, old),))
        for old, new in zip(before, base, strict=True)
    }


@given(catalogs(), catalogs(), catalogs(), st.tuples(*([st.booleans()] * len(UNITS))))
def test_two_copies_with_edits_of_different_entries_come_back_in_any_order(
    base: tuple[Message, ...],
    one: tuple[Message, ...],
    other: tuple[Message, ...],
    which: tuple[bool, ...],
) -> None:
    known = {message.key: message for message in base}
    ana, bea = mixed(base, one, which), mixed(base, other, [not mine for mine in which])

    def both(first: Sequence[Message], second: Sequence[Message]) -> dict[Key, object]:
        half = incoming(base, first, known, language="en").messages
        return settled(incoming(half, second, known, language="en").messages)

    assert both(ana, bea) == both(bea, ana)


@given(catalogs(), catalogs(), catalogs(), st.tuples(*([st.booleans()] * len(UNITS))))
def test_branches_with_edits_of_different_entries_merge_in_any_order(
    base: tuple[Message, ...],
    one: tuple[Message, ...],
    other: tuple[Message, ...],
    which: tuple[bool, ...],
) -> None:
    ana, bea = mixed(base, one, which), mixed(base, other, [not mine for mine in which])
    found = branched(base, ana, bea)
    assert settled(found.messages) == settled(branched(base, bea, ana).messages)
    assert not found.conflicts


@given(catalogs(), catalogs(), catalogs())
def test_of_two_branches_over_one_entry_no_persons_text_is_lost_in_any_order(
    base: tuple[Message, ...], one: tuple[Message, ...], other: tuple[Message, ...]
) -> None:
    for ours, theirs in ((one, other), (other, one)):
        found = {message.key: message for message in branched(base, ours, theirs).messages}
        for was, mine, its in zip(base, ours, theirs, strict=True):
            there = found[was.key]
            said = [*there.translations, *there.comments]
            for side in (mine, its):
                new = side.translations != was.translations and any(side.translations)
                if new and facts_of(side).origin is Origin.HUMAN:
                    assert _is_told(side.translation, said), (was, mine, its, there)


def _is_told(text: str, said: Sequence[str]) -> bool:
    lines = {line.removeprefix(CONFLICT).strip() for line in said}
    return text in said or all(line in lines for line in text.splitlines())


@given(catalogs(), catalogs(), catalogs())
def test_what_people_said_on_either_side_since_the_base_is_there_after_a_merge(
    base: tuple[Message, ...], current: tuple[Message, ...], theirs: tuple[Message, ...]
) -> None:
    for was, mine, its in zip(base, current, theirs, strict=True):
        found = persons_comments(combined(was, mine, its).message)
        for side in (mine, its):
            new = set(persons_comments(side)) - set(persons_comments(was))
            assert new <= set(found)
