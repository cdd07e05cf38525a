from __future__ import annotations

from dataclasses import replace

import pytest

from workflow.catalog import approved, draft, facts_of, withheld
from workflow.catalog.revision import revision, revisions_of_text
from workflow.catalog.verdict import LONGEST, approve, doubt
from workflow.model import Facts, Freshness, Message, Origin, Review, Unit

UNIT = Unit("notices", "pool", "body", "The pool is closed.")
PACKAGES = "en_es@1.0#abcdef12"
OURS = draft(UNIT, "La piscina está cerrada.", packages=PACKAGES, risk=0.4)
THEIRS = approved(UNIT, "La piscina está cerrada hoy.")
FUZZY = frozenset({"fuzzy"})
STALE = replace(THEIRS, flags=FUZZY, previous_source="The pool is open.")


def test_an_approved_draft_is_the_machines_text_that_a_person_stands_for() -> None:
    said = approve(OURS)
    assert not said.fuzzy
    expected = Facts(Origin.MACHINE, Freshness.CURRENT, Review.APPROVED, PACKAGES, 0.4)
    assert facts_of(said) == expected
    assert said.comments == OURS.comments
    assert said.translations == OURS.translations


def test_a_persons_text_that_is_approved_keeps_no_facts_of_ours() -> None:
    theirs = replace(OURS, translations=("Piscina cerrada.",))
    assert facts_of(theirs).review is Review.NEEDS_WORK
    said = approve(theirs)
    assert said.comments == ()
    assert facts_of(said) == Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)


@pytest.mark.parametrize("flags", [FUZZY, frozenset[str]()])
def test_approved_pseudo_text_is_the_persons_own(flags: frozenset[str]) -> None:
    pseudo = replace(draft(UNIT, "⟪Ţĥéé⟫", packages="pseudo_es@1#abcdef12"), flags=flags)
    for before in (pseudo, doubt(pseudo)):
        said = approve(before)
        assert said.comments == ()
        assert facts_of(said) == Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)


def test_approving_a_stale_text_says_that_it_holds_for_todays_source() -> None:
    said = approve(STALE)
    assert facts_of(said) == Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)
    assert said.previous_source is None
    moved = replace(OURS, source="The pool is closed today.")
    assert facts_of(moved).freshness is Freshness.STALE
    again = replace(approve(moved), flags=FUZZY)
    assert facts_of(again).freshness is Freshness.CURRENT


def test_approval_takes_our_notes_away_and_leaves_those_of_people() -> None:
    notes = ("ask the pool", "memory: 0.9 like", "check: number: 5 is lost", "previous: Piscina.")
    said = approve(replace(OURS, comments=(*notes, *OURS.comments)))
    assert said.comments == ("ask the pool", "previous: Piscina.", *OURS.comments)


def test_approval_settles_a_conflict_and_the_other_text_stays() -> None:
    said = approve(replace(THEIRS, comments=("conflict: Piscina cerrada.", "conflict:")))
    assert said.comments == ("previous: Piscina cerrada.", "previous:")


@pytest.mark.parametrize("before", [OURS, THEIRS, approve(OURS)], ids=["draft", "human", "ours"])
def test_a_text_in_doubt_needs_work_and_keeps_who_made_it(before: Message) -> None:
    said = doubt(before, why="too free")
    assert said.fuzzy
    facts = facts_of(said)
    assert (facts.review, facts.freshness) == (Review.NEEDS_WORK, Freshness.CURRENT)
    assert facts.origin is facts_of(before).origin
    assert said.translations == before.translations
    assert said.comments[0] == "review: too free"


def test_a_stale_text_in_doubt_is_still_stale() -> None:
    moved = replace(OURS, source="The pool is closed today.")
    for before in (STALE, moved):
        facts = facts_of(doubt(before))
        assert (facts.review, facts.freshness) == (Review.NEEDS_WORK, Freshness.STALE)


def test_the_last_reason_counts_and_is_one_short_line() -> None:
    said = doubt(doubt(OURS, why="first"), why="a\nb\x00\u0085 c" + "x" * 500)
    assert [line for line in said.comments if line.startswith("review:")] == [
        f"review: {('a b c' + 'x' * 500)[:LONGEST]}"
    ]
    assert len(doubt(OURS, why="\n").comments) == 1


def test_approval_after_doubt_is_as_if_there_had_been_none() -> None:
    assert approve(doubt(OURS, why="too free")) == approve(OURS)
    assert approve(doubt(THEIRS, why="too free")) == THEIRS


def test_saying_it_twice_changes_nothing() -> None:
    for before in (OURS, THEIRS, STALE):
        assert approve(approve(before)) == approve(before)
        assert doubt(doubt(before)) == doubt(before)


def test_each_word_gives_another_revision_and_all_are_of_this_text() -> None:
    three = [revision(one) for one in (OURS, doubt(OURS), approve(OURS))]
    assert set(three) == revisions_of_text(OURS) == revisions_of_text(approve(OURS))
    assert len(set(three)) == 3
    other = replace(OURS, translations=("Otra.",))
    assert not revisions_of_text(other) & set(three)
    assert revision(withheld(UNIT)) not in three
