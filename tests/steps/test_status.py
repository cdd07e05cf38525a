from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from workflow.errors import CatalogError
from workflow.model import Freshness, Origin, Review
from workflow.steps.status import LocaleStatus, standings, status


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, answers={"Fifth.": ""}, collections=(NOTICES, BRIEFS))
    made.notice("a", "First", "Second.\n\nThird.\n\nFourth.\n\nFifth.")
    made.write("briefs/b.txt", "Sixth.\n")
    return made


def told(city: Place) -> dict[str, LocaleStatus]:
    return {one.locale: one for one in status(city.project, city.ingest().contents)}


def test_before_the_first_run_everything_is_missing(city: Place) -> None:
    for one in told(city).values():
        assert (one.units, one.freshness, one.withheld) == (6, {"missing": 6}, 0)
        assert (one.origin, one.review) == ({"none": 6}, {"none": 6})


def test_every_unit_is_counted_by_each_of_the_three_facts(city: Place) -> None:
    city.translate("es")
    city.approve("First", "Primero")
    city.approve("Second.")
    city.edit("Third.", "¿Tercero?", fuzzy=True)
    spanish = told(city)["es"]
    assert spanish.units == 6
    assert spanish.origin == {"human": 2, "machine": 3, "none": 1}
    assert spanish.review == {"approved": 2, "needs-work": 1, "none": 3}
    assert spanish.freshness == {"current": 5, "missing": 1}
    assert spanish.withheld == 1
    assert sum(spanish.origin.values()) == sum(spanish.review.values()) == spanish.units
    assert told(city)["ar"].freshness == {"missing": 6}


def test_a_changed_source_makes_an_approved_text_stale(city: Place) -> None:
    city.ingest()
    city.approve("Second.", "Segundo.")
    city.notice("a", "First", "Second and last.")
    assert told(city)["es"].freshness == {"stale": 1, "missing": 2}


def test_what_is_obsolete_does_not_count(city: Place) -> None:
    city.ingest()
    city.approve("First", "Primero")
    (city.root / "content/notices/a.md").unlink()
    spanish = told(city)["es"]
    assert (spanish.units, spanish.review) == (1, {"none": 1})


def test_a_catalog_that_cannot_be_read_is_told_and_its_units_are_not_counted(city: Place) -> None:
    city.ingest()
    city.catalog().write_text("no catalog")
    found = told(city)
    assert [type(failure) for failure in found["es"].failures] == [CatalogError]
    assert (found["es"].units, found["ar"].units) == (1, 6)


def test_looking_changes_nothing(city: Place) -> None:
    contents = city.ingest().contents
    before = snapshot(city.root)
    status(city.project, contents)
    assert snapshot(city.root) == before


def test_standings_give_text_and_facts_of_each_unit(city: Place) -> None:
    city.translate("es")
    city.approve("First", "Primero")
    found = list(standings(city.project, city.ingest().contents[0], "es"))
    assert [(one.unit.source, one.translation) for one in found][:2] == [
        ("First", "Primero"), ("Second.", "es: Second."),
    ]  # fmt: skip
    assert (found[0].facts.origin, found[0].facts.review) == (Origin.HUMAN, Review.APPROVED)
    assert found[4].facts.freshness is Freshness.MISSING


def test_a_unit_without_an_entry_is_missing(city: Place) -> None:
    contents = city.ingest().contents
    city.catalog().unlink()
    assert {one.facts.freshness for one in standings(city.project, contents[0], "es")} == {
        Freshness.MISSING
    }
