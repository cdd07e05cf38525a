from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.steps.project_for_tests import NOTICES, Place, place
from tests.steps.releases_for_tests import Town, copied, rows, town
from workflow.adapters.pseudo.engine import PseudoEngine
from workflow.errors import BundleError, CatalogError
from workflow.policy import Policy
from workflow.steps.project import Publishing
from workflow.steps.translate import translate

LATER = "2026-02-02T00:00:00+00:00"
POOL = ("The pool is open", "Admission is 5 euros.\n\nBring a towel.")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = town(tmp_path_factory.mktemp("published"))
    made.publish()
    return made


@pytest.fixture
def city(published: Town, tmp_path: Path) -> Town:
    """Published once; then the Spanish catalog was damaged."""
    made = copied(published, tmp_path / "city")
    made.place.catalog().write_text("no catalog")
    return made


def lives(city: Town, locale: str = "es") -> set[str]:
    """The items that are live in a locale; all that is live is sound."""
    for tag in city.live.manifests:
        city.texts(tag)
    return city.items()[locale]


def test_what_may_stay_stays_as_it_is(city: Town) -> None:
    before = city.live.manifests["es"]
    release = city.publish()
    assert [type(error) for error in release.failures] == [CatalogError]
    assert (city.live.manifests["es"], release.changed) == (before, False)


def test_a_withdrawn_item_goes_where_the_catalog_cannot_be_read(city: Town) -> None:
    city.table.write(rows(pool=""))
    city.publish()
    assert lives(city) == lives(city, "en") == {"library", "market"}
    counts = city.manifests()["es"].counts["items"]
    assert counts == {"published": 2, "left-out": 1}


@pytest.mark.parametrize("front", [{"expires_at": "2026-02-01"}, {"publish_at": "2026-03-01"}],
                         ids=str)  # fmt: skip
def test_an_item_goes_in_time(city: Town, front: dict[str, str]) -> None:
    city.notice("pool", *POOL, **front)
    city.publish(at=LATER)
    assert lives(city) == lives(city, "en") == {"library", "market"}


def test_an_end_that_was_written_meanwhile_stands_in_the_release(city: Town) -> None:
    city.notice("pool", *POOL, expires_at="2026-02-01")
    city.publish()
    assert city.entries("es")["notices:pool"].until == "2026-02-01T00:00:00+00:00"


def test_an_item_that_is_recalled_goes_and_one_that_is_reworded_stays(city: Town) -> None:
    city.notice("pool", POOL[0], POOL[1].replace("5", "7"))
    city.notice("market", "The market moves", "It is on the square.")
    city.publish()
    assert lives(city) == {"library", "market"}


def test_so_does_an_item_that_cannot_be_made(
    published: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A translation may be one that the item's format cannot hold."""
    city = copied(published, tmp_path / "city")

    def refused(*_: object) -> str:
        raise CatalogError("cannot", fix="mend it")

    monkeypatch.setattr(type(NOTICES.format), "render", refused)
    city.notice("pool", POOL[0], POOL[1].replace("5", "7"))
    city.notice("market", "The market moves", "It is on the square.", expires_at="2026-02-01")
    city.publish()
    assert lives(city) == {"library", "market"}
    assert city.entries("es")["notices:market"].until == "2026-02-01T00:00:00+00:00"


def test_an_item_that_is_gone_goes_and_one_whose_file_is_damaged_stays(city: Town) -> None:
    (city.place.root / "content/notices/pool.md").unlink()
    city.place.write("notices/market.md", b"\xff")
    city.publish()
    assert lives(city) == lives(city, "en") == {"library", "market"}


def test_feeds_tell_of_the_items_that_other_locales_have_now(city: Town) -> None:
    city.notice("museum", "The museum opens", date="2026-01-03")
    (city.place.root / "content/notices/market.md").unlink()
    city.publish()
    assert lives(city) == {"library", "pool"}
    Town(city.place.with_(locales=("es",)), city.clock).publish()
    assert lives(city) == {"library", "pool"}


def test_its_files_follow_the_settings_of_today(city: Town) -> None:
    city.place.approve("The pool is open", "مسبح", locale="ar")
    Town(city.place.with_(publishing=Publishing(labels="required")), city.clock).publish()
    assert lives(city) == {"library", "market", "pool"}


def test_pseudo_text_stays_while_it_is_asked_for(tmp_path: Path) -> None:
    made = place(tmp_path, "es")
    trying = Town(made.with_(policy=Policy(pseudo=True)))
    trying.notice("pool", *POOL)
    translate(replace(made.project, engine=PseudoEngine(), pseudo=True), made.ingest())
    trying.publish()
    made.catalog().write_text("no catalog")
    trying.publish()
    assert "⟪" in trying.texts()["notices:pool#title"]
    Town(made, trying.clock).publish()
    assert lives(trying) == set()
    assert lives(trying, "en") == {"pool"}


def test_an_object_that_is_damaged_is_told_and_takes_nothing_else_along(city: Town) -> None:
    city.lose(city.entries("es")["notices:pool"].object)
    release = city.publish()
    assert BundleError in map(type, release.failures)
    assert lives(city) == {"library", "market"}
    assert lives(city, "ar") == {"library", "market", "pool"}


def test_it_takes_nothing_along_where_a_file_is_damaged_as_well(
    published: Town, tmp_path: Path
) -> None:
    city = copied(published, tmp_path / "city")
    city.lose(city.entries("es")["notices:pool"].object)
    city.place.write("notices/pool.md", b"\xff")
    release = Place(city.project, city.place.engine).publish()
    assert BundleError in map(type, release.failures)
    assert lives(city) == {"library", "market"}
    assert lives(city, "en") == {"library", "market", "pool"}
