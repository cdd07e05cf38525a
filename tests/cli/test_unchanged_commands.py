"""`polypress translate` leaves out what has not changed, and tells of it as if it had been read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.argos.made_packages import install, package
from tests.cli.program import Program
from workflow.adapters.argos.store import ArgosStore
from workflow.adapters.sqlite.traces import SqliteTraces
from workflow.errors import LockedError

MORE = """
[collections.briefs]
path = "content/briefs"
format = "digest"
"""
SAID = "{} of 2 collections are as the last run left them"


@pytest.fixture
def two(polypress: Program) -> Program:
    with (polypress.root / "polypress.toml").open("a") as file:
        file.write(MORE)
    briefs = polypress.root / "content" / "briefs" / "week.txt"
    briefs.parent.mkdir()
    briefs.write_text("Closed today.\n\nClosed today.\n\nThe zoo opens.\n")
    polypress.engine.answers["The zoo opens."] = ""
    return polypress


def test_the_next_runs_leave_out_what_has_not_changed(two: Program) -> None:
    assert "as the last run left them" not in two("translate").out
    assert SAID.format(2) in two("translate").out
    two.notice("pool", "The pool shuts", "Bring a towel.")
    assert SAID.format(1) in two("translate").out


def test_what_is_left_out_is_told_in_full(two: Program) -> None:
    first, second = two("translate", "--json"), two("translate", "--json")
    for name in ("items", "units", "warnings", "failures"):
        assert second.json["ingested"][name] == first.json["ingested"][name]
    assert [one["withheld"] for one in second.json["locales"]] == [
        one["withheld"] for one in first.json["locales"]
    ]
    assert len(second.json["locales"][0]["withheld"]) == 1
    assert second.err.count("warning: ") == first.err.count("warning: ") == 1


def test_items_of_what_is_left_out_are_known_and_others_are_not(two: Program) -> None:
    two("translate")
    assert two("translate", "--item", "pool").code == 0
    assert two("translate", "--item", "nowhere").code == 2


def test_other_commands_read_everything(two: Program) -> None:
    two("translate")
    status = two("status", "--json").json
    assert status["ingested"]["items"] == 3
    assert status["locales"][0]["units"] == 4
    assert SAID.format(2) in two("translate").out


def test_another_engine_or_preset_leaves_out_nothing(two: Program) -> None:
    two("translate")
    for options in (["--engine", "pseudo"], ["--preset", "draft"]):
        assert "as the last run left them" not in two("translate", *options).out
        assert SAID.format(2) in two("translate", *options).out


def test_a_queue_leaves_out_what_has_nothing_for_the_machine(two: Program) -> None:
    two("translate")
    ran = two("translate", "--queue", "--json")
    assert ran.json["job"]["machine"] == 2
    assert ran.json["ingested"]["items"] == 3


def test_the_name_by_which_the_project_is_called_does_not_matter(
    two: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ArgosStore(two.root / "var" / "packages")
    install(store, package(tmp_path / "a.argosmodel"))
    two("translate")
    assert SAID.format(2) in two("translate").out
    monkeypatch.chdir(two.root)
    assert SAID.format(2) in two("translate", project=Path()).out
    (two.root / "var").rename(two.root / "other")
    (two.root / "var").symlink_to("other")
    assert SAID.format(2) in two("translate").out
    install(store, package(tmp_path / "b.argosmodel", {"to_code": "fr"}))
    assert "as the last run left them" not in two("translate").out


def test_traces_that_cannot_be_kept_silence_no_failure_of_the_run(
    two: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise LockedError("another process holds the database")

    two.notice("bad", "[")
    (failure,) = two("translate", "--json").json["ingested"]["failures"]
    monkeypatch.setattr(SqliteTraces, "keep", refuse)
    two.notice("pool", "The pool shuts", "Bring a towel.")
    ran = two("translate", "--quiet")
    first, last = ran.err.splitlines()
    assert failure["what"] in first
    assert (ran.code, last) == (4, "error: another process holds the database")
    assert 'msgid "The pool shuts"' in two.catalog().read_text()
