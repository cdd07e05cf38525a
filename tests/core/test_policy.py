from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.model import Diagnostic, Facts, Freshness, Origin, Review, Severity, Unit
from workflow.policy import (
    PUBLISH,
    Choice,
    Fallback,
    Label,
    LastApproved,
    Policy,
    Reason,
    Rule,
    Ruling,
    Stale,
    Standing,
    Text,
    decided,
    of_source,
    together,
)
from workflow.pseudo import is_pseudo

SOURCE, TEXT, OLD = "Open today", "Abierto hoy", "Abierto"
PACKAGES = "en_es@1.0#abcdef12"
APPROVED = Facts(Origin.HUMAN, Freshness.CURRENT, Review.APPROVED)
DRAFT = Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, PACKAGES, 0.25)
PSEUDO = Facts(Origin.MACHINE, Freshness.CURRENT, Review.NONE, "pseudo_es@1#abcdef12")
MISSING = Facts(Origin.NONE, Freshness.MISSING, Review.NONE)
STALE = Facts(Origin.HUMAN, Freshness.STALE, Review.NONE)
WRONG = (Diagnostic("number", Severity.ERROR, "'10' has become '11'"),)
LAST = LastApproved(OLD, replace(DRAFT, review=Review.APPROVED))
REVIEWED = Policy(text=Text.REVIEWED)


def chosen(
    policy: Policy,
    facts: Facts,
    text: str = TEXT,
    *,
    errors: tuple[Diagnostic, ...] = (),
    last: LastApproved | None = None,
) -> Choice:
    ruling = policy.ruling("notices", "body", "es")
    return decided(SOURCE, Standing(text, facts, errors, last), ruling, pseudo=policy.pseudo)


# One key at a time.


def test_an_approved_text_ships_with_its_label() -> None:
    choice = chosen(Policy(), APPROVED)
    assert (choice.text, choice.reason) == (TEXT, Reason.APPROVED)
    assert choice.label == Label("human", "approved", "current")
    assert choice.because == "a person approved it"


@pytest.mark.parametrize("text", [Text.REVIEWED, Text.MACHINE])
def test_an_approved_machine_text_ships_whatever_its_risk_and_says_who_made_it(text: Text) -> None:
    facts = replace(DRAFT, review=Review.APPROVED)
    choice = chosen(Policy(text=text, max_risk=0.0), facts)
    assert choice.text == TEXT
    assert choice.label == Label("machine", "approved", "current", PACKAGES, 0.25)


def test_a_draft_ships_labelled_where_machine_text_may() -> None:
    choice = chosen(Policy(), DRAFT)
    assert (choice.text, choice.reason) == (TEXT, Reason.DRAFT)
    assert choice.label == Label("machine", "none", "current", PACKAGES, 0.25)
    assert choice.because == 'unapproved text may ship: text = "machine" in [publish]'


def test_a_draft_stays_back_where_only_reviewed_text_may_ship() -> None:
    choice = chosen(REVIEWED, DRAFT)
    assert (choice.text, choice.reason) == (SOURCE, Reason.NOT_APPROVED)
    assert choice.label.why == "not approved, and the policy allows no machine text"
    assert choice.because.endswith(
        '(text = "reviewed" in [publish]); fallback = "source" in [publish]'
    )


@pytest.mark.parametrize("origin", [Origin.MEMORY, Origin.MIXED])
def test_drafts_of_the_memory_are_no_approved_texts_either(origin: Origin) -> None:
    facts = replace(DRAFT, origin=origin)
    assert chosen(REVIEWED, facts).text == SOURCE
    assert chosen(Policy(), facts).label.origin == origin


@pytest.mark.parametrize(
    ("risk", "limit", "ships"),
    [
        (0.25, 1.0, True),
        (0.25, 0.25, True),
        (0.25, 0.24, False),
        (0.0, 0.0, True),
        (1.0, 1.0, True),
        (None, 1.0, True),
        (None, 0.99, False),
        (float("nan"), 1.0, False),
    ],
)
def test_a_draft_whose_risk_is_over_the_limit_stays_back(
    risk: float | None,
    limit: float,
    ships: bool,  # noqa: FBT001
) -> None:
    choice = chosen(Policy(max_risk=limit), replace(DRAFT, risk=risk))
    assert (choice.text == TEXT) is ships
    if not ships:
        assert choice.reason is Reason.RISK
        assert f"max_risk = {limit} in [publish]" in choice.because


