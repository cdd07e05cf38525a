"""Somebody edits while somebody else approves (two approvals at once: row R14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fake_reviews import FakeReviews
from tests.simulation.two_people import patient
from tests.steps.project_for_tests import place
from tests.steps.review_for_tests import YES, say, states
from workflow.model import Review
from workflow.steps.review import review
from workflow.steps.reviewed import Asked, State


def test_who_edits_and_who_approves_never_overwrite_each_other(tmp_path: Path) -> None:
    city = place(tmp_path, "es")
    city.notice("a", "First", "\n\n".join(f"Text {number}." for number in range(20)))
    city.translate("es")
    waiting = review(city.project, city.ingest().contents, locales=("es",)).units[:20]
    person, log = patient(city), FakeReviews()
    refused = 0
    with ThreadPoolExecutor(2) as people:
        for number, one in enumerate(waiting):
            mine = f"Mi texto: {one.source}"
            edit = people.submit(person.edit, one.source, mine, fuzzy=True)
            ask = Asked(one.id, one.revision)
            done = people.submit(say, person, log, YES, ask, locales=("es",)).result()
            edit.result()
            refused += states(done) == [State.REFUSED]
            assert city.text(one.source) == mine, number
            assert city.facts(one.source).review is Review.NEEDS_WORK
    assert refused == 20 - len(log.notes)
