from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.fake_traces import FakeTraces
from workflow.adapters import program as of_program
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.memory import SqliteMemory
from workflow.adapters.sqlite.schema import VERSION
from workflow.adapters.sqlite.traces import SqliteTraces
from workflow.errors import OutsideError
from workflow.memory import Lesson
from workflow.ports.traces import Trace, Traces

CONTENT = Trace("notices", "", "a" * 64, told='[["a"],1,[]]')
SPANISH = Trace("notices", "es", "b" * 64, "c" * 64, 3, "[]")


@pytest.fixture(params=["fake", "sqlite"])
def traces(request: pytest.FixtureRequest, tmp_path: Path) -> Traces:
    if request.param == "fake":
        return FakeTraces()
    return SqliteTraces(Database(tmp_path / "var" / "polypress.db"))


def test_at_first_there_are_none(traces: Traces) -> None:
    assert traces.all() == {}
    traces.keep([])
    assert traces.all() == {}


def test_what_was_kept_is_there_by_collection_and_locale(traces: Traces) -> None:
    traces.keep([CONTENT, SPANISH])
    assert traces.all() == {("notices", ""): CONTENT, ("notices", "es"): SPANISH}


def test_a_later_trace_takes_the_place_of_the_one_before(traces: Traces) -> None:
    traces.keep([CONTENT, SPANISH])
    later = Trace("notices", "es", "d" * 64)
    traces.keep([later])
    assert traces.all() == {("notices", ""): CONTENT, ("notices", "es"): later}


def test_a_write_that_fails_half_way_keeps_none(tmp_path: Path) -> None:
    traces = SqliteTraces(Database(tmp_path / "polypress.db"))
    with pytest.raises(OutsideError):
        traces.keep([SPANISH, Trace("notices", "ar", None)])  # type: ignore[arg-type]
    assert traces.all() == {}


def test_a_database_of_the_version_before_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "polypress.db"
    before = Database(path)
    SqliteMemory(before).learn("es", [Lesson("n:a#body", "Open", "Abierto")])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE traces")
        connection.execute("DROP TABLE memory_versions")
        connection.execute(f"PRAGMA user_version = {VERSION - 1}")
    connection.close()
    after = Database(path)
    assert SqliteTraces(after).all() == {}
    memory = SqliteMemory(after)
    assert memory.version("es") == 0
    assert memory.exact("es", [("n:a#body", "Open")])
    memory.learn("es", [Lesson("n:a#body", "Open", "Se abre")])
    assert memory.version("es") == 1


# The program, as one of the inputs.


def test_another_state_of_the_program_is_another_text(tmp_path: Path) -> None:
    module = tmp_path / "steps" / "one.py"
    module.parent.mkdir()
    module.write_text("A = 1\n")
    first = of_program._modules(tmp_path)
    assert [line.partition(" ")[0] for line in first] == ["steps/one.py"]
    module.write_text("A = 2\n")
    assert of_program._modules(tmp_path) != first


def test_what_an_editor_leaves_beside_a_module_and_what_goes_away_is_no_module(
    tmp_path: Path,
) -> None:
    (tmp_path / "model.py").write_text("A = 1\n")
    first = of_program._modules(tmp_path)
    (tmp_path / ".#model.py").symlink_to("editor@city.example:1")
    (tmp_path / ".hidden.py").write_text("A = 1\n")
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    assert of_program._modules(tmp_path) == first
    assert len(first) == 1


def test_where_times_of_change_are_not_kept_a_module_is_known_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_program, "keeps_change", lambda _: False)
    module = tmp_path / "model.py"
    module.write_text("A = 1\n")
    first, before = of_program._modules(tmp_path), module.stat()
    os.utime(module, ns=(0, 0))
    assert of_program._modules(tmp_path) == first
    module.write_text("A = 2\n")
    os.utime(module, ns=(0, before.st_mtime_ns))
    assert of_program._modules(tmp_path) != first


def test_an_upgrade_in_the_middle_of_a_run_is_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = of_program.program()
    monkeypatch.setattr(of_program, "version", lambda name: "9" if name == "polypress" else "1")
    assert "polypress 9" in of_program.program().splitlines()
    assert of_program.program() != first


def test_the_program_names_its_modules_and_what_it_builds_on() -> None:
    told = of_program.program().splitlines()
    assert any(line.startswith("steps/unchanged.py ") for line in told)
    assert any(line.startswith("markdown-it-py 4") for line in told)
    assert any(line.startswith("nh3 ") for line in told)  # else old pages outlive its mending
    assert any(line.startswith("polypress ") for line in told)
    assert not any(line.endswith(" unknown") for line in told)
