"""The last approved text, looked for in catalogs as ingest, drafts, people and tools leave them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog import (
    approved,
    draft,
    facts_of,
    last_approved,
    merge,
    read_back,
    retired,
    settle,
)
from workflow.catalog.doubts import doubt_of, is_doubt
from workflow.catalog.verdict import approve, doubt
from workflow.model import Freshness, Item, Message, Origin, Review, Unit

A = "The pool is open on Monday, bring a towel."
B = "The big pool is open on Monday, bring a towel."
C = "The big pool is open on Monday, bring your own towel."
OTHER = "Call the library about books and cards."
PACKAGES = "en_es@1.0#0f3c9a1b"
FUZZY = frozenset({"fuzzy"})


def unit(source: str) -> Unit:
    return Unit("notices", "pool", "body", source)


def page(*sources: str) -> tuple[Item, ...]:
    return (Item("notices", "pool", "content/pool.md", "", tuple(map(unit, sources))),)


Catalog = tuple[Message, ...]


def active(messages: Iterable[Message], source: str) -> Message:
    [found] = [one for one in messages if one.source == source and not one.obsolete]
    return found


def last(messages: Catalog, source: str) -> tuple[str, str] | None:
    """Source and text of the last approved text."""
    found = last_approved(active(messages, source), retired(messages))
    return (found.source, found.translation) if found else None


def changed(messages: Catalog, source: str, new: Message) -> Catalog:
    return tuple(new if one == active(messages, source) else one for one in messages)


def drafted(messages: Catalog, source: str, text: str = "Borrador") -> Catalog:
    made = draft(unit(source), text, packages=PACKAGES, risk=0.1)
    return settle(messages, {made.key: made})


def without_obsolete(messages: Catalog) -> Catalog:
    return tuple(one for one in messages if not one.obsolete)


@pytest.fixture
def stale() -> Catalog:
    """A person's approved text whose source was reworded."""
    return merge([approved(unit(A), "Abierta")], page(B))


@pytest.fixture
def of_machine() -> Catalog:
    """A machine's text that a person approved, whose source was reworded."""
    return merge([approved(unit(A), "Abierta", kind=Origin.MACHINE, packages=PACKAGES)], page(B))


# What ingest and drafts leave.


def test_the_text_of_a_stale_entry_is_it(stale: Catalog) -> None:
    assert last(stale, B) == (A, "Abierta")


def test_it_is_found_beside_a_newer_draft(stale: Catalog) -> None:
    catalog = drafted(stale, B)
    assert active(catalog, B).translation == "Borrador"
    assert last(catalog, B) == (A, "Abierta")


def test_an_approved_text_of_the_machine_is_found_with_its_origin(of_machine: Catalog) -> None:
    assert active(of_machine, B).translation == ""
    found = last_approved(active(of_machine, B), retired(of_machine))
    assert found is not None
    facts = facts_of(found)
    assert (facts.origin, facts.review, facts.packages) == ("machine", "approved", PACKAGES)


@pytest.mark.parametrize("kind", [Origin.HUMAN, Origin.MACHINE, Origin.MEMORY, Origin.MIXED])
def test_it_is_found_after_any_number_of_changes_and_drafts(kind: Origin) -> None:
    catalog: Catalog = (approved(unit(A), "Abierta", kind=kind, packages=PACKAGES),)
    for number in range(4):
        source = f"{B} It is number {number}."
        catalog = drafted(merge(catalog, page(source)), source)
        assert last(catalog, source) == (A, "Abierta")


def test_it_is_found_when_a_mixed_draft_has_become_stale_in_its_turn(stale: Catalog) -> None:
    made = draft(unit(B), "Abierta mezclada", kind=Origin.MIXED, packages=PACKAGES)
    catalog = merge(settle(stale, {made.key: made}), page(C))
    entry = active(catalog, C)
    assert (facts_of(entry).origin, entry.previous_source) == (Origin.MIXED, B)
    assert last(catalog, C) == (A, "Abierta")


def test_the_newest_of_several_approved_texts_is_it(stale: Catalog) -> None:
    again = changed(stale, B, approve(replace(active(stale, B), translations=("Gran piscina",))))
    catalog = drafted(merge(again, page(C)), C)
    assert [one.source for one in catalog if one.obsolete] == [A, B]
    assert last(catalog, C) == (B, "Gran piscina")


def test_each_paragraph_of_a_field_has_its_own() -> None:
    first, second = approved(unit(A), "Abierta"), approved(unit(OTHER), "Llame")
    catalog = merge([first, second], page(B, OTHER + " Thank you."))
    assert last(catalog, B) == (A, "Abierta")
    assert last(catalog, OTHER + " Thank you.") == (OTHER, "Llame")


