from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES, TIME, Place, place
from workflow import catalog
from workflow.catalog.verdict import doubt
from workflow.model import Message
from workflow.policy import Fallback, Policy, Reason, Rule, Stale, Text
from workflow.steps.project import Publishing
from workflow.steps.shipping import Shipped, boundaries, entries_of, shipped
from workflow.steps.timing import Absence
from workflow.withdrawn import Withdrawal

OPEN = "The pool is open on Monday. Bring a towel."
REWORDED = "The pool is open on Monday. Bring your towel."
RECALLED = "The pool is open on Tuesday. Bring a towel."
ABIERTA = "La piscina abre el lunes. Traiga una toalla."
LOOSE = Policy(atomic=False)


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, "es")
    made.notice("pool", "The pool", OPEN)
    return made


def ships(city: Place, locale: str = "es", at: str = TIME) -> dict[str, Shipped]:
    """What becomes of each item, by its id."""
    found: dict[str, Shipped] = {}
    for contents in city.ingest().contents:
        entries = entries_of(city.project, contents.collection, locale)
        found |= {one.item.id: one for one in shipped(city.project, contents, locale, entries, at)}
    return found


def texts(one: Shipped) -> list[str | None]:
    return [choice.text for choice in (one.choices or {}).values()]


def reasons(one: Shipped) -> list[Reason]:
    return [choice.reason for choice in (one.choices or {}).values()]


def approved(city: Place, body: str = ABIERTA) -> None:
    city.ingest()
    city.approve("The pool", "La piscina")
    city.approve(OPEN, body)


# Texts whose source has changed.


def test_the_last_approved_text_stays_when_its_source_is_reworded(city: Place) -> None:
    approved(city)
    city.notice("pool", "The pool", REWORDED)
    pool = ships(city)["pool"]
    assert texts(pool) == ["La piscina", ABIERTA]
    assert [choice.label.freshness for choice in (pool.choices or {}).values()] == [
        "current",
        "stale",
    ]
    city.translate()
    assert texts(ships(city)["pool"]) == ["La piscina", ABIERTA]


def test_with_a_draft_of_today_the_policy_says_which_goes_first(city: Place) -> None:
    approved(city)
    city.notice("pool", "The pool", REWORDED)
    city.translate()
    for stale, text in (
        (Stale.MACHINE, city.text(REWORDED)),
        (Stale.SOURCE, REWORDED),
        (Stale.KEEP, ABIERTA),
    ):
        policy = Policy(stale=stale, atomic=False)
        assert texts(ships(city.with_(policy=policy))["pool"])[1] == text


@pytest.mark.parametrize("stale", Stale)
@pytest.mark.parametrize("text", [Text.REVIEWED, Text.MACHINE])
def test_a_recalled_text_is_out_whatever_the_policy(city: Place, stale: Stale, text: Text) -> None:
    approved(city)
    city.notice("pool", "The pool", RECALLED)
    loose = city.with_(policy=Policy(text, stale=stale, atomic=False))
    assert texts(ships(loose)["pool"]) == ["La piscina", RECALLED]
    assert reasons(ships(loose)["pool"])[1] is Reason.RECALLED
    city.translate()
    assert ABIERTA not in texts(ships(loose)["pool"])


def test_after_a_recall_a_draft_of_today_ships_if_it_may(city: Place) -> None:
    approved(city)
    city.notice("pool", "The pool", RECALLED)
    city.translate()
    assert texts(ships(city)["pool"]) == ["La piscina", city.text(RECALLED)]


def test_two_changes_of_which_one_recalls_recall(city: Place) -> None:
    approved(city)
    city.notice("pool", "The pool", RECALLED)
    city.translate()
    city.notice("pool", "The pool", RECALLED.replace("a towel", "your towel"))
    city.translate()
    assert ABIERTA not in texts(ships(city)["pool"])


def test_a_change_that_is_taken_back_brings_the_approval_back(city: Place) -> None:
    approved(city)
    city.notice("pool", "The pool", RECALLED)
    city.translate()
    city.notice("pool", "The pool", OPEN)
    assert reasons(ships(city)["pool"]) == [Reason.APPROVED, Reason.APPROVED]


def test_the_checks_judge_the_last_approved_text_beside_its_own_source(city: Place) -> None:
    """A sentence with a number was added: the old text lacks the number, and was right."""
    city.translate()
    city.approve("The pool")
    city.approve(OPEN)
    draft = city.text(OPEN)
    city.notice("pool", "The pool", f"{OPEN} It costs 3 euros.")
    assert texts(ships(city)["pool"])[1] == draft


def test_a_last_approved_text_that_was_wrong_then_does_not_stay(city: Place) -> None:
    approved(city, "La piscina abre el lunes 3. Traiga una toalla.")
    city.notice("pool", "The pool", REWORDED)
    pool = ships(city.with_(policy=LOOSE))["pool"]
    assert texts(pool) == ["La piscina", REWORDED]