def test_text_of_the_source_alone_ships_though_a_translation_is_approved() -> None:
    choice = chosen(Policy(text=Text.SOURCE, fallback=Fallback.WITHHOLD), APPROVED)
    assert (choice.text, choice.label.origin) == (SOURCE, "source")
    assert choice.because == ('the policy publishes the source text: text = "source" in [publish]')


def test_what_is_withheld_by_rule_ships_not_at_all() -> None:
    choice = chosen(Policy(text=Text.WITHHOLD), APPROVED)
    assert (choice.text, choice.reason) == (None, Reason.POLICY)


def test_the_fallback_may_be_to_leave_the_unit_out() -> None:
    choice = chosen(Policy(fallback=Fallback.WITHHOLD), MISSING, "")
    assert choice.text is None
    assert choice.because == 'not translated yet; fallback = "withhold" in [publish]'


@pytest.mark.parametrize(
    ("facts", "text", "reason", "why"),
    [
        (replace(DRAFT, withheld=True), "", Reason.REFUSED, "failed its checks"),
        (MISSING, "", Reason.MISSING, "not translated yet"),
        (APPROVED, " \n", Reason.MISSING, "not translated yet"),
        (STALE, TEXT, Reason.STALE, "source text has changed"),
        (replace(APPROVED, review=Review.NEEDS_WORK), TEXT, Reason.NEEDS_WORK, "needing work"),
        (PSEUDO, TEXT, Reason.NOT_ASKED, "to try a site out"),
    ],
)
def test_what_may_not_ship_says_why(facts: Facts, text: str, reason: Reason, why: str) -> None:
    choice = chosen(Policy(), facts, text)
    assert (choice.text, choice.reason) == (SOURCE, reason)
    assert (choice.label.origin, choice.label.review) == ("source", "none")
    assert why in choice.label.why


@pytest.mark.parametrize("facts", [APPROVED, DRAFT])
def test_an_error_of_the_checks_holds_back_even_what_a_person_approved(facts: Facts) -> None:
    choice = chosen(Policy(), facts, errors=WRONG)
    assert (choice.text, choice.reason) == (SOURCE, Reason.FAILED)
    assert choice.label.why == "failed the check number: '10' has become '11'"


@pytest.mark.parametrize("text", [Text.REVIEWED, Text.MACHINE])
def test_pseudo_text_ships_only_where_somebody_asks_for_it(text: Text) -> None:
    policy = Policy(text=text, max_risk=0.1)
    assert chosen(policy, PSEUDO).text == SOURCE
    choice = chosen(replace(policy, pseudo=True), PSEUDO)
    assert choice.text == TEXT
    assert choice.label == Label("machine", "none", "current", PSEUDO.packages)


def test_pseudo_text_does_not_ship_against_a_rule_for_the_source_nor_stale() -> None:
    assert chosen(Policy(text=Text.SOURCE, pseudo=True), PSEUDO).text == SOURCE
    assert chosen(Policy(pseudo=True), replace(PSEUDO, freshness=Freshness.STALE)).text == SOURCE


def test_pseudo_text_that_a_person_approved_is_theirs() -> None:
    assert chosen(REVIEWED, replace(PSEUDO, review=Review.APPROVED)).text == TEXT


# Texts whose source has changed.


def test_the_last_approved_text_stays_with_its_origin_and_is_told_as_stale() -> None:
    choice = chosen(Policy(), DRAFT, last=LAST)
    assert (choice.text, choice.reason) == (OLD, Reason.KEPT)
    assert choice.label == Label("machine", "approved", "stale", PACKAGES, 0.25)
    assert 'stale = "keep-last-approved" in [publish]' in choice.because


@pytest.mark.parametrize("facts", [MISSING, STALE, DRAFT, PSEUDO])
def test_it_stays_whatever_is_there_of_today_but_an_approved_text(facts: Facts) -> None:
    assert chosen(REVIEWED, facts, last=LAST).text == OLD
    assert chosen(REVIEWED, APPROVED, last=LAST).text == TEXT


