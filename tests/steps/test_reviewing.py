from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_reviews import FakeReviews
from tests.steps.project_for_tests import BRIEFS, NOTICES, TIME, Place, place, snapshot
from tests.steps.review_for_tests import NO, YES, say, shown, states
from workflow.catalog.revision import revision
from workflow.errors import LockedError, UsageError
from workflow.model import Message, Origin, Review
from workflow.steps.reviewed import Asked, Filter, Reviewed, State, Word, asked, unit_id
from workflow.steps.reviewing import Reviewing


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, collections=(NOTICES, BRIEFS))
    made.notice("a", "First", "Second.\n\nThird.")
    made.write("briefs/b.txt", "Sixth.\n")
    made.translate()
    return made


@pytest.fixture
def log() -> FakeReviews:
    return FakeReviews()


# By name.


def test_a_text_is_approved_where_it_was_shown(city: Place, log: FakeReviews) -> None:
    ask = shown(city, "Second.")
    done = say(city, log, YES, ask)
    assert (states(done), done.written) == ([State.SET], ("es/LC_MESSAGES/notices.po",))
    facts = city.facts("Second.")
    assert (facts.origin, facts.review) == (Origin.MACHINE, Review.APPROVED)
    assert city.facts("Second.", "ar").review is Review.NONE
    assert done.units[0].revision == revision(city.messages()["Second."]) != ask.revision


def test_who_and_when_is_kept_with_what_was_said(city: Place, log: FakeReviews) -> None:
    ask = shown(city, "Second.")
    say(city, log, NO, ask)
    (note,) = log.of(ask.unit, "es")
    assert (note.by, note.at, note.review, note.why) == ("Ben", TIME, "needs-work", "too free")
    assert note.revision == revision(city.messages()["Second."])


def test_many_units_are_one_write_for_each_catalog(city: Place, log: FakeReviews) -> None:
    asks = [shown(city, source) for source in ("First", "Second.", "Third.")]
    asks.append(shown(city, "Sixth.", domain="briefs"))
    done = say(city, log, YES, *asks, *asks)
    assert states(done) == [State.SET] * 4
    assert sorted(done.written) == ["es/LC_MESSAGES/briefs.po", "es/LC_MESSAGES/notices.po"]


def test_other_entries_keep_their_bytes(city: Place, log: FakeReviews) -> None:
    before = city.catalog().read_text().split("\n\n")
    say(city, log, YES, shown(city, "Second."))
    after = city.catalog().read_text().split("\n\n")
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert 'msgid "Second."' in changed[0]


def test_a_text_that_was_changed_since_is_refused_and_the_others_go_on(
    city: Place, log: FakeReviews
) -> None:
    asks = [shown(city, "Second."), shown(city, "Third.")]
    city.edit("Second.", "Segundo.", fuzzy=True)
    done = say(city, log, YES, *asks, locales=("es",))
    assert states(done) == [State.REFUSED, State.SET]
    assert (done.units[0].text, done.units[0].revision) == (
        ("Segundo.",), revision(city.messages()["Second."]),
    )  # fmt: skip
    assert city.facts("Second.").review is Review.NEEDS_WORK
    assert [note.unit for note in log.notes] == [asks[1].unit]


def test_what_no_locale_holds_any_more_is_told_with_what_stands_there(
    city: Place, log: FakeReviews
) -> None:
    done = say(city, log, YES, replace(shown(city, "Second."), revision="0" * 8))
    assert states(done) == [State.REFUSED]
    assert done.units[0].text == ("es: es: Second.", "ar: ar: Second.")
    assert log.notes == []


def test_a_unit_that_is_gone_is_refused(city: Place, log: FakeReviews) -> None:
    ask = shown(city, "Third.")
    city.notice("a", "First", "Second.")
    city.ingest()
    strange = Asked("nothing:x#y@0123456789", "0" * 8)
    assert states(say(city, log, YES, ask, strange)) == [State.REFUSED] * 2