def test_a_machines_text_that_a_person_approved_stays_as_the_machines(city: Place) -> None:
    city.translate()
    city.approve("The pool")
    city.approve(OPEN)
    draft = city.text(OPEN)
    for number in range(3):
        city.notice("pool", "The pool", f"{REWORDED} It is fun.{' Really.' * number}")
        city.translate()
        pool = ships(city)["pool"]
        assert texts(pool)[1] == draft
        label = list((pool.choices or {}).values())[1].label
        assert (label.origin, label.review, label.freshness) == ("machine", "approved", "stale")
        assert label.packages


def test_a_doubted_text_does_not_stay(city: Place) -> None:
    approved(city)
    city.notice("pool", "The pool", REWORDED)
    city.ingest()
    change_all(city, {REWORDED: doubt})
    assert ABIERTA not in texts(ships(city)["pool"])
    city.notice("pool", "The pool", f"{REWORDED} It is fun.")
    city.translate()
    assert ABIERTA not in texts(ships(city)["pool"])


def change_all(city: Place, changes: Mapping[str, object]) -> None:
    def change(messages: tuple[Message, ...]) -> list[Message]:
        return [
            changes[one.source](one) if one.source in changes and not one.obsolete else one  # type: ignore[operator]
            for one in messages
        ]

    assert city.project.catalogs.update("es", "notices", change)


def test_it_comes_from_the_catalogs_alone(city: Place) -> None:
    approved(city)
    city.publish()
    city.notice("pool", "The pool", REWORDED)
    city.translate()
    before = ships(city)["pool"]
    city.forget_history()
    for path in sorted((city.root / "var").rglob("*")):
        if path.is_file() and "polypress.db" not in path.name:
            path.unlink()
    assert ships(city)["pool"] == before


# Whole items and rules.


def test_an_item_ships_whole_or_not_at_all(city: Place) -> None:
    city.ingest()
    city.approve("The pool", "La piscina")
    pool = ships(city)["pool"]
    assert texts(pool) == ["The pool", OPEN]
    assert reasons(pool) == [Reason.WHOLE, Reason.MISSING]
    assert texts(ships(city.with_(policy=LOOSE))["pool"]) == ["La piscina", OPEN]
    gone = ships(city.with_(policy=Policy(fallback=Fallback.WITHHOLD)))["pool"]
    assert (gone.choices, gone.absence) == (None, Absence.POLICY)
    assert gone.why == 'body: not translated yet; fallback = "withhold" in [publish]'


def test_rules_are_those_of_the_units_field_collection_and_locale(city: Place) -> None:
    city.translate()
    rules = (
        Rule("1", field="title", text=Text.REVIEWED),
        Rule("2", locale="ar", text=Text.WITHHOLD),
        Rule("3", collection="briefs", text=Text.WITHHOLD),
    )
    mixed = city.with_(policy=Policy(atomic=False, rules=rules))
    assert texts(ships(mixed)["pool"]) == ["The pool", city.text(OPEN)]


def test_a_field_that_may_fall_back_alone_goes_with_the_item_if_another_must(city: Place) -> None:
    city.translate()
    alone = Rule("1", field="title", text=Text.REVIEWED, atomic=False)
    assert texts(ships(city.with_(policy=Policy(rules=(alone,))))["pool"]) == [
        "The pool",
        city.text(OPEN),
    ]
    city.edit(OPEN, "")
    city.approve("The pool", "La piscina")
    assert texts(ships(city.with_(policy=Policy(rules=(alone,))))["pool"]) == ["The pool", OPEN]


# The source's own locale, and items that are not there.


def test_the_source_goes_the_same_way(city: Place) -> None:
    city.notice("later", "Later", "Not yet.")
    path = city.write("notices/later.md", "---\ntitle: Later\npublish_at: 2027-01-01\n---\n\nNo.\n")
    assert path.is_file()
    found = ships(city, "en")
    assert reasons(found["pool"]) == [Reason.IS_SOURCE, Reason.IS_SOURCE]
    assert found["later"].absence is Absence.EMBARGO
    rule = Rule("1", collection="notices", locale="en", text=Text.WITHHOLD)
    hidden = city.with_(policy=Policy(rules=(rule,)))
    assert ships(hidden, "en")["pool"].absence is Absence.POLICY


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_withdrawn_item_is_left_out_with_the_reason(city: Place, locale: str) -> None:
    held = {"notices:pool": Withdrawal("notices", "pool", TIME, "wrong day")}
    pool = ships(city.with_(withdrawn=held), locale)["pool"]
    assert (pool.choices, pool.absence, pool.why) == (
        None,
        Absence.WITHDRAWN,
        "withdrawn: wrong day",
    )


def timed(city: Place, name: str, **meta: str) -> None:
    head = "".join(f"{key}: {value}\n" for key, value in meta.items())
    city.write(f"notices/{name}.md", f"---\ntitle: {name}\n{head}---\n\nText of {name}.\n")


