from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine, package_ref
from tests.steps.project_for_tests import BRIEFS, NOTICES, Place, place, snapshot
from tests.steps.survey_for_tests import BOTH, notice, run, saved_unnoticed, two_collections
from workflow.glossary import Glossary, Term
from workflow.model import DecodeParameters
from workflow.steps.project import Collection


@pytest.fixture
def city(tmp_path: Path) -> Place:
    return two_collections(tmp_path / "city")


def again(root: Path) -> Place:
    """The same folder, opened anew."""
    return place(root, collections=(NOTICES, BRIEFS))


# What is left out.


def test_what_has_not_changed_is_neither_read_nor_written(
    city: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    before = snapshot(city.root / "locales")
    for what in ("read", "update", "write_template", "read_template"):
        monkeypatch.setattr(f"workflow.adapters.pofile.store.FileCatalogStore.{what}", refuse)
    monkeypatch.setattr("workflow.steps.contents._body", refuse)
    ran = run(city)
    assert (ran.left_out, ran.read, ran.failures) == (BOTH, (), [])
    assert snapshot(city.root / "locales") == before


def test_only_the_collection_that_changed_is_read(city: Place) -> None:
    city.engine.decoded.clear()
    city.notice("pool", "The pool opens", "Bring a green towel.")
    ran = run(city)
    assert (ran.read, ran.left_out) == (("notices",), ("briefs",))
    assert city.engine.decoded == ["Bring a green towel."] * 2
    assert run(city).left_out == BOTH


def test_a_project_that_was_moved_is_still_known(city: Place) -> None:
    moved = city.root.rename(city.root.with_name("moved"))
    assert run(again(moved)).left_out == BOTH


def test_figures_and_warnings_of_what_is_left_out_are_told_again(city: Place) -> None:
    city.write("briefs/week.txt", "Closed today.\n\nClosed today.\n")
    (read,) = run(city).ingested.contents
    (briefs,) = (one for one in run(city).ingested.unchanged if one.collection == "briefs")
    assert briefs.items == tuple(item.id for item in read.items)
    assert briefs.units == len(read.units) == 1
    assert briefs.warnings == read.warnings
    assert len(briefs.warnings) == 1


def test_without_a_lookout_all_is_read(city: Place) -> None:
    assert run(city.with_(lookout=None)).read == BOTH


# What undoes that for one collection.


def edited(city: Place) -> None:
    saved_unnoticed(notice(city), b"towel", b"spoon")


def added(city: Place) -> None:
    city.notice("new", "The zoo opens")


def removed(city: Place) -> None:
    notice(city).unlink()


def renamed(city: Place) -> None:
    notice(city).rename(notice(city, "water"))


def exchanged(city: Place) -> None:
    pool, park, third = notice(city), notice(city, "park"), city.root / "third"
    for old, new in ((pool, third), (park, pool), (third, park)):
        old.rename(new)


def hidden(city: Place) -> None:
    notice(city).rename(notice(city, ".pool"))


def moved_aside(city: Place) -> None:
    folder = notice(city).parent
    folder.rename(city.root / "aside")
    folder.symlink_to(city.root / "aside")


def catalog_edited(city: Place) -> None:
    saved_unnoticed(city.catalog(), b"es: Bring", b"es: Carry")


def catalog_deleted(city: Place) -> None:
    city.catalog("ar").unlink()


def catalog_put_back(city: Place) -> None:
    path = city.catalog()
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    os.utime(copy, ns=(0, path.stat().st_mtime_ns))
    copy.rename(path)


def template_deleted(city: Place) -> None:
    (city.root / "locales" / "notices.pot").unlink()


def template_edited(city: Place) -> None:
    saved_unnoticed(city.root / "locales" / "notices.pot", b"towel", b"spoon")


CHANGES = (
    edited, added, removed, renamed, exchanged, hidden, moved_aside, catalog_edited,
    catalog_deleted, catalog_put_back, template_deleted, template_edited,
)  # fmt: skip


def test_a_change_in_one_collection_has_it_read_and_no_other(city: Place) -> None:
    for change in CHANGES:
        prepare(city)
        change(city)
        ran = run(city)
        assert (ran.read, ran.left_out) == (("notices",), ("briefs",)), change
        before = snapshot(city.root / "locales")
        city.translate()
        assert snapshot(city.root / "locales") == before, change


def prepare(city: Place) -> None:
    """The notices as they were at first, and nothing to do."""
    folder = city.root / "content" / "notices"
    if folder.is_symlink():
        folder.unlink()
        (city.root / "aside").rename(folder)
    for path in folder.iterdir():
        path.unlink()
    city.notice("pool", "The pool opens", "Bring a towel.")
    city.notice("park", "The park shuts", "Leave by nine.")
    run(city)
    assert run(city).left_out == BOTH


def test_other_settings_of_one_collection_have_it_read(city: Place) -> None:
    spec = dataclasses.replace(NOTICES.spec, fields=("title",))
    other = city.with_(collections=(Collection(spec, "notices", NOTICES.format), BRIEFS))
    assert run(other).read == ("notices",)


# What undoes it for all of them.


def other_rules(city: Place) -> Place:
    assert city.project.lookout
    lookout = dataclasses.replace(city.project.lookout, rules=lambda: "other rules")
    return city.with_(lookout=lookout)


def other_package(city: Place) -> Place:
    return with_packages(city, package_ref("en", "es", "1.1"), package_ref("en", "ar"))


def new_locale(city: Place) -> Place:
    routed = with_packages(city, *city.engine.packages, package_ref("es", "pt"))
    return routed.with_(locales=("es", "ar", "pt"))


def with_packages(city: Place, *packages: object) -> Place:
    engine = FakeEngine(packages)  # type: ignore[arg-type]
    engine.form = city.engine.form
    return city.with_(engine=engine)


def without_database(city: Place) -> Place:
    for path in (city.root / "var").glob("polypress.db*"):
        path.unlink()
    return again(city.root)


CONDITIONS: dict[str, Callable[[Place], Place]] = {
    "rules": other_rules,
    "package": other_package,
    "parameters": lambda city: city.with_(parameters=DecodeParameters(beam_size=2)),
    "pseudo": lambda city: city.with_(pseudo=True),
    "glossary": lambda city: city.with_(glossary=Glossary((Term("pool", "*", "piscina"),))),
    "source": lambda city: city.with_(source="en-GB"),
    "name": lambda city: city.with_(name="Another"),
    "new locale": new_locale,
    "database": without_database,
}


def test_a_change_that_concerns_all_collections_has_all_read(city: Place) -> None:
    for name, change in CONDITIONS.items():
        changed = change(city)
        assert run(changed).read == BOTH, name
        assert run(changed).left_out == BOTH, name
        run(city)


def test_what_concerns_other_locales_is_no_change(city: Place) -> None:
    french = Glossary((Term("pool", "fr", "piscine"),))
    assert run(city.with_(glossary=french)).left_out == BOTH
    assert run(city.with_(locales=("es",))).left_out == BOTH