def test_a_break_of_lines_comes_back_as_it_was() -> None:
    catalog = merge([approved(unit(A), "Abierta  \nel lunes")], page(B))
    made = draft(unit(B), "Abierta", kind=Origin.MIXED)
    catalog = merge(settle(catalog, {made.key: made}), page(C))
    assert last(catalog, C) == (A, "Abierta  \nel lunes")


def item(name: str, *texts: str) -> Item:
    units = tuple(Unit("briefs", name, "body", text) for text in texts)
    return Item("briefs", name, "content/briefs/week.txt", "", units)


def test_it_goes_along_when_an_item_gets_another_id() -> None:
    """In a digest it gets one with each change of its text."""
    catalog: Catalog = merge([], [item("week.1", A)])
    catalog = changed(catalog, A, approve(replace(active(catalog, A), translations=("Abierta",))))
    for number, source in enumerate((B, C, f"{C} It is fun."), 2):
        catalog = merge(catalog, [item(f"week.{number}", source)])
        assert active(catalog, source).context == f"week.{number}#body"
        assert last(catalog, source) == (A, "Abierta")
        made = draft(Unit("briefs", f"week.{number}", "body", source), "Borrador")
        catalog = settle(catalog, {made.key: made})
        assert last(catalog, source) == (A, "Abierta")
    back = merge(catalog, [item("week.1", A)])
    assert active(back, A).translation == "Abierta"
    assert facts_of(active(back, A)).review is Review.APPROVED


def test_where_its_place_is_taken_it_stays_where_it_is() -> None:
    units = [Unit("briefs", name, "body", A) for name in ("week.1", "week.2")]
    one, two = (replace(approved(unit, unit.item), obsolete=True) for unit in units)
    now = approved(Unit("briefs", "week.1", "body", B), "Abierta")
    now = replace(now, references=("content/briefs/week.txt",))
    catalog = merge([now, one, two], [item("week.2", B)])
    assert [(old.context, old.translation) for old in catalog if old.obsolete] == [
        ("week.1#body", "week.1"),
        ("week.2#body", "week.2"),
    ]


# What is no approved text.


def test_a_new_unit_has_none() -> None:
    assert last(merge([], page(A)), A) is None


def test_a_draft_that_nobody_approved_is_none_though_its_source_changed() -> None:
    for kind in (Origin.MACHINE, Origin.MEMORY, Origin.MIXED):
        catalog = merge([draft(unit(A), "Abierta", kind=kind, packages=PACKAGES)], page(B))
        assert last(catalog, B) is None
        assert last(drafted(catalog, B), B) is None
        assert last(merge(drafted(catalog, B), page(C)), C) is None


def test_a_text_that_a_person_left_unfinished_is_none() -> None:
    at_work = replace(approved(unit(A), "Abier"), flags=FUZZY)
    assert facts_of(at_work).review is Review.NEEDS_WORK
    catalog = merge([at_work], page(B))
    assert facts_of(active(catalog, B)).freshness is Freshness.STALE
    assert doubt_of("Abier") in active(catalog, B).comments
    assert last(catalog, B) is None
    assert last(merge(drafted(catalog, B), page(C)), C) is None


def test_a_text_that_needs_work_is_none_whatever_happens_to_its_source() -> None:
    doubted = doubt(approved(unit(A), "Abierta"), why="wrong day")
    catalog = merge([doubted], page(B))
    assert last(catalog, B) is None
    assert last(drafted(catalog, B), B) is None


def test_a_last_approved_text_that_a_person_doubts_is_none_any_more(stale: Catalog) -> None:
    doubted = changed(stale, B, doubt(active(stale, B)))
    assert last(doubted, B) is None
    again = merge(doubted, page(C))
    assert last(again, C) is None
    assert last(drafted(again, C), C) is None


def test_while_a_person_works_on_a_new_text_the_old_one_is_still_it(stale: Catalog) -> None:
    for catalog in (stale, drafted(stale, B)):
        edited = replace(active(catalog, B), translations=("Gran pisc",), flags=FUZZY)
        assert last(changed(catalog, B, edited), B) == (A, "Abierta")
        doubted = doubt(edited, why="half done")
        assert last(changed(catalog, B, doubted), B) == (A, "Abierta")


def test_a_doubt_that_only_the_facts_tell_counts_as_well(stale: Catalog) -> None:
    """Somebody else's program writes the facts, and no line that remembers the text."""
    doubted = doubt(active(stale, B))
    bare = [line for line in doubted.comments if not is_doubt(line)]
    assert last(changed(stale, B, replace(doubted, comments=tuple(bare))), B) is None


def test_of_two_sources_with_one_text_none_is_taken_for_it(stale: Catalog) -> None:
    made = draft(unit(B), "Abierta mezclada", kind=Origin.MIXED, packages=PACKAGES)
    catalog = merge(settle(stale, {made.key: made}), page(C))
    twin = replace(approved(unit(OTHER), "Abierta"), obsolete=True)
    assert last((*catalog, twin), C) is None