@pytest.mark.parametrize("locale", ["en", "es"])
def test_items_come_and_go_at_their_time(city: Place, locale: str) -> None:
    timed(city, "early", publish_at="2026-01-31T12:00:00Z", expires_at="2026-01-31T12:00:01Z")
    timed(city, "late", publish_at="2026-01-31T12:00:01Z")
    now, then = ships(city, locale), ships(city, locale, "2026-01-31T13:00:01+01:00")
    assert (now["early"].choices is not None, now["early"].until) == (
        True,
        "2026-01-31T12:00:01+00:00",
    )
    assert now["late"].why == "comes out at 2026-01-31T12:00:01+00:00"
    assert then["early"].why == "expired at 2026-01-31T12:00:01+00:00"
    assert then["late"].choices is not None
    assert now["pool"].until == ""


def test_times_are_those_of_the_projects_zone(city: Place) -> None:
    timed(city, "early", publish_at="2026-01-31T13:00")
    assert ships(city)["early"].absence is Absence.EMBARGO
    madrid = city.with_(publishing=Publishing(timezone="Europe/Madrid"))
    assert ships(madrid)["early"].choices is not None


def test_a_malformed_time_holds_the_item_back_and_is_told_with_its_place(city: Place) -> None:
    timed(city, "odd", expires_at="next week")
    timed(city, "empty", publish_at="")
    timed(city, "listed", publish_at="[2026-01-01, 2027-01-01]")
    found = ships(city)
    for name, key in (
        ("odd", "expires_at"),
        ("empty", "publish_at"),
        ("listed", "publish_at"),
    ):
        failure = found[name].failure
        assert found[name].absence is Absence.MISTAKE
        assert failure is not None
        assert (failure.place.path, failure.place.key) == (f"content/notices/{name}.md", key)
        assert "held back" in str(failure)
    assert found["pool"].failure is None


def test_a_result_stands_between_the_last_and_the_next_moment(city: Place) -> None:
    timed(city, "a", publish_at="2026-01-01", expires_at="2026-03-01")
    timed(city, "b", publish_at="2026-01-31T12:00:00Z", expires_at="2026-02-01")
    timed(city, "odd", publish_at="soon", expires_at="2026-01-31T13:00Z")
    [contents] = city.ingest().contents
    for at, since, until in (
        ("2025-01-01T00:00:00+00:00", "", "2026-01-01T00:00:00+00:00"),
        (TIME, TIME, "2026-02-01T00:00:00+00:00"),
        ("2026-02-01T01:00:00+01:00", "2026-02-01T00:00:00+00:00", "2026-03-01T00:00:00+00:00"),
        ("2027-01-01T00:00:00+00:00", "2026-03-01T00:00:00+00:00", ""),
    ):
        assert boundaries(city.project, contents, at) == (since, until)
    still = replace(contents, items=tuple(one for one in contents.items if one.id == "pool"))
    assert boundaries(city.project, still, TIME) == ("", "")


def test_a_digest_ships_by_paragraphs(tmp_path: Path) -> None:
    city = place(tmp_path, "es", collections=(NOTICES, BRIEFS))
    city.write("briefs/week.txt", "The pool is open.\n\nThe library is shut.\n")
    city.ingest()
    city.approve("The pool is open.", "La piscina abre.", domain="briefs")
    found = [texts(one) for one in ships(city).values()]
    assert found == [["La piscina abre."], ["The library is shut."]]


def test_a_paragraph_of_a_digest_keeps_its_text_through_any_number_of_rewordings(
    tmp_path: Path,
) -> None:
    city = place(tmp_path, "es", collections=(BRIEFS,))
    city.write("briefs/week.txt", OPEN)
    city.ingest()
    city.approve(OPEN, ABIERTA, domain="briefs")
    for more in ("It is fun.", "It is great fun.", "It is fun for all."):
        city.write("briefs/week.txt", f"{REWORDED} {more}")
        city.translate()
        assert [texts(one) for one in ships(city).values()] == [[ABIERTA]]
    city.write("briefs/week.txt", f"{RECALLED} It is fun for all.")
    city.translate()
    assert ABIERTA not in [text for one in ships(city).values() for text in texts(one)]


def test_an_active_entry_goes_before_an_obsolete_twin(city: Place) -> None:
    class Twins:
        def read(self, _locale: str, _domain: str) -> tuple[Message, ...]:
            active = Message("pool#body", OPEN, (ABIERTA,))
            return active, replace(active, translations=("Cerrada",), obsolete=True)

    entries = entries_of(city.with_(catalogs=Twins()).project, NOTICES, "es")
    assert entries is not None
    assert entries["pool#body", OPEN].translation == ABIERTA


def test_an_obsolete_entry_is_no_translation_of_its_unit(city: Place) -> None:
    approved(city)
    [contents] = city.ingest().contents
    entries = entries_of(city.project, contents.collection, "es")
    assert entries is not None
    gone = {key: replace(one, obsolete=True) for key, one in entries.items()}
    [pool] = shipped(city.project, contents, "es", gone, TIME)
    assert reasons(pool) == [Reason.MISSING, Reason.MISSING]
    assert catalog.retired(gone.values())
