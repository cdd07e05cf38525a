from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.cli.program import SETTINGS, Program
from workflow.bootstrap import open_project
from workflow.cli import locking
from workflow.steps.publish import publish

POOL = "---\ntitle: The pool opens\n---\n\nBring a towel.\n"
FAIR = "---\ntitle: The fair comes\n---\n\nWith music.\n"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a pool, and since its second release a fair; dear to make, cheap to copy."""
    root = tmp_path_factory.mktemp("ready")
    (root / "polypress.toml").write_text(SETTINGS)
    for number, name, text in ((1, "pool", POOL), (2, "fair", FAIR)):
        (root / "content/notices").mkdir(parents=True, exist_ok=True)
        (root / f"content/notices/{name}.md").write_text(text)
        assert publish(open_project(root))[1].serial == number
    return root


@pytest.fixture
def city(polypress: Program, ready: Path) -> Program:
    shutil.copytree(ready, polypress.root, dirs_exist_ok=True)
    return polypress


def listed(city: Program) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = city("releases", "--json").json
    return found


def items(city: Program, into: Path) -> set[str]:
    """The items that the live release has, by a command that checks all of it."""
    files = city("unpack", "es", str(into), "--json").json["files"]
    return {Path(name).stem for name in files if name.endswith(".json") and "/items/" in name}


def test_releases_are_listed_with_what_they_held(city: Program) -> None:
    told = [(one["serial"], one["live"], one["kind"], one["items"]) for one in listed(city)]
    assert told == [(2, True, "publish", 2), (1, False, "publish", 1)]
    ran = city("releases")
    assert "live; not signed" in ran.out
    assert ran.code == 0


def test_before_the_first_publish_that_is_told(polypress: Program) -> None:
    assert "Nothing was published yet" in polypress("releases").out
    assert listed(polypress) == []
    assert polypress("rollback").code == 2
    assert polypress("diff").code == 2
    assert "0 objects" in polypress("gc").out


def test_a_rollback_and_the_way_back(city: Program, tmp_path: Path) -> None:
    ran = city("rollback")
    assert ran.code == 0
    assert "release 3 shows what release 1 did" in ran.out
    assert items(city, tmp_path / "a") == {"pool"}
    assert "live already" in city("rollback", "1").out
    city("publish")
    assert items(city, tmp_path / "b") == {"pool", "fair"}
    assert [one["kind"] for one in listed(city)] == ["publish", "rollback", "publish", "publish"]


def test_what_a_rollback_leaves_out_is_told_with_the_reason(city: Program) -> None:
    city.notice("pool", "The pool opens", "Bring 2 towels.")
    ran = city("rollback", "1", "--at", "2030-01-01T00:00:00+00:00")
    assert ran.code == 0
    assert "left out: notices:pool (ar, en, es): recalled" in ran.out
    assert listed(city)[0]["released"] == "2030-01-01T00:00:00+00:00"


def test_a_rollback_tells_of_a_catalog_that_it_cannot_read(city: Program) -> None:
    city.catalog("ar").write_text("msgid broken\n")
    ran = city("rollback")
    assert ran.code == 1
    assert "ar/LC_MESSAGES/notices.po" in ran.err
    assert listed(city)[0]["serial"] == 3


def test_a_release_that_is_not_there_is_2(city: Program) -> None:
    for serial in ("7", "x", "0", "-1"):
        assert city("rollback", serial).code == 2
        assert city("diff", serial).code == 2
    assert len(listed(city)) == 2


def test_a_damaged_release_is_1_and_says_which(city: Program) -> None:
    (city.root / "var/public/releases/1.json").write_bytes(b"{}")
    ran = city("rollback", "1")
    assert ran.code == 1
    assert "Polypress" in listed(city)[1]["problem"]
    assert city("releases").code == 0


def test_a_difference_shows_first_words_and_labels(city: Program) -> None:
    city("translate")
    city("publish")
    ran = city("diff")
    assert ran.code == 0
    assert "release 2 -> release 3" in ran.out
    assert "~ es notices:fair" in ran.out
    assert "body: - With music. [source]" in ran.out
    assert "body: + es: With music. [machine]" in ran.out
    assert "+ es notices:fair" in city("diff", "1", "2").out
    assert "they show the same" in city("diff", "3").out
    (one,) = [
        change for change in city("diff", "--json").json["items"]
        if change["locale"] == "es" and change["item"] == "fair"
    ]  # fmt: skip
    assert ["With music.", "es: With music."] in [unit["text"] for unit in one["units"]]


def test_gc_removes_what_no_kept_release_names(city: Program, tmp_path: Path) -> None:
    city("rollback")
    city("publish")
    told = city("gc", "--keep", "1", "--dry-run", "--json").json
    ran = city("gc", "--keep", "1", "--json")
    assert (ran.code, ran.json) == (0, told)
    assert ran.json["kept"] == [4]
    assert ran.json["objects"]
    assert items(city, tmp_path / "a") == {"pool", "fair"}
    assert "0 objects removed" in city("gc").out


def test_gc_keeps_as_many_as_the_settings_say(city: Program) -> None:
    path = city.root / "polypress.toml"
    path.write_text(f"{path.read_text()}\n[publish]\nkeep = 1\n")
    assert city("gc", "--json").json["kept"] == [2]
    assert city("gc", "--keep", "0").code == 2


def test_a_withdrawn_item_is_gone_at_once_and_comes_back(city: Program, tmp_path: Path) -> None:
    ran = city("withdraw", "fair", "--why", "wrong day")
    assert ran.code == 0
    assert "release 3 is without it in every locale" in ran.out
    assert items(city, tmp_path / "a") == {"pool"}
    table = city.root / "locales/withdrawn.csv"
    assert "notices,fair," in table.read_text()
    city("publish")
    assert listed(city)[0]["serial"] == 3
    assert "next publish brings it back" in city("withdraw", "--undo", "notices:fair").out
    city("publish")
    assert items(city, tmp_path / "b") == {"pool", "fair"}


def test_a_purge_empties_older_releases_of_it_and_they_can_still_go_live(
    city: Program, tmp_path: Path
) -> None:
    city("withdraw", "fair")
    assert city("gc", "--purge").code == 0
    assert listed(city)[1]["purged"] == ["notices:fair"]
    assert "purged:" in city("releases").out
    city("withdraw", "fair", "--undo")
    ran = city("rollback", "2")
    assert "left out: notices:fair" in ran.out
    assert items(city, tmp_path / "a") == {"pool"}


def test_a_purge_says_what_it_could_not_take(city: Program) -> None:
    (city.root / "locales/withdrawn.csv").write_text("collection,item\nnotices,fair\n")
    ran = city("gc", "--purge")
    assert ran.code == 1
    assert "notices:fair is withdrawn and still live" in ran.err


def test_an_item_that_nobody_knows_is_2(city: Program) -> None:
    ran = city("withdraw", "fairr")
    assert ran.code == 2
    assert "fair" in ran.err
    assert city("withdraw", "fair", "--undo").code == 2
    assert city("withdraw", "fair", "--undo", "--why", "x").code == 2


def test_a_damaged_table_is_3_with_its_line_and_stops_whatever_publishes(city: Program) -> None:
    (city.root / "locales/withdrawn.csv").write_text("collection,item\nnotices,fair\nnotices\n")
    for call in (("publish",), ("rollback",), ("withdraw", "pool"), ("gc",)):
        ran = city(*call)
        assert ran.code == 3
        assert "locales/withdrawn.csv:3" in ran.err
    assert not (city.root / "var/public/releases/3.json").exists()


def test_two_at_once_are_4_and_looking_is_always_possible(
    city: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = (("rollback",), ("gc",), ("withdraw", "pool"), ("publish", "--due"))
    monkeypatch.setattr(locking, "PATIENCE", 0.02)
    with FileLock(city.root / locking.LOCK):
        assert [city(*call).code for call in calls] == [4] * len(calls)
        assert city("releases").code == 0
        assert city("diff").code == 0
    assert [city(*call).code for call in calls] == [0] * len(calls)


def test_a_publish_that_waited_knows_what_was_withdrawn_meanwhile(
    city: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The project is opened under the lock, so the table is read when all others are done."""
    held = locking.locked

    def after_another(*arguments: object, **options: object) -> object:
        (city.root / "locales/withdrawn.csv").write_text("collection,item\nnotices,fair\n")
        return held(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(locking, "locked", after_another)
    city("publish")
    assert items(city, tmp_path / "a") == {"pool"}


def at(minutes: int) -> tuple[str, str]:
    return "--at", f"2030-01-01T12:{minutes:02}:00+00:00"


def test_what_is_due_is_published_and_nothing_else_is(polypress: Program, tmp_path: Path) -> None:
    assert "nothing was published yet" in polypress("publish", "--due").out
    path = polypress.root / "content/notices/sale.md"
    path.write_text("---\ntitle: Sale\npublish_at: 2030-01-01T12:10Z\n---\n\nHurry.\n")
    polypress("publish", *at(0))
    ran = polypress("publish", "--due", *at(9))
    assert (ran.code, ran.out) == (0, "nothing is due\n")
    ran = polypress("publish", "--due", "--json", *at(10))
    assert ran.code == 0
    assert ran.json["due"] == {"notices": "2030-01-01T12:10:00+00:00"}
    assert ran.json["publication"]["serial"] == ran.json["serial"] == 2
    assert items(polypress, tmp_path / "a") == {"pool", "sale"}
    polypress("rollback", *at(11))
    assert "nothing is due" in polypress("publish", "--due", *at(12)).out
    assert items(polypress, tmp_path / "b") == {"pool"}


def test_after_a_rollback_it_is_told_that_only_what_is_over_goes(polypress: Program) -> None:
    path = polypress.root / "content/notices/sale.md"
    path.write_text("---\ntitle: Sale\nexpires_at: 2030-01-01T12:10Z\n---\n\nHurry.\n")
    polypress("publish", *at(0))
    polypress.notice("fair", "The fair comes")
    polypress("publish", *at(1))
    polypress("rollback", *at(2))
    ran = polypress("publish", "--due", *at(10))
    assert "left out: notices:sale" in ran.out
    assert "only what is over goes out" in ran.out


def test_what_is_due_and_fails_has_the_code_of_the_failure(polypress: Program) -> None:
    path = polypress.root / "content/notices/sale.md"
    path.write_text("---\ntitle: Sale\nexpires_at: 2030-01-01T12:10Z\n---\n\nHurry.\n")
    polypress("publish", *at(0))
    polypress.catalog("ar").write_text("msgid broken\n")
    ran = polypress("publish", "--due", *at(10))
    assert ran.code == 1
    assert "ar/LC_MESSAGES" in ran.err


def test_what_is_due_is_not_tried_out(polypress: Program) -> None:
    for option in ("--all", "--pseudo"):
        assert polypress("publish", "--due", option).code == 2


def test_quiet_says_nothing_and_json_is_all_there_is(city: Program) -> None:
    for call in (("releases",), ("diff",), ("gc",), ("rollback",), ("withdraw", "fair")):
        assert city(*call, "--quiet").out == ""
        assert city(*call, "--json").json is not None