def test_a_save_between_reading_and_writing_is_seen(
    city: Place, log: FakeReviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, store = shown(city, "Second."), type(city.project.catalogs)
    update = store.update

    def late(self: object, *arguments: object, **options: object) -> bool:
        monkeypatch.setattr(store, "update", update)
        city.edit("Second.", "Segundo.", fuzzy=True)
        return update(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "update", late)
    assert states(say(city, log, YES, ask)) == [State.REFUSED]
    assert city.text("Second.") == "Segundo."


def test_two_people_who_approve_the_same_text_are_both_right(city: Place, log: FakeReviews) -> None:
    ask = shown(city, "Second.")
    say(city, log, YES, ask)
    done = say(city, log, replace(YES, by="Cem"), ask)
    assert (states(done), done.written) == ([State.ALREADY], ())
    assert [note.by for note in log.of(ask.unit)] == ["Ana", "Cem"]


def test_an_approval_can_be_taken_back_by_who_saw_it(city: Place, log: FakeReviews) -> None:
    draft = shown(city, "Second.")
    say(city, log, YES, draft)
    assert states(say(city, log, NO, draft)) == [State.REFUSED]
    assert states(say(city, log, NO, shown(city, "Second."))) == [State.SET]
    assert city.facts("Second.").review is Review.NEEDS_WORK
    assert "review: too free" in city.messages()["Second."].comments


def test_what_somebody_doubts_is_not_approved_unseen(city: Place, log: FakeReviews) -> None:
    draft = shown(city, "Second.")
    say(city, log, NO, draft)
    done = say(city, log, YES, draft)
    assert states(done) == [State.REFUSED]
    assert "something else" in done.units[0].reason
    assert states(say(city, log, YES, shown(city, "Second."))) == [State.SET]


def test_an_empty_text_cannot_be_approved(city: Place, log: FakeReviews) -> None:
    city.notice("c", "Fifth")
    city.ingest()
    ask = shown(city, "Fifth")
    done = say(city, log, YES, ask, locales=("es",))
    assert (states(done), done.units[0].reason) == ([State.REFUSED], "there is no text yet")


def test_a_text_with_errors_is_approved_only_on_purpose(city: Place, log: FakeReviews) -> None:
    city.edit("Second.", "Segundo {five}.", fuzzy=True)
    ask = shown(city, "Second.")
    done = say(city, log, YES, ask)
    assert states(done) == [State.REFUSED]
    assert "{five}" in done.units[0].reason
    assert states(say(city, log, replace(YES, despite=True), ask)) == [State.SET]


def test_a_revision_that_fits_in_several_locales_has_to_be_told_apart(
    city: Place, log: FakeReviews
) -> None:
    for locale in ("es", "ar"):
        city.edit("Second.", "2.", fuzzy=True, locale=locale)
    before = snapshot(city.root / "locales")
    with pytest.raises(UsageError, match="the same in es, ar"):
        say(city, log, YES, shown(city, "Third."), shown(city, "Second."))
    assert snapshot(city.root / "locales") == before
    word = replace(YES, despite=True)
    assert states(say(city, log, word, shown(city, "Second."), locales=("ar",))) == [State.SET]
    assert city.facts("Second.").review is Review.NEEDS_WORK


def test_a_catalog_that_is_locked_or_broken_stops_no_other(
    city: Place, log: FakeReviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = [shown(city, "Second."), shown(city, "Sixth.", domain="briefs")]
    store = type(city.project.catalogs)
    update = store.update

    def locked(self: object, locale: str, domain: str, *rest: object, **options: object) -> bool:
        if domain == "notices":
            raise LockedError("in use", fix="wait")
        return update(self, locale, domain, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "update", locked)
    done = say(city, log, YES, *asks)
    assert (states(done), len(done.failures)) == ([State.SET], 1)
    city.catalog().write_text("no catalog")
    done = say(city, log, NO, shown(city, "Sixth.", domain="briefs"), asks[0], locales=("es",))
    assert State.SET in states(done)
    assert len(done.failures) == 1


@pytest.mark.parametrize(
    "name", ["", "a", "notices:a#body@0123456789@", "x@0123456789@0123456g", "@@", "a" * 10**6]
)
def test_a_name_that_is_none_is_a_mistake_of_whoever_typed_it(name: str) -> None:
    with pytest.raises(UsageError, match="no unit with its revision"):
        asked(name)


def test_a_name_without_revision_says_how_to_get_it() -> None:
    with pytest.raises(UsageError, match=r"names no revision.*polypress review"):
        asked("notices:a#body@0123456789")
    assert asked("notices:a#body@0123456789@abcdef01").revision == "abcdef01"


# By filter.


def filtered(city: Place, log: FakeReviews, word: Word, wanted: Filter, *locales: str) -> Reviewed:
    return Reviewing(city.project, log, word).filtered(wanted, locales or ("es",))


def test_a_filter_approves_the_drafts_that_it_takes_and_tells_each(
    city: Place, log: FakeReviews
) -> None:
    done = filtered(city, log, YES, Filter(collections=("notices",)))
    assert states(done) == [State.SET] * 3
    assert city.facts("Sixth.", domain="briefs").review is Review.NONE
    assert city.facts("First", "ar").review is Review.NONE
    assert len(log.notes) == 3


def test_a_filter_leaves_what_people_wrote_or_doubt_alone(city: Place, log: FakeReviews) -> None:
    city.edit("First", "¿Primero?", fuzzy=True)
    say(city, log, NO, shown(city, "Second."))
    done = filtered(city, log, YES, Filter(items=("a",)))
    assert [one.unit for one in done.units] == [shown(city, "Third.").unit]


def test_a_filter_by_origin_takes_approved_machine_texts_back(
    city: Place, log: FakeReviews
) -> None:
    city.approve("First", "Primero")
    say(city, log, YES, shown(city, "Second."))
    done = filtered(city, log, NO, Filter(collections=("notices",), origins=(Origin.MACHINE,)))
    assert states(done) == [State.SET] * 2
    assert city.facts("First").review is Review.APPROVED
    assert city.facts("Second.").review is Review.NEEDS_WORK


def test_a_filter_that_takes_nothing_writes_nothing(city: Place, log: FakeReviews) -> None:
    before = snapshot(city.root / "locales")
    assert filtered(city, log, YES, Filter(items=("none",))) == Reviewed()
    assert snapshot(city.root / "locales") == before


def test_messages_are_looked_up_by_the_id_that_units_have(city: Place) -> None:
    ids = {unit.id for one in city.ingest().contents for unit in one.units}
    messages: list[tuple[str, Message]] = [
        (domain, one)
        for domain in ("notices", "briefs")
        for one in city.messages("es", domain).values()
    ]
    collections = {"notices": NOTICES, "briefs": BRIEFS}
    assert {unit_id(collections[domain], one) for domain, one in messages} == ids