def test_the_fresh_machine_text_goes_first_where_the_policy_says_so() -> None:
    policy = Policy(stale=Stale.MACHINE)
    assert chosen(policy, DRAFT, last=LAST).text == TEXT
    assert chosen(policy, MISSING, "", last=LAST).text == OLD
    assert chosen(policy, DRAFT, errors=WRONG, last=LAST).text == OLD
    assert chosen(replace(policy, text=Text.REVIEWED), DRAFT, last=LAST).text == OLD


@pytest.mark.parametrize("fallback", Fallback)
@pytest.mark.parametrize("last", [LAST, replace(LAST, recalled=("number: 5 -> 6",))])
def test_the_source_stands_in_at_once_where_the_policy_says_so(
    fallback: Fallback, last: LastApproved
) -> None:
    policy = Policy(stale=Stale.SOURCE, fallback=fallback)
    assert chosen(policy, DRAFT, last=last).text == SOURCE
    assert chosen(policy, APPROVED, last=last).text == TEXT
    assert chosen(policy, DRAFT).text == TEXT  # nothing that was approved has become stale


@pytest.mark.parametrize("stale", Stale)
def test_a_recalled_text_is_out_at_once(stale: Stale) -> None:
    recalled = replace(LAST, recalled=("number: 5 -> 6",))
    choice = chosen(Policy(stale=stale), STALE, OLD, last=recalled)
    assert (choice.text, choice.reason) == (SOURCE, Reason.RECALLED)
    assert choice.label.why == "recalled, its source has changed (number: 5 -> 6)"


def test_after_a_recall_the_machines_fresh_text_ships_if_it_may() -> None:
    recalled = replace(LAST, recalled=("number: 5 -> 6",))
    choice = chosen(Policy(), DRAFT, last=recalled)
    assert (choice.text, choice.label.freshness) == (TEXT, "current")
    assert "the approved text is recalled" in choice.because
    held = chosen(REVIEWED, DRAFT, last=recalled)
    assert (held.text, held.reason) == (SOURCE, Reason.RECALLED)
    assert "the new text: not approved" in held.label.why


def test_a_last_approved_text_with_errors_does_not_ship() -> None:
    broken = replace(LAST, errors=WRONG)
    assert chosen(Policy(), STALE, OLD, last=broken).text == SOURCE
    assert chosen(Policy(), DRAFT, last=broken).text == TEXT


# Rules.

RULES = (
    Rule("[[publish.rules]] 1", collection="notices", text=Text.REVIEWED, max_risk=0.5),
    Rule("[[publish.rules]] 2", locale="es", max_risk=0.2),
    Rule("[[publish.rules]] 3", field="body", locale="ar", atomic=False, stale=Stale.SOURCE),
    Rule("[[publish.rules]] 4", collection="briefs", fallback=Fallback.WITHHOLD),
    Rule("[[publish.rules]] 5", collection="briefs", locale="es", fallback=Fallback.SOURCE),
)


def test_later_rules_win_key_by_key_and_each_key_knows_its_rule() -> None:
    ruling = Policy(rules=RULES).ruling("notices", "title", "es")
    assert (ruling.text, ruling.max_risk) == (Text.REVIEWED, 0.2)
    assert ruling.told("text") == 'text = "reviewed" in [[publish.rules]] 1'
    assert ruling.told("max_risk") == "max_risk = 0.2 in [[publish.rules]] 2"
    assert ruling.told("fallback") == 'fallback = "source" in [publish]'
    assert ruling.told("atomic") == "atomic = true in [publish]"


