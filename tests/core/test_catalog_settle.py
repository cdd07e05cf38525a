"""Where drafts may go, and what stays beside."""

from __future__ import annotations

from dataclasses import replace

from workflow.catalog import approved, draft, entry, facts_of, settle, withheld
from workflow.model import Freshness, Message, Origin, Review, Unit

UNIT = Unit("notices", "pool", "body", "Pool closed")
NEW = draft(UNIT, "Piscina cerrada", packages="en_es@1.0#abcdef12", risk=0.1)
FUZZY = frozenset({"fuzzy"})


def settled(message: Message, result: Message = NEW) -> Message:
    [after] = settle([message], {result.key: result})
    return after


def test_an_empty_entry_takes_the_draft_and_keeps_comments_and_references() -> None:
    old = replace(entry(UNIT, path="a.md"), comments=("ask Ana",), notes=("Title",))
    after = settled(old)
    assert after.translation == "Piscina cerrada"
    assert after.comments == ("ask Ana", *NEW.comments)
    assert (after.references, after.notes, after.fuzzy) == (("a.md",), ("Title",), True)


def test_our_untouched_draft_is_replaced() -> None:
    assert settled(draft(UNIT, "Pool zu", packages="old")) == NEW


def test_approved_and_needs_work_are_never_replaced() -> None:
    edited = replace(NEW, translations=("Pileta",))
    for message in (approved(UNIT, "Mía"), replace(NEW, flags=frozenset()), edited):
        assert settled(message, draft(UNIT, "other")) == message


def test_a_persons_stale_text_goes_to_a_comment() -> None:
    old = replace(
        entry(UNIT), translations=("Uno\n\ndos",), flags=FUZZY, previous_source="Pool shut"
    )
    after = settled(old)
    assert after.comments == ("previous: Uno", "previous:", "previous: dos", *NEW.comments)
    assert (after.translation, after.previous_source) == ("Piscina cerrada", "Pool shut")
    assert facts_of(after).origin is Origin.MACHINE
    assert facts_of(after).freshness is Freshness.CURRENT
    assert settled(after) == after


def test_a_stale_draft_of_ours_leaves_no_comment() -> None:
    moved = replace(draft(replace(UNIT, source="Pool shut"), "viejo"), source=UNIT.source)
    assert facts_of(moved).freshness is Freshness.STALE
    assert settled(moved).comments == NEW.comments


def test_a_withheld_answer_leaves_a_persons_stale_text_where_it_is() -> None:
    old = replace(entry(UNIT), translations=("Uno",), flags=FUZZY, previous_source="Pool shut")
    assert settled(old, withheld(UNIT)) == old


def test_a_withheld_answer_empties_our_draft() -> None:
    after = settled(NEW, withheld(UNIT, packages="x"))
    assert facts_of(after).withheld
    assert not after.fuzzy


def test_a_match_from_memory_may_be_ready() -> None:
    after = settled(entry(UNIT), approved(UNIT, "Cerrada", kind=Origin.MEMORY))
    facts = facts_of(after)
    assert (facts.origin, facts.review, after.fuzzy) == (Origin.MEMORY, Review.APPROVED, False)


def test_obsolete_plural_and_other_entries_stay() -> None:
    for message in (
        replace(entry(UNIT), obsolete=True),
        replace(entry(UNIT), plural="Pools", translations=("", "")),
        replace(entry(UNIT), source="other"),
    ):
        assert settled(message) == message
