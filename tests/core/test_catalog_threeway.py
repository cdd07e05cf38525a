"""One entry, two sides: what a person changed always comes through, and nobody's text is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workflow.catalog import approved, draft, entry, facts_of
from workflow.catalog.aside import conflicts
from workflow.catalog.threeway import combined, is_approval
from workflow.catalog.verdict import approve, doubt
from workflow.model import Message, Review, Unit

UNIT = Unit("notices", "pool", "body", "The pool is closed")
EMPTY = entry(UNIT)
OURS = draft(UNIT, "La pileta cerrada", packages="en_es@1.0#abcdef12", risk=0.1)
NEWER = draft(UNIT, "La piscina es cerrada", packages="en_es@1.1#abcdef34", risk=0.1)
ANA = approved(UNIT, "La piscina está cerrada")
PSEUDO = draft(UNIT, "⟪Ţĥéé ṗóóóóļ⟫", packages="pseudo_es@2#abcdef12")
OLDER = draft(UNIT, "⟪Ţĥé ṗóóļ⟫", packages="pseudo_es@1#abcdef12")
BEA = approved(UNIT, "La piscina permanece cerrada")


def at_work(message: Message, text: str) -> Message:
    """Somebody typed into a draft and left the mark."""
    return replace(message, translations=(text,))


@pytest.mark.parametrize("base", [EMPTY, OURS, ANA, None])
def test_one_text_on_both_sides_is_no_conflict(base: Message | None) -> None:
    assert combined(base, ANA, ANA) == combined(base, ANA, replace(ANA))
    assert not combined(base, ANA, ANA).conflict


@pytest.mark.parametrize(
    ("base", "current", "theirs", "text"),
    [
        (EMPTY, EMPTY, ANA, ANA),
        (OURS, OURS, ANA, ANA),
        (ANA, BEA, ANA, BEA),
        (ANA, ANA, BEA, BEA),
        (OURS, NEWER, OURS, NEWER),
        (OURS, ANA, OURS, ANA),
        (ANA, ANA, EMPTY, ANA),
        (None, EMPTY, ANA, ANA),
        (None, ANA, OURS, ANA),
        (None, NEWER, OURS, NEWER),
        (EMPTY, PSEUDO, OURS, OURS),
        (EMPTY, OURS, PSEUDO, OURS),
        (None, PSEUDO, OURS, OURS),
        (None, OURS, PSEUDO, OURS),
        (OLDER, PSEUDO, OURS, OURS),
        (EMPTY, PSEUDO, ANA, ANA),
        (None, PSEUDO, ANA, ANA),
        (EMPTY, ANA, PSEUDO, ANA),
        (ANA, ANA, PSEUDO, ANA),
        (EMPTY, EMPTY, PSEUDO, PSEUDO),
        (OLDER, OLDER, PSEUDO, PSEUDO),
        (PSEUDO, PSEUDO, EMPTY, PSEUDO),
        (OURS, PSEUDO, OURS, PSEUDO),
    ],
)
def test_the_side_that_changed_the_text_has_it(
    base: Message | None, current: Message, theirs: Message, text: Message
) -> None:
    found = combined(base, current, theirs)
    assert found.message.translation == text.translation
    assert facts_of(found.message) == facts_of(text)
    assert not found.conflict
    assert not conflicts(found.message)


@pytest.mark.parametrize("base", [None, EMPTY, PSEUDO])
def test_an_approval_of_pseudo_text_by_name_comes_through_and_a_lost_mark_does_not(
    base: Message | None,
) -> None:
    named, unmarked = approve(PSEUDO), replace(PSEUDO, flags=frozenset[str]())
    for sides in ((PSEUDO, named), (named, PSEUDO), (unmarked, named), (named, unmarked)):
        assert facts_of(combined(base, *sides).message) == facts_of(named)
    assert facts_of(combined(base, PSEUDO, unmarked).message) == facts_of(PSEUDO)
    assert is_approval(PSEUDO, named)
    assert not is_approval(PSEUDO, unmarked)


def test_of_two_peoples_texts_the_standing_one_stands_and_both_are_kept() -> None:
    found = combined(OURS, ANA, BEA)
    assert found.conflict
    assert found.message.translation == ANA.translation
    assert conflicts(found.message) == (BEA.translation,)
    assert facts_of(found.message).review is Review.APPROVED


def test_a_persons_text_stands_over_a_draft_that_they_never_saw_and_the_draft_is_kept() -> None:
    found = combined(OURS, NEWER, ANA)
    assert found.conflict
    assert found.message.translation == ANA.translation
    assert conflicts(found.message) == (NEWER.translation,)
    assert facts_of(found.message).review is Review.APPROVED


def test_without_a_base_a_person_goes_before_a_draft_and_two_people_are_both_kept() -> None:
    assert combined(None, OURS, ANA) == combined(OURS, OURS, ANA)
    found = combined(None, ANA, BEA)
    assert (found.message.translation, found.conflict) == (ANA.translation, True)


def test_an_approval_comes_through_and_so_does_a_doubt() -> None:
    let_stand = replace(OURS, flags=frozenset())
    assert facts_of(combined(OURS, OURS, let_stand).message).review is Review.APPROVED
    doubted = replace(ANA, flags=frozenset({"fuzzy"}))
    assert combined(ANA, ANA, doubted).message.fuzzy
    assert not combined(doubted, ANA, doubted).message.fuzzy


def test_an_approval_of_an_older_text_is_none_of_the_newer() -> None:
    found = combined(OURS, at_work(OURS, "La piscina cierra"), replace(OURS, flags=frozenset()))
    assert facts_of(found.message).review is Review.NEEDS_WORK


def test_a_text_that_somebody_works_on_is_taken_with_its_mark() -> None:
    found = combined(OURS, OURS, at_work(OURS, "La piscina cierra"))
    assert facts_of(found.message).review is Review.NEEDS_WORK
    assert found.message.translation == "La piscina cierra"


def test_comments_of_both_sides_are_kept_and_deletions_count() -> None:
    base = replace(ANA, comments=("old",))
    ours = replace(ANA, comments=("old", "from Ana"))
    theirs = replace(ANA, comments=("from Bea",))
    assert set(combined(base, ours, theirs).message.comments) == {"from Ana", "from Bea"}


def test_a_comment_comes_with_a_text_too() -> None:
    theirs = replace(BEA, comments=("ask the pool",))
    assert combined(ANA, ANA, theirs).message.comments == ("ask the pool",)


def test_a_doubt_about_a_machines_text_comes_through_whoever_approved_it() -> None:
    doubted = doubt(OURS)
    for current in (OURS, replace(OURS, flags=frozenset())):
        found = combined(OURS, current, doubted)
        assert facts_of(found.message).review is Review.NEEDS_WORK
        assert not found.conflict


def test_an_approved_draft_is_not_lost_to_another_draft() -> None:
    found = combined(OURS, NEWER, replace(OURS, flags=frozenset()))
    assert found.message.translation == OURS.translation
    assert facts_of(found.message).review is Review.APPROVED
    assert conflicts(found.message) == (NEWER.translation,)


def test_a_conflict_that_was_settled_does_not_come_back() -> None:
    settled = replace(ANA, comments=(f"previous: {BEA.translation}",))
    assert combined(OURS, settled, BEA) == combined(OURS, settled, settled)


def test_a_text_of_many_lines_is_kept_whole_and_once() -> None:
    theirs = approved(UNIT, "Sí\n\nNo\n\nSí")
    found = combined(OURS, ANA, theirs).message
    assert conflicts(found) == ("Sí", "", "No", "", "Sí")
    assert combined(OURS, found, theirs).message == found
