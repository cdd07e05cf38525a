"""Two people at once on real files (fault row R14, small)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.fake_reviews import FakeReviews
from tests.steps.project_for_tests import NOTICES, Place, place
from tests.steps.review_for_tests import NO, YES, say, states
from workflow.catalog.revision import revision
from workflow.model import Review
from workflow.steps.review import review
from workflow.steps.reviewed import Asked, State, unit_id


def test_of_two_who_say_different_things_one_goes_through_and_one_is_refused(
    tmp_path: Path,
) -> None:
    city = place(tmp_path, "es")
    city.notice("a", "First", "\n\n".join(f"Text {number}." for number in range(100)))
    city.translate("es")
    waiting = review(city.project, city.ingest().contents, locales=("es",)).units
    log = FakeReviews()
    patient = city.with_(catalogs=_patient(city))
    said: dict[str, set[State]] = {}
    with ThreadPoolExecutor(2) as people:
        for start in range(0, 100, 10):
            asks = [Asked(one.id, one.revision) for one in waiting[start : start + 10]]
            both = [
                people.submit(say, patient, log, word, *asks, locales=("es",)) for word in (YES, NO)
            ]
            for done in (one.result() for one in both):
                assert not done.failures
                for one in done.units:
                    said.setdefault(one.unit, set()).add(one.state)
    assert len(said) == 100
    assert all(states == {State.SET, State.REFUSED} for states in said.values())
    stands = {unit_id(NOTICES, one): one for one in city.messages().values()}
    for unit in said:
        (note,) = log.of(unit)
        assert revision(stands[unit]) == note.revision


def test_who_edits_and_who_approves_never_overwrite_each_other(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    city.notice("a", "First", "\n\n".join(f"Text {number}." for number in range(20)))
    city.translate("es")
    waiting = review(city.project, city.ingest().contents, locales=("es",)).units[:20]
    patient, log = city.with_(catalogs=_patient(city)), FakeReviews()
    refused = 0
    with ThreadPoolExecutor(2) as people:
        for number, one in enumerate(waiting):
            mine = f"Mi texto: {one.source}"
            edit = people.submit(patient.edit, one.source, mine, fuzzy=True)
            ask = Asked(one.id, one.revision)
            done = people.submit(say, patient, log, YES, ask, locales=("es",)).result()
            edit.result()
            refused += states(done) == [State.REFUSED]
            assert city.text(one.source) == mine, number
            assert city.facts(one.source).review is Review.NEEDS_WORK
    assert refused == 20 - len(log.notes)


def _patient(city: Place) -> object:
    """The same catalogs, for people who wait for each other's lock."""
    store = city.project.catalogs
    return replace(store, store=_waiting(store.store))  # type: ignore[type-var, attr-defined]


def _waiting(files: object) -> object:
    files._patience = 30.0  # type: ignore[attr-defined]
    return files
