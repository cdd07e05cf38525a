"""Items under a new id take their entries along, whatever else the file says."""

from __future__ import annotations

from dataclasses import replace

from workflow.catalog import approved, draft, facts_of, merged
from workflow.catalog.moves import renamed
from workflow.changes import Kind
from workflow.model import Freshness, Item, Message, Origin, Review, Unit, digest_of


def item(name: str, *texts: str, path: str = "", title: str = "") -> Item:
    fields = [("title", title)] * bool(title) + [("body", text) for text in texts]
    units = tuple(Unit("notices", name, field, text) for field, text in fields)
    return Item("notices", name, path or f"content/{name}.md", "", units)


def entries(*items: Item) -> list[Message]:
    """An approved entry for each unit."""
    return [
        replace(approved(unit, f"es: {unit.source}"), references=(one.path,))
        for one in items
        for unit in one.units
    ]


POOL = item("pool", "It is closed on Monday.", "Bring a towel.", title="The pool")


def test_a_renamed_item_keeps_its_texts_and_their_approval() -> None:
    new = item("water", "It is closed on Monday.", "Bring a towel.", title="The pool")
    found = merged(entries(POOL), [new])
    assert found.moves == {"pool": "water"}
    assert [one.context for one in found.messages] == ["water#title", "water#body", "water#body"]
    assert all(facts_of(one).review is Review.APPROVED for one in found.messages)


def test_half_of_the_texts_is_enough_and_the_rest_is_judged_as_a_change() -> None:
    new = item("water", "It is closed on Tuesday.", "Bring a towel.", title="The pool")
    found = merged(entries(POOL), [new])
    (change,) = found.changes
    assert (change.verdict.kind, change.kept) == (Kind.RECALL, False)
    stale = next(one for one in found.messages if one.source == "It is closed on Tuesday.")
    assert (stale.translation, stale.previous_source) == (
        "es: It is closed on Monday.",
        "It is closed on Monday.",
    )
    assert facts_of(stale).freshness is Freshness.STALE


def test_an_item_with_nothing_in_common_is_another_one() -> None:
    found = merged(entries(POOL), [item("bus", "Line 7 is late.", title="The bus")])
    assert not found.moves
    assert sum(one.obsolete for one in found.messages) == 3


def test_an_item_that_is_still_there_moves_nowhere() -> None:
    twin = item("copy", "It is closed on Monday.", "Bring a towel.", title="The pool")
    assert not merged(entries(POOL), [POOL, twin]).moves


def test_of_two_vanished_items_the_one_with_more_in_common_moves() -> None:
    other = item("bath", "It is closed on Monday.", "Something else.", title="The bath")
    new = item("water", "It is closed on Monday.", "Bring a towel.", title="The pool")
    assert merged(entries(other, POOL), [new]).moves == {"pool": "water"}


def digest(*texts: str) -> list[Item]:
    return [item(f"week.{digest_of(text)[:8]}", text, path="content/week.txt") for text in texts]


def test_a_changed_paragraph_of_a_digest_is_found_again_in_its_file() -> None:
    before = digest("The pool is closed on Monday.", "Line 7 is late.", "Bring your card.")
    after = digest("The pool is closed on Tuesday.", "Bring your card.", "Something new comes.")
    assert renamed(entries(before[0], before[1]), [after[0], after[2]]) == {
        before[0].id: after[0].id
    }


def test_another_style_in_a_digest_keeps_the_approval() -> None:
    found = merged(entries(*digest('Bring "your" card.')), digest("Bring “your”  card."))
    (only,) = found.messages
    assert (only.translation, facts_of(only).review) == ('es: Bring "your" card.', Review.APPROVED)
    assert [change.kept for change in found.changes] == [True]


def test_a_draft_under_another_style_stays_ours_and_current() -> None:
    unit = Unit("notices", "pool", "body", "Don't  wait.")
    old = draft(replace(unit, source="Don't wait."), "No espere.", packages="en_es@1.0#abcdef12")
    (only,) = merged([old], [Item("notices", "pool", "p.md", "", (unit,))]).messages
    facts = facts_of(only)
    assert (facts.origin, facts.freshness) == (Origin.MACHINE, Freshness.CURRENT)
    assert (only.translation, only.fuzzy) == ("No espere.", True)


def test_a_mixed_draft_keeps_its_text_when_the_source_changes_again() -> None:
    unit = Unit("notices", "pool", "body", "Open until 6 pm. Bring a towel.")
    old = draft(
        replace(unit, source="Open until 5 pm. Bring a towel."),
        "Abierto hasta las 17. Traiga una toalla.",
        kind=Origin.MIXED,
    )
    (only,) = merged([old], [Item("notices", "pool", "p.md", "", (unit,))]).messages
    facts = facts_of(only)
    assert (facts.origin, facts.freshness) == (Origin.MIXED, Freshness.STALE)
    assert only.previous_source == "Open until 5 pm. Bring a towel."


def test_a_thousand_paragraphs_are_found_again_in_time() -> None:
    texts = [f"Line {number} of the plan is for day {number}." for number in range(1_000)]
    before = digest(*texts)
    after = digest(*(text.replace("is for", "was for") for text in texts))
    assert len(renamed(entries(*before), after)) == 1_000