@pytest.mark.parametrize(
    ("where", "text", "risk", "fallback", "stale", "atomic"),
    [
        (("notices", "title", "pt"), Text.REVIEWED, 0.5, Fallback.SOURCE, Stale.KEEP, True),
        (("notices", "body", "ar"), Text.REVIEWED, 0.5, Fallback.SOURCE, Stale.SOURCE, False),
        (("pages", "body", "es"), Text.MACHINE, 0.2, Fallback.SOURCE, Stale.KEEP, True),
        (("briefs", "body", "pt"), Text.MACHINE, 1.0, Fallback.WITHHOLD, Stale.KEEP, True),
        (("briefs", "body", "es"), Text.MACHINE, 0.2, Fallback.SOURCE, Stale.KEEP, True),
        (("briefs", "title", "ar"), Text.MACHINE, 1.0, Fallback.WITHHOLD, Stale.KEEP, True),
    ],
)
def test_a_rule_holds_where_all_that_it_asks_for_is_there(  # noqa: PLR0913, PLR0917
    where: tuple[str, str, str],
    text: Text,
    risk: float,
    fallback: Fallback,
    stale: Stale,
    atomic: bool,  # noqa: FBT001
) -> None:
    found = replace(Policy(rules=RULES).ruling(*where), by=())
    assert found == Ruling(text, risk, fallback, stale, atomic)


def test_without_rules_all_keys_are_those_of_the_table() -> None:
    ruling = Policy().ruling("a", "b", "es")
    assert dict(ruling.by) == dict.fromkeys(
        ("text", "max_risk", "fallback", "stale", "atomic"), PUBLISH
    )


def test_the_source_ships_as_it_is_written_unless_a_rule_names_its_locale() -> None:
    policy = Policy(
        text=Text.WITHHOLD,
        rules=(
            Rule("1", collection="notices", text=Text.WITHHOLD),
            Rule("2", collection="briefs", locale="en", text=Text.WITHHOLD),
        ),
    )
    choice = of_source(SOURCE, policy.of_source("notices", "body", "en"))
    assert (choice.text, choice.label) == (SOURCE, Label("human", "approved", "current"))
    assert of_source(SOURCE, policy.of_source("briefs", "body", "en")).text is None


# Whole items.

TITLE, BODY, MORE = (
    Unit("notices", "pool", field, source)
    for field, source in (("title", "Pool"), ("body", "Open"), ("body", "Bring a towel."))
)
SHIPS = chosen(Policy(), APPROVED)
FALLS = chosen(Policy(), MISSING, "")


def test_where_one_unit_falls_back_the_whole_item_ships_as_source_and_says_why() -> None:
    found = together({TITLE: SHIPS, BODY: FALLS, MORE: SHIPS})
    assert {unit: choice.text for unit, choice in found.items()} == {
        TITLE: "Pool",
        BODY: SOURCE,
        MORE: "Bring a towel.",
    }
    assert found[BODY] == FALLS
    assert found[TITLE].reason is Reason.WHOLE
    assert found[TITLE].label.origin == "source"
    assert found[TITLE].label.why == "the item ships whole or not at all; body: not translated yet"
    assert BODY.id in found[TITLE].because


def test_an_item_that_is_whole_ships_as_it_is() -> None:
    assert together({TITLE: SHIPS, BODY: SHIPS}) == {TITLE: SHIPS, BODY: SHIPS}
    assert together({}) == {}


def test_without_atomic_each_unit_ships_by_itself() -> None:
    loose = replace(FALLS, atomic=False)
    assert together({TITLE: SHIPS, BODY: loose}) == {TITLE: SHIPS, BODY: loose}


def test_a_unit_that_would_rather_be_withheld_than_be_source_takes_the_item_out() -> None:
    careful = chosen(Policy(fallback=Fallback.WITHHOLD), APPROVED)
    assert together({TITLE: careful, BODY: FALLS})[TITLE].text is None


# Whatever the facts and the policy are.

RULINGS = st.builds(
    Ruling,
    st.sampled_from(Text),
    st.sampled_from([0.0, 0.2, 0.9, 1.0]),
    st.sampled_from(Fallback),
    st.sampled_from(Stale),
    st.booleans(),
)
FACTS = st.builds(
    Facts,
    st.sampled_from(Origin),
    st.sampled_from(Freshness),
    st.sampled_from(Review),
    st.sampled_from([PACKAGES, PSEUDO.packages, ""]),
    st.one_of(st.none(), st.floats(0, 1)),
    st.booleans(),
)
ERRORS = st.sampled_from([(), WRONG])
LASTS = st.builds(
    LastApproved, st.just(OLD), FACTS, ERRORS, st.sampled_from([(), ("name: Elm -> Oak",)])
)
STANDINGS = st.builds(
    Standing, st.sampled_from(["", " ", TEXT]), FACTS, ERRORS, st.one_of(st.none(), LASTS)
)


