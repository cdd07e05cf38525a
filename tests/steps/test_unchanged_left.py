"""Units without a fresh text, and what fails: told by every run, and tried when it may help."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine, package_ref
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place
from tests.steps.survey_for_tests import BOTH, notice, run, two_collections
from workflow.errors import CatalogError, ContentError, PackageError, RouteError

EN = (package_ref("en", "es"), package_ref("en", "ar"))


@pytest.fixture
def city(tmp_path: Path) -> Place:
    return two_collections(tmp_path)


@pytest.fixture
def silent(tmp_path: Path) -> Place:
    """A project in which one unit is withheld."""
    made = place(tmp_path, "es", answers={"The pool opens": ""}, collections=(NOTICES, BRIEFS))
    made.notice("pool", "The pool opens", "Bring a towel.")
    made.write("briefs/week.txt", "Closed today.\n")
    run(made)
    return made


def test_what_is_withheld_is_told_by_every_run(silent: Place) -> None:
    first = silent.translate()
    ran = run(silent)
    assert ran.left_out == BOTH
    assert ran.outcomes[0].withheld == first[0].withheld
    assert ran.withheld[0][1].startswith("notices:pool#title@")
    (brief,) = (one.items[0] for one in ran.ingested.unchanged if one.collection == "briefs")
    assert run(silent, items=("pool",)).withheld == ran.withheld
    assert run(silent, items=(brief,)).withheld == []


def test_what_the_memory_learns_reaches_what_is_withheld_in_the_same_run(silent: Place) -> None:
    silent.write("briefs/week.txt", "The pool opens.\n")
    run(silent)
    silent.approve("The pool opens.", "La piscina abre.", domain="briefs")
    assert run(silent).read == ("briefs",)
    lines = silent.messages()["The pool opens"].comments
    assert any("La piscina abre." in line for line in lines)
    assert run(silent).read == ("notices",)
    assert run(silent).left_out == BOTH


def test_what_the_memory_learns_and_nothing_needs_is_asked_once(silent: Place) -> None:
    silent.approve("Closed today.", "Hoy cerrado.", domain="briefs")
    assert run(silent).read == ("briefs",)
    ran = run(silent)
    assert (ran.left_out, len(ran.withheld)) == (BOTH, 1)
    (notices,) = (one for one in ran.ingested.unchanged if one.collection == "notices")
    assert notices.memory["es"] == silent.project.memory.version("es") == 1


def test_a_locale_without_a_route_is_told_by_every_run(tmp_path: Path) -> None:
    made = place(tmp_path, "es", "fr")
    made.notice("pool", "The pool opens")
    told = [[type(error) for error in run(made).failures] for _ in range(3)]
    assert told == [[RouteError]] * 3
    assert run(made).left_out == ("notices",)
    french = FakeEngine([*made.engine.packages, package_ref("en", "fr")])
    french.form = made.engine.form
    assert run(made.with_(engine=french)).failures == []
    assert made.text("The pool opens", "fr") == "fr: The pool opens"


def test_a_package_that_is_broken_is_tried_by_every_run(tmp_path: Path) -> None:
    made = place(tmp_path, engine=FakeEngine(EN, broken=EN[:1]))
    made.notice("pool", "The pool opens")
    for _ in range(2):
        ran = run(made)
        assert [type(error) for error in ran.failures] == [PackageError]
        assert ran.read == ("notices",)


def told_always(city: Place, kind: type[Exception]) -> None:
    """Every run tells it, and goes on leaving out what has nothing to do with it."""
    for _ in range(3):
        ran = run(city)
        assert {type(error) for error in ran.failures} == {kind}
        assert (ran.read, ran.left_out) == (("notices",), ("briefs",))


def test_a_file_that_cannot_be_read_is_told_by_every_run(city: Place) -> None:
    city.write("notices/bad.md", b"\xff")
    told_always(city, ContentError)


def test_a_folder_that_is_gone_is_told_by_every_run(city: Place) -> None:
    (city.root / "content" / "notices").rename(city.root / "away")
    told_always(city, ContentError)


def test_a_link_that_leads_nowhere_is_told_by_every_run(city: Place) -> None:
    notice(city, "link").symlink_to(city.root / "nowhere")
    told_always(city, ContentError)


def test_a_broken_catalog_is_told_by_every_run(city: Place) -> None:
    city.catalog("ar").write_bytes(b'msgid "a\n')
    told_always(city, CatalogError)