def test_an_approval_that_was_taken_back_brings_no_older_text(stale: Catalog) -> None:
    again = changed(stale, B, approve(replace(active(stale, B), translations=("Gran piscina",))))
    taken = changed(again, B, doubt(active(again, B), why="not so"))
    assert last(taken, B) is None


def test_pseudo_text_is_none() -> None:
    packages = "pseudo_es@1#abcdef12"
    old = replace(draft(unit(A), "⟪Ábierta⟫", packages=packages), flags=frozenset())
    assert last(merge([old], page(B)), B) is None


def test_an_entry_that_a_tool_made_from_another_field_is_none(stale: Catalog) -> None:
    other = replace(active(stale, B), previous_context="library#title")
    assert last(changed(stale, B, other), B) is None


def test_a_doubt_holds_while_somebody_writes_another_text_and_after_it(stale: Catalog) -> None:
    doubted = changed(stale, B, doubt(active(stale, B)))
    edited = replace(active(doubted, B), translations=("Gran pisc",))
    at_work = changed(doubted, B, read_back(edited))
    assert last(at_work, B) is None
    again = changed(at_work, B, doubt(active(at_work, B), why="half done"))
    assert last(merge(again, page(C)), C) is None


def test_an_approval_settles_what_was_in_doubt(stale: Catalog) -> None:
    doubted = changed(stale, B, doubt(active(stale, B)))
    settled = changed(doubted, B, approve(active(doubted, B)))
    assert not [line for line in active(settled, B).comments if is_doubt(line)]
    assert last(merge(settled, page(C)), C) == (A, "Abierta")  # it was approved for both


# What other tools leave.


def test_without_the_obsolete_entries_nothing_is_proven(stale: Catalog) -> None:
    """A fuzzy text beside an older source may be what somebody has just begun to write."""
    assert last(without_obsolete(stale), B) is None
    assert last(without_obsolete(drafted(stale, B)), B) is None


# Whatever happens in whatever order.


class Town:
    """One unit's catalog, and what its people said of which text for which source."""

    def __init__(self) -> None:
        self.source = B
        self.catalog: Catalog = merge([], page(B))
        self.said: dict[tuple[str, str], bool] = {}

    @property
    def entry(self) -> Message:
        return active(self.catalog, self.source)

    def reword(self, number: int) -> None:
        self.source = f"{B} It is number {number}."
        self.catalog = merge(self.catalog, page(self.source))

    def draft(self, number: int) -> None:
        kind = (Origin.MACHINE, Origin.MIXED, Origin.MEMORY)[number % 3]
        made = draft(unit(self.source), f"Borrador {number}", kind=kind, packages=PACKAGES)
        self.catalog = settle(self.catalog, {made.key: made})

    def approve(self, number: int) -> None:
        self._stands(approve(replace(self.entry, translations=(f"Abierta {number}",))))

    def let_stand(self, _number: int) -> None:
        if self.entry.translation:
            self._stands(approve(self.entry))

    def unmark(self, _number: int) -> None:
        """As a tool does that knows nothing of comments."""
        if self.entry.translation:
            self._stands(replace(self.entry, flags=frozenset()))

    def doubt(self, _number: int) -> None:
        if self.entry.translation:
            self._doubted(doubt(self.entry))

    def mark(self, _number: int) -> None:
        """A mark on an approved text takes back what it is for today's source, and no more."""
        if facts_of(self.entry).review is Review.APPROVED:
            self._set(replace(self.entry, flags=FUZZY))
            self.said[self.source, self.entry.translation] = False

    def edit(self, number: int) -> None:
        text = f"Abier {number}"
        self._set(replace(self.entry, translations=(text,), flags=self.entry.flags | FUZZY))

    def _stands(self, entry: Message) -> None:
        """Whoever approves a text again has no doubt of it any more."""
        self._set(entry)
        self.said |= dict.fromkeys((one for one in self.said if one[1] == entry.translation), True)
        self.said[self.source, entry.translation] = True

    def _doubted(self, entry: Message) -> None:
        self._set(entry)
        self.said |= dict.fromkeys((one for one in self.said if one[1] == entry.translation), False)

    def _set(self, entry: Message) -> None:
        self.catalog = changed(self.catalog, self.source, entry)


DEEDS = ("reword", "draft", "approve", "let_stand", "unmark", "doubt", "mark", "edit")


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 3)), max_size=14))
def test_what_is_found_was_approved_for_just_that_source_and_not_doubted_since(
    deeds: list[tuple[str, int]],
) -> None:
    town = Town()
    for deed, number in deeds:
        getattr(town, deed)(number)
    found = last(town.catalog, town.source)
    if found is not None and facts_of(town.entry).review is not Review.APPROVED:
        assert town.said.get(found) is True