def allowed_today(one: Standing, ruling: Ruling, *, pseudo: bool) -> bool:
    """The rule for today's text, written down a second time and in another way."""
    facts = one.facts
    sound = one.text.strip() and not facts.withheld and not one.errors
    if not sound or facts.freshness is not Freshness.CURRENT:
        return False
    if facts.review is Review.APPROVED:
        return True
    if facts.review is Review.NEEDS_WORK:
        return False
    if is_pseudo(facts):
        return pseudo
    over = ruling.max_risk < 1 if facts.risk is None else facts.risk > ruling.max_risk
    return ruling.text is Text.MACHINE and not over


@given(STANDINGS, RULINGS, st.booleans())
def test_facts_times_policy(one: Standing, ruling: Ruling, pseudo: bool) -> None:  # noqa: FBT001
    """Which of the three texts ships, told from the wording of the documentation."""
    today = allowed_today(one, ruling, pseudo=pseudo)
    approved = today and one.facts.review is Review.APPROVED
    kept = one.last is not None and not one.last.recalled and not one.last.errors
    fallen = SOURCE if ruling.fallback is Fallback.SOURCE else None
    if ruling.text in {Text.SOURCE, Text.WITHHOLD}:
        wanted = SOURCE if ruling.text is Text.SOURCE else None
    elif approved:
        wanted = TEXT
    elif one.last is not None and ruling.stale is Stale.SOURCE:
        wanted = SOURCE
    elif ruling.stale is Stale.MACHINE:
        wanted = TEXT if today else OLD if kept else fallen
    else:
        wanted = OLD if kept else TEXT if today else fallen
    choice = decided(SOURCE, one, ruling, pseudo=pseudo)
    assert choice.text == wanted
    assert choice.falls_back is (wanted not in {TEXT, OLD})
    assert bool(choice.label.why) is choice.falls_back
    assert choice.because


@given(STANDINGS, RULINGS, st.booleans())
def test_no_text_ships_that_is_recalled_withheld_doubted_or_wrong(
    one: Standing,
    ruling: Ruling,
    pseudo: bool,  # noqa: FBT001
) -> None:
    choice = decided(SOURCE, one, ruling, pseudo=pseudo)
    if choice.text == TEXT:
        assert not one.errors
        assert not one.facts.withheld
        assert one.facts.review is not Review.NEEDS_WORK
        assert one.facts.freshness is Freshness.CURRENT
        assert (choice.label.origin, choice.label.review) == (one.facts.origin, one.facts.review)
    elif choice.text == OLD:
        assert one.last is not None
        assert not one.last.recalled
        assert not one.last.errors
        assert (choice.label.freshness, choice.label.review) == ("stale", "approved")
        assert choice.label.origin == one.last.facts.origin
    else:
        assert choice.text in {SOURCE, None}
        assert choice.label.origin == "source"


@given(st.lists(st.tuples(STANDINGS, RULINGS), min_size=1, max_size=6))
def test_an_atomic_item_is_never_a_mixture(found: list[tuple[Standing, Ruling]]) -> None:
    units = [Unit("notices", "pool", "body", f"{SOURCE} {n}") for n in range(len(found))]
    choices = {
        unit: decided(unit.source, one, replace(ruling, atomic=True))
        for unit, (one, ruling) in zip(units, found, strict=True)
    }
    shipped = together(choices)
    assert list(shipped) == units
    assert len({choice.falls_back for choice in shipped.values()}) == 1
    for unit, choice in shipped.items():
        if choice.falls_back:
            assert choice.text in {unit.source, None}
            assert choice.label.why
        else:
            assert choice == choices[unit]


@given(st.lists(st.tuples(STANDINGS, RULINGS), max_size=6))
def test_an_item_never_ships_more_than_its_units_would_alone(
    found: list[tuple[Standing, Ruling]],
) -> None:
    choices = {
        Unit("notices", "pool", "body", f"{SOURCE} {n}"): decided(SOURCE, one, ruling)
        for n, (one, ruling) in enumerate(found)
    }
    for unit, choice in together(choices).items():
        assert choice == choices[unit] or choice.falls_back
        assert choices[unit].text is not None or choice.text is None
