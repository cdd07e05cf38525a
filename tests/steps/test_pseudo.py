"""Pseudo text among translations: what it replaces, what replaces it, and where it counts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fake_reviews import FakeReviews
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from tests.steps.review_for_tests import YES, say, shown, states
from workflow.adapters.pseudo.engine import PseudoEngine
from workflow.catalog import draft, settle
from workflow.model import Freshness, Message, Origin, Review, Unit
from workflow.policy import Policy, Text
from workflow.priority import Need
from workflow.pseudo import is_pseudo
from workflow.steps.check import check
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.publish import Publication, publish
from workflow.steps.review import review
from workflow.steps.reviewed import Filter, State
from workflow.steps.reviewing import Reviewing
from workflow.steps.status import LocaleStatus, status
from workflow.steps.translate import translate
from workflow.steps.unpack import unpack

POOL, TOWEL = "The pool opens", "Bring a towel. Bring a cap."


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, collections=(NOTICES, BRIEFS))
    made.notice("pool", POOL, TOWEL)
    return made


def pseudo(city: Place, *tags: str) -> tuple[LocaleOutcome, ...]:
    """What `polypress translate --engine pseudo` does."""
    trying = replace(city.project, engine=PseudoEngine(), pseudo=True)
    return translate(trying, city.ingest(), locales=tags or None)


def approve_a_sentence(city: Place) -> None:
    """The memory knows it from then on."""
    city.notice("cap", "", "Bring a cap.")
    city.ingest()
    city.approve("Bring a cap.", "Traiga un gorro.")


def approve_by_name(city: Place) -> None:
    word = replace(YES, despite=True)
    assert states(say(city, FakeReviews(), word, shown(city, POOL))) == [State.SET]


def found(city: Place) -> list[str]:
    """What `polypress check` finds in Spanish."""
    told = check(city.project, city.ingest().contents, locales=["es"])
    return [one.check for each in told for unit in each.units for one in unit.findings]


def unmark(city: Place, locale: str = "es") -> None:
    """What `msgattrib --clear-fuzzy`, or accepting all that is there in an editor, does."""
    for source in city.messages(locale):
        city.edit(source, locale=locale)


def released(city: Place, policy: Policy | None = None) -> Publication:
    project = replace(city.project, policy=policy or city.project.policy)
    return publish(project)[1]


def labels(city: Place, locale: str = "es") -> list[dict[str, Any]]:
    found = unpack(city.project.bundles, city.project.compiler, locale)
    told = [json.loads(file.body) for file in found if file.path.endswith("/labels.json")]
    return [label for labels in told for label in labels.values()]


def spanish(city: Place) -> LocaleStatus:
    return status(city.project, city.ingest().contents)[0]


# What gets pseudo text.


def test_every_unit_without_a_text_gets_a_draft_that_says_what_it_is(city: Place) -> None:
    outcomes = pseudo(city)
    assert [(one.locale, one.machine, len(one.withheld)) for one in outcomes] == [
        ("es", 2, 0), ("ar", 2, 0),
    ]  # fmt: skip
    assert city.text(TOWEL) == "⟪Ḃŕíííñĝ á ţóóóŵééļ.⟫ ⟪Ḃŕíííñĝ á çáááṗ.⟫"
    for locale in ("es", "ar"):
        facts = city.facts(POOL, locale)
        assert (facts.origin, facts.freshness, facts.review) == (
            Origin.MACHINE, Freshness.CURRENT, Review.NONE,
        )  # fmt: skip
        assert facts.packages.startswith(f"pseudo_{locale}@2#")
        assert facts.risk is None
        assert city.messages(locale)[POOL].fuzzy


def test_a_second_run_makes_and_writes_nothing(city: Place) -> None:
    pseudo(city)
    before = snapshot(city.root / "locales")
    assert [(one.machine, one.written) for one in pseudo(city)] == [(0, ()), (0, ())]
    assert snapshot(city.root / "locales") == before


def test_approved_texts_of_the_memory_come_first(city: Place) -> None:
    approve_a_sentence(city)
    city.approve(POOL, "La piscina abre")
    city.notice("more", POOL, "Bring a cap. Bring a friend.")
    (outcome,) = pseudo(city, "es")
    assert (outcome.memory, outcome.machine) == (1, 2)
    assert city.text("Bring a cap. Bring a friend.") == "Traiga un gorro. ⟪Ḃŕíííñĝ á ƒŕíéééñď.⟫"
    assert city.facts("Bring a cap. Bring a friend.").origin is Origin.MACHINE


@pytest.mark.parametrize("fuzzy", [False, True])
def test_a_persons_text_stays(city: Place, *, fuzzy: bool) -> None:
    city.ingest()
    city.edit(POOL, "La piscina abre", fuzzy=fuzzy)
    pseudo(city, "es")
    assert city.text(POOL) == "La piscina abre"
    assert is_pseudo(city.facts(TOWEL))


def test_a_persons_stale_text_stays_where_it_is_of_use_to_a_real_engine(city: Place) -> None:
    city.ingest()
    city.approve(TOWEL, "Traiga una toalla. Traiga un gorro.")
    city.ingest()
    city.notice("pool", POOL, "Bring a towel. Bring two caps.")
    pseudo(city, "es")
    assert city.text("Bring a towel. Bring two caps.") == "Traiga una toalla. Traiga un gorro."
    assert city.facts("Bring a towel. Bring two caps.").freshness is Freshness.STALE


def test_a_real_draft_stays(city: Place) -> None:
    city.translate("es")
    before = snapshot(city.root / "locales")
    pseudo(city, "es")
    assert snapshot(city.root / "locales") == before


def test_what_a_real_engine_failed_at_gets_pseudo_text_until_it_does_not(city: Place) -> None:
    city.engine.answers[POOL] = ""
    assert len(city.translate("es")[0].withheld) == 1
    pseudo(city, "es")
    assert city.text(POOL) == "⟪Ţĥéé ṗóóóóļ óóṗééñš⟫"
    assert len(city.translate("es")[0].withheld) == 1
    assert city.text(POOL) == ""
    assert city.facts(POOL).withheld


# What replaces it.


def test_a_real_engine_replaces_pseudo_text_as_if_there_were_none(city: Place) -> None:
    pseudo(city)
    outcomes = city.translate()
    assert [one.machine for one in outcomes] == [2, 2]
    assert city.text(TOWEL) == "es: Bring a towel. es: Bring a cap."
    assert not is_pseudo(city.facts(POOL))
    assert city.messages()[POOL].comments == (city.messages()[POOL].comments[0],)


def test_the_catalogs_are_those_that_a_real_engine_alone_had_made(
    city: Place, tmp_path: Path
) -> None:
    pseudo(city)
    city.translate()
    other = place(tmp_path / "other", collections=(NOTICES, BRIEFS))
    other.notice("pool", POOL, TOWEL)
    other.translate()
    for locale in ("es", "ar"):
        assert city.catalog(locale).read_bytes() == other.catalog(locale).read_bytes()


@pytest.mark.parametrize("fuzzy", [False, True])
def test_pseudo_text_that_a_person_edited_is_theirs(city: Place, *, fuzzy: bool) -> None:
    pseudo(city, "es")
    city.edit(POOL, "La piscina abre", fuzzy=fuzzy)
    city.translate("es")
    assert city.text(POOL) == "La piscina abre"
    assert not is_pseudo(city.facts(POOL))


def test_pseudo_text_that_a_person_approved_by_name_is_theirs(city: Place) -> None:
    pseudo(city, "es")
    approve_by_name(city)
    stands = city.text(POOL)
    city.translate("es")
    assert city.text(POOL) == stands
    assert city.messages()[POOL].comments == ()
    assert (city.facts(POOL).origin, city.facts(POOL).review) == (Origin.HUMAN, Review.APPROVED)


def test_it_is_approved_by_name_without_its_mark_too_and_once(city: Place) -> None:
    pseudo(city, "es")
    unmark(city)
    approve_by_name(city)
    assert city.facts(POOL).review is Review.APPROVED
    assert states(say(city, FakeReviews(), YES, shown(city, POOL))) == [State.ALREADY]


def test_nothing_of_it_is_kept_when_its_source_changes(city: Place) -> None:
    approve_a_sentence(city)
    city.notice("more", "", "Bring a cap. Bring a friend.")
    pseudo(city, "es")
    assert "⟪" in city.text("Bring a cap. Bring a friend.")
    city.notice("more", "", "Bring a cap. Bring a friend. Bring a dog.")
    city.translate("es")
    told = city.text("Bring a cap. Bring a friend. Bring a dog.")
    assert told == "Traiga un gorro. es: Bring a friend. es: Bring a dog."


def test_the_memory_learns_nothing_of_it(city: Place) -> None:
    pseudo(city)
    city.translate()
    city.notice("more", POOL)
    assert city.translate("es")[0].memory == 0


def test_without_its_mark_it_is_still_replaced_and_leaves_no_trace(
    city: Place, tmp_path: Path
) -> None:
    pseudo(city)
    for locale in ("es", "ar"):
        unmark(city, locale)
    assert is_pseudo(city.facts(POOL))
    city.translate()
    other = place(tmp_path / "other", collections=(NOTICES, BRIEFS))
    other.notice("pool", POOL, TOWEL)
    other.translate()
    for locale in ("es", "ar"):
        assert city.catalog(locale).read_bytes() == other.catalog(locale).read_bytes()


def test_without_its_mark_it_teaches_the_memory_nothing(city: Place) -> None:
    pseudo(city)
    unmark(city)
    city.notice("more", POOL)
    assert pseudo(city, "es")[0].memory == 0
    assert city.translate("es")[0].memory == 0


# Somebody else writes meanwhile.


def drafted(packages: str, text: str) -> Message:
    return draft(Unit("notices", "pool", "title", POOL), text, packages=packages)


PSEUDO, REAL = drafted("pseudo_es@2#a25b2efe", "⟪Ţĥéé⟫"), drafted("en_es@1.0#0f3c9a1b", "La")
STALE = replace(
    REAL, translations=("Uno",), comments=(), previous_source="The bath opens"
)  # fmt: skip


@pytest.mark.parametrize("stands", [REAL, STALE, drafted("", "La")])
def test_a_late_pseudo_text_takes_no_other_texts_place(stands: Message) -> None:
    assert settle([stands], {PSEUDO.key: PSEUDO}) == (stands,)


def test_a_late_real_text_takes_the_place_of_pseudo_text() -> None:
    assert settle([PSEUDO], {REAL.key: REAL}) == (REAL,)


# Where it counts, and where it does not.


def test_status_counts_it_among_the_machines_texts_and_apart(city: Place) -> None:
    pseudo(city, "es")
    city.approve(POOL, "La piscina abre")
    told = spanish(city)
    assert (told.units, told.origin, told.pseudo) == (2, {"human": 1, "machine": 1}, 1)
    city.translate("es")
    assert spanish(city).pseudo == 0


@pytest.mark.parametrize("marked", [True, False])
def test_it_waits_for_a_translation_not_for_review(city: Place, *, marked: bool) -> None:
    pseudo(city, "es")
    if not marked:
        unmark(city)
    contents = city.ingest().contents
    assert review(city.project, contents, locales=["es"]).units == ()
    assert [one.checked for one in check(city.project, contents, locales=["es"])] == [0, 0]
    assert spanish(city).pseudo == 2


def test_a_word_on_many_texts_is_not_meant_for_it(city: Place) -> None:
    pseudo(city, "es")
    for word in (YES, replace(YES, review=Review.NEEDS_WORK)):
        done = Reviewing(city.project, FakeReviews(), word).filtered(Filter(), ["es"])
        assert done.units == ()
    assert is_pseudo(city.facts(POOL))


@pytest.mark.parametrize("marked", [True, False])
def test_it_is_not_published_and_the_label_says_why(city: Place, *, marked: bool) -> None:
    pseudo(city)
    if not marked:
        unmark(city)
        unmark(city, "ar")
    release = released(city)
    assert [one.counts["origin"] for one in release.locales[1:]] == [{"source": 2}] * 2
    assert {label["why"].partition(":")[0] for label in labels(city)} == {"pseudo"}


def test_approving_it_by_name_has_to_be_meant(city: Place) -> None:
    pseudo(city, "es")
    done = say(city, FakeReviews(), YES, shown(city, POOL))
    assert states(done) == [State.REFUSED]
    assert "--despite-findings" in done.units[0].reason
    assert done.units[0].reason.startswith("pseudo: ")
    assert is_pseudo(city.facts(POOL))


@pytest.mark.parametrize("policy", [Policy(), Policy(pseudo=True)])
def test_what_only_looks_like_it_is_found_and_never_published(city: Place, policy: Policy) -> None:
    pseudo(city, "es")
    city.edit(POOL, "⟪La piscina óóṗééñš⟫")
    assert found(city) == ["pseudo"]
    released(city, policy)
    assert any("failed the check pseudo" in label.get("why", "") for label in labels(city))


def test_an_approval_by_name_does_not_publish_it_either(city: Place) -> None:
    pseudo(city, "es")
    approve_by_name(city)
    assert found(city) == ["pseudo"]
    released(city)
    assert any("failed the check pseudo" in label["why"] for label in labels(city))


@pytest.mark.parametrize("fuzzy", [False, True])
def test_a_lost_comment_makes_it_a_persons_and_the_check_tells(city: Place, *, fuzzy: bool) -> None:
    pseudo(city, "es")
    lose_comments(city, fuzzy=fuzzy)
    assert not is_pseudo(city.facts(POOL))
    assert found(city) == ["pseudo"] * 2
    contents = city.ingest().contents
    needs = [one.need for one in review(city.project, contents, locales=["es"]).units]
    assert needs == [Need.ERROR] * 2


def lose_comments(city: Place, *, fuzzy: bool) -> None:
    """What tools do that know no comments of translators."""
    flags = frozenset({"fuzzy"} if fuzzy else ())
    city.project.catalogs.update(
        "es", "notices", lambda all_: [replace(one, comments=(), flags=flags) for one in all_]
    )


def test_it_is_published_for_who_asks_for_it_and_says_what_it_is(city: Place) -> None:
    pseudo(city)
    released(city, Policy(Text.REVIEWED, pseudo=True))
    for label in labels(city):
        assert label == {
            "origin": "machine", "review": "none", "freshness": "current",
            "packages": "pseudo_es@2#a25b2efe",
        }  # fmt: skip
    assert released(city).changed
    assert {label["origin"] for label in labels(city)} == {"source"}
