from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.model import Diagnostic, Facts, Freshness, Origin, Review, Severity
from workflow.policy import SOURCE_FACTS, Fallback, Label, Machine, Policy
from workflow.pseudo import is_pseudo

SOURCE, TEXT = "Open today", "Abierto hoy"
APPROVED = Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)
DRAFT = Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, "en_es@1.0#abcdef12", 0.25)
FACTS = st.builds(
    Facts,
    st.sampled_from(Origin),
    st.sampled_from(Freshness),
    st.sampled_from(Review),
    st.sampled_from(["en_es@1.0#abcdef12", "pseudo_es@1#abcdef12"]),
    st.one_of(st.none(), st.floats(0, 1)),
    st.booleans(),
)
POLICIES = st.builds(Policy, st.sampled_from(Machine), st.sampled_from(Fallback), st.booleans())
PSEUDO = Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, "pseudo_es@1#abcdef12")


def test_an_approved_text_ships_with_its_label() -> None:
    choice = Policy().choose(SOURCE, TEXT, APPROVED)
    assert choice.text == TEXT
    assert choice.label == Label("human", "approved", "current")


def test_an_approved_machine_text_ships_under_every_policy_and_says_who_made_it() -> None:
    facts = replace(DRAFT, review=Review.APPROVED)
    for machine in Machine:
        choice = Policy(machine).choose(SOURCE, TEXT, facts)
        assert choice.text == TEXT
        assert choice.label == Label("machine", "approved", "current", facts.packages, 0.25)


def test_a_machine_draft_ships_labelled_where_the_policy_says_labelled() -> None:
    choice = Policy(Machine.LABELLED).choose(SOURCE, TEXT, DRAFT)
    assert choice.text == TEXT
    assert choice.label == Label("machine", "none", "current", "en_es@1.0#abcdef12", 0.25)


def test_a_machine_draft_stays_back_where_the_policy_says_never() -> None:
    choice = Policy(Machine.NEVER).choose(SOURCE, TEXT, DRAFT)
    assert choice.text == SOURCE
    assert "policy allows no machine text" in choice.label.why


def test_a_draft_from_the_memory_is_no_approved_text_either() -> None:
    facts = replace(DRAFT, origin=Origin.MEMORY)
    assert Policy(Machine.NEVER).choose(SOURCE, TEXT, facts).text == SOURCE
    assert Policy(Machine.LABELLED).choose(SOURCE, TEXT, facts).label.origin == "memory"


def test_pseudo_text_ships_only_where_somebody_asks_for_it() -> None:
    assert Policy().choose(SOURCE, TEXT, PSEUDO).label.why.startswith("pseudo: ")
    for machine in Machine:
        choice = Policy(machine, pseudo=True).choose(SOURCE, TEXT, PSEUDO)
        assert choice.text == TEXT
        assert choice.label == Label("machine", "none", "current", PSEUDO.packages)


def test_a_stale_pseudo_text_ships_nowhere() -> None:
    facts = replace(PSEUDO, freshness=Freshness.STALE)
    assert Policy(pseudo=True).choose(SOURCE, TEXT, facts).text == SOURCE


def test_pseudo_text_that_a_person_approved_is_theirs() -> None:
    facts = replace(PSEUDO, review=Review.APPROVED)
    assert Policy(Machine.NEVER).choose(SOURCE, TEXT, facts).text == TEXT


@pytest.mark.parametrize(
    ("facts", "text", "why"),
    [
        (replace(DRAFT, withheld=True), "", "failed its checks"),
        (replace(APPROVED, freshness=Freshness.MISSING), "", "not translated yet"),
        (APPROVED, " \n", "not translated yet"),
        (replace(APPROVED, freshness=Freshness.STALE), TEXT, "source text has changed"),
        (replace(APPROVED, review=Review.NEEDS_WORK), TEXT, "needing work"),
    ],
)
def test_what_may_not_ship_says_why(facts: Facts, text: str, why: str) -> None:
    choice = Policy().choose(SOURCE, text, facts)
    assert choice.text == SOURCE
    assert (choice.label.origin, choice.label.review) == ("source", "none")
    assert why in choice.label.why


def test_the_fallback_may_be_to_leave_the_unit_out() -> None:
    choice = Policy(fallback=Fallback.WITHHOLD).choose(SOURCE, "", DRAFT)
    assert choice.text is None
    assert choice.label.why


@given(POLICIES, FACTS, st.text(max_size=5))
def test_never_a_stale_empty_needs_work_or_withheld_text(
    policy: Policy, facts: Facts, text: str
) -> None:
    source = "the source text, longer than any translation here"
    choice = policy.choose(source, text, facts)
    if choice.text == text:
        assert text.strip()
        assert facts.freshness is Freshness.CURRENT
        assert facts.review is not Review.NEEDS_WORK
        assert not facts.withheld
        if is_pseudo(facts):
            assert policy.pseudo
        else:
            assert policy.machine is Machine.LABELLED or facts.review is Review.APPROVED
        assert (choice.label.origin, choice.label.review) == (facts.origin, facts.review)
        assert not choice.label.why
    else:
        assert choice.text == (source if policy.fallback is Fallback.SOURCE else None)
        assert choice.label.origin == "source"
        assert choice.label.why


@given(POLICIES, FACTS)
def test_the_same_facts_are_decided_the_same(policy: Policy, facts: Facts) -> None:
    assert policy.choose(SOURCE, TEXT, facts) == policy.choose(SOURCE, TEXT, facts)


def test_the_source_text_itself_always_ships_as_approved() -> None:
    for machine in Machine:
        choice = Policy(machine, Fallback.WITHHOLD).choose(SOURCE, SOURCE, SOURCE_FACTS)
        assert (choice.text, choice.label.review) == (SOURCE, "approved")


def test_an_error_of_the_checks_holds_back_even_what_a_person_approved() -> None:
    errors = (Diagnostic("number", Severity.ERROR, "'10' has become '11'"),)
    choice = Policy().choose(SOURCE, TEXT, APPROVED, errors)
    assert choice.text == SOURCE
    assert choice.label.why == "failed the check number: '10' has become '11'"
