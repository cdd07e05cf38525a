"""Row R14: two people set the review of the same entries at once, on real files."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.fake_reviews import FakeReviews
from tests.steps.project_for_tests import NOTICES, Place, place
from tests.steps.review_for_tests import NO, YES, say
from workflow.catalog.revision import revision
from workflow.steps.review import review
from workflow.steps.reviewed import Asked, State, unit_id

AT_ONCE = 10
"""Entries in one command."""


def two_at_once(root: Path, *, entries: int) -> dict[str, Any]:
    """R14: one says yes, one says no: of each entry one is set, one refused; the log fits."""
    city = place(root, "es")
    city.notice("a", "First", "\n\n".join(f"Text {number}." for number in range(entries)))
    city.translate("es")
    waiting = review(city.project, city.ingest().contents, locales=("es",)).units[:entries]
    log = FakeReviews()
    said = _said(patient(city), log, [Asked(one.id, one.revision) for one in waiting])
    assert len(said) == entries
    assert all(states == {State.SET, State.REFUSED} for states in said.values())
    stands = {unit_id(NOTICES, one): one for one in city.messages().values()}
    for unit in said:
        (note,) = log.of(unit)
        assert revision(stands[unit]) == note.revision
    told = Counter(state for states in said.values() for state in states)
    return {"entries": entries, "set": told[State.SET], "refused": told[State.REFUSED]}


def _said(city: Place, log: FakeReviews, asks: list[Asked]) -> dict[str, set[State]]:
    said: dict[str, set[State]] = {}
    with ThreadPoolExecutor(2) as people:
        for start in range(0, len(asks), AT_ONCE):
            some = asks[start : start + AT_ONCE]
            both = [people.submit(say, city, log, word, *some, locales=("es",))
                    for word in (YES, NO)]  # fmt: skip
            for done in (one.result() for one in both):
                assert not done.failures
                for one in done.units:
                    said.setdefault(one.unit, set()).add(one.state)
    return said


def patient(city: Place) -> Place:
    """The same project, for people who wait for each other's lock."""
    store = city.project.catalogs
    files = store.store  # type: ignore[attr-defined]
    files._patience = 30.0
    return city.with_(catalogs=replace(store, store=files))  # type: ignore[type-var]
