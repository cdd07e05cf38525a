"""The glossary in translation: terms pass the engine as tokens and come back as they must read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import Place, place
from tests.steps.queue_for_tests import desk
from workflow.glossary import Glossary, Term, parse

TEXT = "The Town Hall opens at 9:00. Use CityGo."
ROWS = b"""term,locale,translation,case,note
Town Hall,es,Ayuntamiento,yes,The building
Hall,es,Sala,yes,
CityGo,*,,yes,The app
waste,es,residuos,no,
"""


@pytest.fixture
def city(tmp_path: Path) -> Place:
    return with_glossary(place(tmp_path))


def with_glossary(city: Place, rows: bytes = ROWS) -> Place:
    return city.with_(glossary=parse(rows, "locales/glossary.csv"))


def test_terms_come_back_as_the_glossary_says(city: Place) -> None:
    city.notice("a", TEXT, "[Town Hall](https://town.example/CityGo/Hall), **Hall**")
    city.translate()
    assert city.text(TEXT) == "es: The Ayuntamiento opens at 9:00. es: Use CityGo."
    assert city.text(TEXT, "ar") == "ar: The Town Hall opens at 9:00. ar: Use CityGo."
    link = "[Town Hall](https://town.example/CityGo/Hall), **Hall**"
    assert city.text(link) == "[Ayuntamiento](https://town.example/CityGo/Hall), **Sala**"


def test_the_engine_sees_a_token_for_a_term(city: Place) -> None:
    city.notice("a", TEXT)
    city.translate("es")
    assert sorted(city.engine.decoded) == ["The ⟦1⟧ opens at 9:00.", "Use ⟦1⟧."]


def test_a_text_that_is_one_term_needs_no_engine(city: Place) -> None:
    city.notice("a", "Town Hall", "CityGo")
    (outcome,) = city.translate("es")
    assert (city.text("Town Hall"), city.text("CityGo")) == ("Ayuntamiento", "CityGo")
    assert (outcome.machine, city.engine.decoded) == (2, [])


def test_a_term_in_any_case_takes_the_capital_of_its_sentence(city: Place) -> None:
    city.notice("a", "Waste is collected. No waste today.")
    city.translate("es")
    told = city.text("Waste is collected. No waste today.")
    assert told == "es: Residuos is collected. es: No residuos today."


def test_a_term_stays_a_term_when_numbers_become_tokens(tmp_path: Path) -> None:
    answers = {"Line 7 stops at ⟦1⟧ at 9:00.": "Para en ⟦1⟧ a las 8:00."}
    city = with_glossary(place(tmp_path, "es", answers=answers))
    city.notice("a", "Line 7 stops at Town Hall at 9:00.")
    city.translate("es")
    told = city.text("Line 7 stops at Town Hall at 9:00.")
    assert "Ayuntamiento" in told
    assert "9:00" in told


def test_another_rendering_is_for_new_drafts_and_asks_the_engine_nothing(city: Place) -> None:
    city.notice("a", TEXT)
    city.translate("es")
    before = city.messages()[TEXT]
    decoded = list(city.engine.decoded)
    other = with_glossary(city, ROWS.replace(b"Ayuntamiento", b"Casa Consistorial"))
    other.notice("b", TEXT)
    other.translate("es")
    entries = {one.context: one for one in other.project.catalogs.read("es", "notices")}
    assert entries["a#title"].translation == before.translation
    assert entries["b#title"].translation.startswith("es: The Casa Consistorial opens")
    assert city.engine.decoded == decoded


def test_a_term_that_is_not_in_the_locale_is_left_to_the_engine(city: Place) -> None:
    city.notice("a", "Waste")
    city.translate("ar")
    assert city.engine.decoded == ["Waste"]


def test_the_queue_gives_the_bytes_of_a_local_run(tmp_path: Path) -> None:
    local, hub = (desk(tmp_path / name, "es") for name in ("local", "queue"))
    for one in (local, hub):
        one.city = with_glossary(one.city)
        one.city.notice("a", TEXT, "Town Hall\n\nHall 7")
    local.city.translate("es")
    hub.plan("es")
    hub.finish()
    assert hub.city.catalog().read_bytes() == local.city.catalog().read_bytes()


def test_a_glossary_that_changes_under_a_job_is_settled_by_the_new_one(tmp_path: Path) -> None:
    hub = desk(tmp_path, "es")
    hub.city.notice("a", TEXT)
    hub.plan("es")
    hub.city = replace(hub.city, project=with_glossary(hub.city).project)
    hub.finish()
    assert hub.city.text(TEXT) == "es: The Ayuntamiento opens at 9:00. es: Use CityGo."


def test_no_glossary_is_an_empty_one(tmp_path: Path) -> None:
    assert place(tmp_path).project.glossary.for_locale("es") == ()
    assert Glossary((Term("A", "es"),)).for_locale("es-MX") == (Term("A", "es"),)
