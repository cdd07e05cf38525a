"""Signs of life, and the command that looks for them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from workers import alive

app = typer.Typer()


@app.callback()
def options(context: typer.Context, project: Path) -> None:
    context.obj = project


app.command("alive")(alive.alive_command)


def asked(root: Path, role: str = "hub") -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(root), "alive", role])
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(alive.VARIABLE, str(tmp_path / "alive"))


def test_a_part_that_gets_on_is_alive(tmp_path: Path) -> None:
    alive.touch("hub")
    assert asked(tmp_path) == (0, "hub: last sign of life 0 s ago\n")
    assert asked(tmp_path, "worker") == (1, "worker: no sign of life\n")


def test_a_part_that_stalls_is_not(tmp_path: Path) -> None:
    alive.touch("worker")
    os.utime(alive.path("worker"), (time.time() - 75,) * 2)
    code, told = asked(tmp_path, "worker")
    assert code == 1
    assert told == "worker: last sign of life 75 s ago\n"


def test_a_clock_that_was_set_back_kills_nobody(tmp_path: Path) -> None:
    alive.touch("hub")
    os.utime(alive.path("hub"), (time.time() + 3600,) * 2)
    assert asked(tmp_path)[0] == 0


@pytest.mark.parametrize("folder", ["", alive.OF_UP])
def test_what_runs_in_a_project_is_found_where_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    root = tmp_path / "project"
    monkeypatch.setenv(alive.VARIABLE, str(root / alive.FOLDER / folder))
    alive.touch("hub")
    monkeypatch.delenv(alive.VARIABLE)
    monkeypatch.setattr(alive.tempfile, "gettempdir", lambda: str(tmp_path / "temp"))
    assert asked(root)[0] == 0
    assert alive.age("hub") is None
    monkeypatch.setenv(alive.VARIABLE, str(tmp_path / "elsewhere"))
    assert asked(root)[0] == 1


def test_a_role_that_is_none_is_refused(tmp_path: Path) -> None:
    assert asked(tmp_path, "redis")[0] == 2


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(alive.VARIABLE, str(tmp_path / "file" / "alive"))
    alive.touch("hub")
    assert alive.age("hub") is None
