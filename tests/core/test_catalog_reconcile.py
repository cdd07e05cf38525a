"""Reading back: edits are edits, and what a stale editor undid is done again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from workflow.catalog import approved, draft, entry, facts_of
from workflow.catalog.aside import conflicts
from workflow.catalog.reconcile import Past, Reconciled, reconciled
from workflow.catalog.state import Key, Version
from workflow.model import Message, Review, Unit

POOL, BUS = (
    Unit("notices", item, "body", text)
    for item, text in [("pool", "The pool is closed"), ("bus", "The bus is late")]
)
EMPTY = entry(POOL)
OLD_DRAFT = draft(POOL, "La pileta cerrada", packages="en_es@1.0#abcdef12")
DRAFT = draft(POOL, "La piscina es cerrada", packages="en_es@1.1#abcdef34")
ANA = approved(POOL, "La piscina está cerrada")
ANA_2 = approved(POOL, "La piscina está cerrada hoy")
BEA = approved(POOL, "La piscina permanece cerrada")
BUS_OLD, BUS_NEW = draft(BUS, "El bus tarde"), approved(BUS, "El autobús va con retraso")


def past(*versions: Message, meant: Iterable[Message] = ()) -> dict[Key, Past]:
    """Versions of one entry in generations 1, 2, …; the last one is the base."""
    told = [Version(number, one) for number, one in enumerate(versions, start=1)]
    after = tuple(Version(len(told) + 1, one) for one in meant)
    return {versions[0].key: Past(told[-1], tuple(told[:-1]), after)}


def read(
    message: Message, *versions: Message, newest: int = 0, stale: bool = False, **more: object
) -> Reconciled:
    """What comes of one entry; with `stale` another entry of the file was undone for sure."""
    pasts = past(*versions, **more)  # type: ignore[arg-type]
    messages = [message]
    if stale:
        pasts |= past(BUS_OLD, BUS_NEW)
        messages.append(BUS_OLD)
    found = reconciled(messages, pasts, newest=newest)
    if stale:
        assert found.messages[1].translation == BUS_NEW.translation
    return replace(found, messages=found.messages[:1])


def test_nothing_that_differs_is_nothing_to_do() -> None:
    assert reconciled([ANA], {}, newest=3) == Reconciled((ANA,))


@pytest.mark.parametrize("stale", [False, True])
@pytest.mark.parametrize(
    ("disk", "versions"), [(ANA, [EMPTY, DRAFT]), (ANA, [EMPTY]), (BEA, [DRAFT])]
)
def test_a_persons_text_over_ours_is_an_edit(
    disk: Message,
    versions: list[Message],
    stale: bool,  # noqa: FBT001 (a case)
) -> None:
    found = read(disk, *versions, stale=stale)
    assert found.messages == (disk,)
    assert not found.conflicts


def test_our_older_draft_over_our_newer_one_is_undone() -> None:
    found = read(OLD_DRAFT, EMPTY, OLD_DRAFT, DRAFT)
    assert found.messages == (DRAFT,)
    assert (found.conflicts, found.restored) == ((), (DRAFT.key,))


@pytest.mark.parametrize("disk", [OLD_DRAFT, DRAFT])
def test_a_draft_of_ours_over_a_persons_text_is_undone(disk: Message) -> None:
    assert read(disk, OLD_DRAFT, DRAFT, ANA).messages == (ANA,)


def test_a_draft_that_came_from_elsewhere_replaces_ours_but_no_persons_text() -> None:
    assert read(DRAFT, EMPTY, OLD_DRAFT).messages == (DRAFT,)
    assert read(DRAFT, EMPTY, ANA).messages == (ANA,)


def test_a_comment_in_a_stale_copy_is_kept() -> None:
    found = read(replace(DRAFT, comments=("is it *piscina*?", *DRAFT.comments)), DRAFT, ANA)
    assert found.messages[0].translation == ANA.translation
    assert "is it *piscina*?" in found.messages[0].comments


def test_an_older_text_of_a_persons_is_a_conflict_and_the_newer_one_stands() -> None:
    found = read(ANA, ANA, ANA_2)
    assert found.messages[0].translation == ANA_2.translation
    assert conflicts(found.messages[0]) == (ANA.translation,)
    assert found.conflicts == (ANA.key,)


def test_a_new_text_in_a_stale_copy_is_a_conflict_and_both_are_kept() -> None:
    found = read(BEA, ANA, ANA_2, stale=True)
    assert found.messages[0].translation == BEA.translation
    assert conflicts(found.messages[0]) == (ANA_2.translation,)
    assert BEA.key in found.conflicts


def test_a_text_changed_again_is_no_conflict_and_the_old_one_stays_beside() -> None:
    found = read(ANA_2, EMPTY, ANA)
    assert found.messages[0].translation == ANA_2.translation
    assert found.messages[0].comments == (f"previous: {ANA.translation}",)
    assert not found.conflicts


@pytest.mark.parametrize("disk", [ANA, BEA, EMPTY, replace(ANA_2, flags=frozenset({"fuzzy"}))])
def test_a_copy_that_holds_something_newer_was_surely_seen(disk: Message) -> None:
    assert read(disk, EMPTY, ANA, ANA_2, newest=4) == Reconciled((disk,))


def test_what_is_missing_comes_back_with_its_text() -> None:
    found = reconciled([], past(DRAFT, ANA) | past(BUS_OLD, BUS_NEW), newest=0)
    assert found.messages == (ANA, BUS_NEW)
    retired = replace(ANA, obsolete=True)
    assert reconciled([BUS_NEW], past(ANA, retired), newest=9).messages == (BUS_NEW, retired)


def test_an_obsolete_draft_of_ours_does_not_come_back() -> None:
    assert reconciled([], past(replace(DRAFT, obsolete=True)), newest=0).messages == ()


def test_a_missing_entry_tells_that_the_copy_is_stale() -> None:
    pasts = past(ANA, ANA_2) | past(BUS_OLD, BUS_NEW)
    found = reconciled([BEA], pasts, newest=0)
    assert conflicts(found.messages[0]) == (ANA_2.translation,)
    assert found.messages[1] == BUS_NEW


def test_a_draft_edited_in_an_old_copy_stands_and_ours_is_kept_beside() -> None:
    edited = replace(OLD_DRAFT, translations=("La piscina cierra",))
    found = read(edited, OLD_DRAFT, DRAFT)
    assert found.messages[0].translation == "La piscina cierra"
    assert conflicts(found.messages[0]) == (DRAFT.translation,)
    assert facts_of(found.messages[0]).review is Review.NEEDS_WORK
    assert not read(replace(DRAFT, translations=("Cierra",)), OLD_DRAFT, DRAFT).conflicts


def test_an_approval_that_a_stale_save_took_away_comes_back() -> None:
    let_stand = replace(DRAFT, flags=frozenset())
    assert read(DRAFT, DRAFT, let_stand, stale=True).messages == (let_stand,)
    assert read(DRAFT, DRAFT, let_stand).messages == (DRAFT,)


def test_a_comment_that_a_stale_save_took_away_comes_back() -> None:
    told = replace(ANA, comments=("agreed with the pool",))
    assert read(ANA, ANA, told, stale=True).messages == (told,)
    assert read(ANA, ANA, told).messages == (ANA,)


def test_an_emptied_text_stays_beside_unless_the_copy_was_stale() -> None:
    found = read(EMPTY, EMPTY, ANA)
    assert not any(found.messages[0].translations)
    assert found.messages[0].comments == (f"previous: {ANA.translation}",)
    assert read(EMPTY, EMPTY, ANA, stale=True).messages == (ANA,)
    assert read(EMPTY, EMPTY, DRAFT).messages == (EMPTY,)


def test_what_we_wrote_before_we_were_killed_is_ours() -> None:
    assert read(DRAFT, ANA, meant=[DRAFT]).messages == (DRAFT,)


@pytest.mark.parametrize("stale", [True, False])
def test_what_was_said_beside_our_draft_stays_when_an_old_copy_is_typed_over(stale: bool) -> None:  # noqa: FBT001
    said = replace(DRAFT, comments=("previous: La piscina cerró", "ask Ana", *DRAFT.comments))
    found = read(ANA, DRAFT, said, stale=stale).messages[0]
    assert found.translation == ANA.translation
    assert {"previous: La piscina cerró", "ask Ana"} <= set(found.comments)


def test_who_typed_over_a_draft_and_took_one_line_out_is_heard() -> None:
    first = replace(DRAFT, comments=("conflict: La piscina cerró", "ask Ana", *DRAFT.comments))
    typed = replace(ANA, comments=("ask Ana",))
    found = read(typed, DRAFT, first).messages[0]
    assert found.comments == ("ask Ana",)


def test_what_another_entry_tells_against_is_no_proof() -> None:
    """After the history was lost, an old copy may hold what only seems to be new."""
    found = read(BEA, ANA, ANA_2, newest=9, stale=True)
    assert conflicts(found.messages[0]) == (ANA_2.translation,)
    assert read(ANA, ANA, ANA_2, newest=9).messages == (ANA,)


def test_what_we_took_out_before_we_were_killed_is_no_sign_of_age() -> None:
    (key,) = bus = past(BUS_OLD, BUS_NEW)
    leaving = {key: replace(bus[key], leaving=True)}
    found = reconciled([ANA_2], past(EMPTY, ANA) | leaving, newest=0)
    assert [one.source for one in found.messages] == [ANA_2.source]
    assert not found.conflicts


def test_one_sign_of_age_brings_comments_back_and_changes_no_mark() -> None:
    told = replace(ANA, comments=("agreed with the pool",))
    doubted = replace(ANA, flags=frozenset({"fuzzy"}))
    bus = [approved(BUS, text) for text in ("El bus va tarde", "El bus se retrasa")]
    found = reconciled([doubted, bus[0]], past(doubted, told) | past(*bus), newest=0)
    assert found.messages[0].comments == ("agreed with the pool",)
    assert found.messages[0].fuzzy
    assert found.messages[1].translation == bus[1].translation
