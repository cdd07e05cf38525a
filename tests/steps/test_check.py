from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import Place, place
from workflow.errors import CatalogError
from workflow.glossary import Glossary, Term
from workflow.model import Severity
from workflow.policy import Fallback, Policy
from workflow.steps.check import CatalogFindings, annotate, check
from workflow.steps.unpack import unpack


@pytest.fixture
def city(tmp_path: Path) -> Place:
    made = place(tmp_path, "es")
    made.notice("pool", "The pool opens at 10", "Bring a towel.")
    made.notice("bus", "Bus 27 is late")
    made.ingest()
    return made


def checked(city: Place, *items: str) -> CatalogFindings:
    (found,) = check(city.project, city.ingest().contents, items=items)
    return found


def named(found: CatalogFindings) -> list[tuple[str, str, list[str]]]:
    return [
        (one.unit.partition("@")[0], one.review, [each.check for each in one.findings])
        for one in found.units
    ]


def test_what_is_approved_and_what_a_person_is_at_work_on_is_checked(city: Place) -> None:
    city.approve("The pool opens at 10", "La piscina abre a las 11")
    city.edit("Bus 27 is late", "El autobús 72 se retrasa", fuzzy=True)
    found = checked(city)
    assert found.checked == 2
    assert named(found) == [
        ("notices:bus#title", "needs-work", ["number"]),
        ("notices:pool#title", "approved", ["number"]),
    ]
    assert found.count(Severity.ERROR) == 2
    assert named(checked(city, "pool")) == [("notices:pool#title", "approved", ["number"])]


def test_a_finding_tells_the_line_of_its_entry(city: Place) -> None:
    city.approve("The pool opens at 10", "La piscina abre a las 11")
    (unit,) = checked(city).units
    path, _, line = unit.place.rpartition(":")
    lines = (city.root / "locales" / path).read_text("utf-8").splitlines()
    assert "pool" in lines[int(line) - 1] or "pool" in lines[int(line)]


def test_a_sound_or_empty_or_stale_translation_is_not_told(city: Place) -> None:
    city.approve("The pool opens at 10", "La piscina abre a las 10")
    assert named(checked(city)) == []
    city.notice("pool", "The pool opens at 12", "Bring a towel.")
    assert checked(city).checked == 0


def test_the_glossary_of_the_project_is_asked(city: Place) -> None:
    city.approve("Bring a towel.", "Traiga una manta.")
    towel = Glossary((Term("towel", "es", "toalla", match_case=False),))
    project = replace(city.project, glossary=towel)
    (found,) = check(project, city.ingest().contents)
    assert named(found) == [("notices:pool#body", "approved", ["glossary"])]


def test_a_catalog_that_cannot_be_read_is_reported(city: Place) -> None:
    contents = city.ingest().contents
    city.catalog().write_text('msgid "a\n')
    (found,) = check(city.project, contents)
    assert isinstance(found.failures[0], CatalogError)
    assert annotate(city.project, contents, [found]) == (found,)


def test_notes_come_are_replaced_and_go_and_nothing_else_changes(city: Place) -> None:
    city.approve("The pool opens at 10", "La piscina abre a las 11")
    before = city.catalog().read_bytes()
    contents = city.ingest().contents
    (noted,) = annotate(city.project, contents, check(city.project, contents))
    assert noted.noted
    line = "# check: number: '10' has become '11'\n"
    assert city.catalog().read_bytes().replace(line.encode(), b"", 1) == before
    (again,) = annotate(city.project, contents, check(city.project, contents))
    assert not again.noted
    assert city.catalog().read_text("utf-8").count("# check:") == 1
    annotate(city.project, contents, check(city.project, contents), clear=True)
    assert city.catalog().read_bytes() == before


def test_what_is_mended_loses_its_note(city: Place) -> None:
    city.approve("The pool opens at 10", "La piscina abre a las 11")
    contents = city.ingest().contents
    annotate(city.project, contents, check(city.project, contents))
    city.approve("The pool opens at 10", "La piscina abre a las 10")
    annotate(city.project, contents, check(city.project, contents))
    assert "# check:" not in city.catalog().read_text("utf-8")


def labels(city: Place) -> dict[str, dict[str, str]]:
    found = unpack(city.project.bundles, city.project.compiler, "es")
    files = {file.path: file.body for file in found}
    told = json.loads(files["notices/labels.json"])
    return {key.partition("@")[0]: one for key, one in told.items()}


def test_a_persons_broken_text_is_not_published_and_the_label_says_why(city: Place) -> None:
    city.approve("The pool opens at 10", "La piscina abre a las 11")
    city.approve("Bring a towel.", "Traiga una toalla")
    city.with_(policy=Policy(atomic=False)).publish()
    told = labels(city)
    assert told["notices:pool#title"]["origin"] == "source"
    assert told["notices:pool#title"]["why"].startswith("failed the check number")
    assert told["notices:pool#body"]["origin"] == "human"


def test_an_item_with_a_broken_text_is_left_out_where_nothing_stands_in(city: Place) -> None:
    city.approve("Bus 27 is late", "El autobús 72 se retrasa")
    strict = city.with_(policy=Policy(fallback=Fallback.WITHHOLD))
    (_, spanish) = strict.publish().locales
    assert spanish.items == 0
    city.approve("Bus 27 is late", "El autobús 27 se retrasa")
    (_, spanish) = strict.publish().locales
    assert spanish.items == 1
