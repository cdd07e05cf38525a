"""The table of the design's section 4, one test per row, and the comment that carries the facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog import approved, draft, facts_of, is_withheld_for, read_back, withheld
from workflow.catalog.facts import FactsComment, parse
from workflow.model import Facts, Freshness, Message, Origin, Review, Unit, hash8

UNIT = Unit("notices", "pool", "body", "Pool closed")
PACKAGES = "en_es@1.0#abcdef12"
DRAFT = draft(UNIT, "Piscina cerrada", packages=PACKAGES, risk=0.25)


def three(message: Message) -> tuple[Origin, Freshness, Review]:
    facts = facts_of(message)
    return facts.origin, facts.freshness, facts.review


def cleared(message: Message) -> Message:
    return replace(message, flags=frozenset())


def test_filled_and_not_fuzzy_is_approved_and_a_persons_text() -> None:
    assert three(approved(UNIT, "Piscina cerrada")) == ("human", "current", "approved")


def test_filled_and_not_fuzzy_with_matching_text_is_approved_machine_text() -> None:
    assert facts_of(cleared(DRAFT)) == Facts(
        Origin.MACHINE, Freshness.CURRENT, Review.APPROVED, PACKAGES, 0.25
    )


def test_pseudo_text_is_a_draft_though_not_fuzzy() -> None:
    pseudo = draft(UNIT, "⟪Ṗóóóóļ⟫", packages="pseudo_es@1#abcdef12")
    assert facts_of(cleared(pseudo)) == facts_of(pseudo)
    moved = replace(pseudo, source="Pool is closed")
    assert three(cleared(moved)) == ("machine", "stale", "none")
    edited = replace(cleared(pseudo), translations=("Piscina",))
    assert three(edited) == ("human", "current", "approved")


def test_filled_and_not_fuzzy_with_another_text_is_a_persons() -> None:
    edited = replace(cleared(DRAFT), translations=("Pileta cerrada",))
    assert facts_of(edited) == Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)


def test_fuzzy_with_both_hashes_matching_is_our_draft() -> None:
    assert facts_of(DRAFT) == Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, PACKAGES, 0.25)


@pytest.mark.parametrize("kind", [Origin.MACHINE, Origin.MEMORY, Origin.MIXED])
def test_a_draft_says_where_it_comes_from(kind: Origin) -> None:
    assert facts_of(draft(UNIT, "Cerrada", kind=kind)).origin is kind


def test_fuzzy_with_another_source_hash_is_stale() -> None:
    moved = replace(DRAFT, source="Pool is closed")
    assert three(moved) == ("machine", "stale", "none")


def test_fuzzy_with_another_text_hash_is_a_person_at_work() -> None:
    edited = replace(DRAFT, translations=("Pileta",))
    assert three(edited) == ("human", "current", "needs-work")


def test_fuzzy_with_both_hashes_off_is_a_person_at_work_on_a_stale_text() -> None:
    both = replace(DRAFT, source="Pool is closed", translations=("Pileta",))
    assert three(both) == ("human", "stale", "needs-work")


def test_fuzzy_without_comment_but_with_previous_source_is_a_persons_stale_text() -> None:
    message = Message("pool#body", "Pool is closed", ("Pileta",), flags=frozenset({"fuzzy"}))
    stale = replace(message, previous_source="Pool closed")
    assert three(stale) == ("human", "stale", "none")


def test_fuzzy_without_comment_and_previous_source_needs_work() -> None:
    message = Message("pool#body", "Pool is closed", ("Pileta",), flags=frozenset({"fuzzy"}))
    assert three(message) == ("human", "current", "needs-work")


def test_needs_work_is_kept_for_our_own_text() -> None:
    said = FactsComment("needs-work", hash8(UNIT.source), hash8("Cerrada"), PACKAGES)
    message = replace(DRAFT, translations=("Cerrada",), comments=(str(said),))
    assert three(message) == ("machine", "current", "needs-work")


def test_empty_is_missing() -> None:
    assert three(Message("pool#body", "Pool")) == ("none", "missing", "none")
    assert three(replace(DRAFT, translations=("",))) == ("none", "missing", "none")


def test_withheld_holds_until_source_or_package_change() -> None:
    message = withheld(UNIT, packages=PACKAGES)
    assert facts_of(message).withheld
    assert is_withheld_for(message, PACKAGES)
    assert not is_withheld_for(message, "en_es@1.1#12345678")
    assert not facts_of(replace(message, source="Pool open")).withheld


def test_a_person_who_fills_a_withheld_entry_owns_the_text() -> None:
    filled = replace(withheld(UNIT), translations=("Cerrada",))
    assert three(filled) == ("human", "current", "approved")


def test_a_partial_plural_is_never_finished() -> None:
    partial = Message(None, "a pool", ("una piscina", ""), plural="pools")
    assert three(partial) == ("human", "current", "needs-work")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_foreign_comment_never_stops_the_reader(comment: str) -> None:
    message = replace(DRAFT, comments=(comment, f"polypress: {comment}", "polypress: machine"))
    assert three(message) == ("human", "current", "needs-work")


def test_a_lone_surrogate_never_stops_the_reader() -> None:
    assert three(Message("a#b", "\ud800", ("\udfff",))) == ("human", "current", "approved")


@settings(deadline=None)
@given(
    st.sampled_from(["machine", "memory", "mixed", "withheld", "needs-work"]),
    st.text(max_size=90) | st.just("en_es@1.0.0+es_pt@1.0.0+pt_gl@1.0.0#abcdef12"),
    st.none() | st.floats(-1, 2),
)
def test_the_comment_fits_and_reads_back(kind: str, packages: str, risk: float | None) -> None:
    text = str(FactsComment(kind, "0" * 8, "f" * 8, packages, risk))
    assert len(f"# {text}") <= 74
    again = parse(text)
    assert again is not None
    assert str(again) == text
    assert (again.kind, again.risk is None) == (kind, risk is None)


@pytest.mark.parametrize(
    ("risk", "told"),
    [(None, "r?"), (float("nan"), "r?"), (-0.0, "r0.00"), (-1, "r0.00"), (7, "r1.00")],
)
def test_a_risk_outside_its_bounds_is_told_within_them(risk: float | None, told: str) -> None:
    assert str(FactsComment("machine", "0" * 8, "f" * 8, "", risk)).endswith(f" - {told}")


def test_a_cut_list_of_packages_keeps_its_hash() -> None:
    text = str(FactsComment("machine", "0" * 8, "f" * 8, "en_es@1.0.11+es_pt@1.0.11#abcdef12"))
    assert text.endswith("~#abcdef12 r?")


def test_a_short_pivot_is_told_in_full() -> None:
    text = str(FactsComment("machine", "0" * 8, "f" * 8, "en_es@1.0+es_pt@1.0#abcdef12", 0.5))
    assert text.endswith(" en_es@1.0+es_pt@1.0#abcdef12 r0.50")


def test_reading_back_drops_a_comment_about_a_text_that_is_gone() -> None:
    edited = replace(DRAFT, translations=("Pileta",))
    assert read_back(edited).comments == ()
    assert facts_of(read_back(edited)) == facts_of(edited)


def test_reading_back_keeps_the_comment_of_an_approved_draft() -> None:
    assert read_back(cleared(DRAFT)) == cleared(DRAFT)


def test_reading_back_says_needs_work_where_dropping_would_say_stale() -> None:
    edited = replace(DRAFT, translations=("Pileta",), previous_source="Pool")
    again = read_back(edited)
    assert facts_of(again) == facts_of(edited)
    assert again.comments[0].startswith("polypress: needs-work ")
    assert read_back(again) == again


def test_line_breaks_at_the_ends_follow_the_source() -> None:
    unit = replace(UNIT, source="\nPool closed")
    assert draft(unit, "Cerrada\n\n").translation == "\nCerrada"
    assert approved(unit, "Cerrada\r\nhoy").translation == "\nCerrada\nhoy"


@pytest.mark.parametrize("text", ["", "  ", "\n", "a\0b", "a\x07b", "\ud800", "é" * 60_001])
def test_a_text_that_no_catalog_can_carry_is_withheld(text: str) -> None:
    made = draft(UNIT, text, packages=PACKAGES)
    assert facts_of(made).withheld
    assert not made.fuzzy
