"""The installed program, and what all commands share."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from tests.cli.program import Program
from workers.main import app

program = importlib.import_module("workflow.cli.app")
POLYPRESS = Path(sys.executable).parent / "polypress"
ALL = {
    "init": {"--name", "--source", "--locale", "--json", "--quiet"},
    "translate": {"--locale", "--item", "--queue", "--explain", "--json", "--quiet"},
    "export": {"--locale", "--item", "--top", "--output", "--force", "--json", "--quiet"},
    "import": {"--locale", "--json", "--quiet", "FILE"},
    "merge-driver": {"BASE", "OURS", "THEIRS", "NAME"},
    "status": {"--json", "--quiet"},
    "check": {"--locale", "--item", "--collection", "--notes", "--clear-notes", "--json"},
    "review": ["--locale", "--collection", "--item", "--limit", "--json", "--quiet"],
    "approve": ["ID@REV", "--locale", "--origin", "--by", "--despite-findings", "--json"],
    "needs-work": ["ID@REV", "--locale", "--origin", "--by", "--why", "--json"],
    "publish": {"--at", "--all", "--due", "--json", "--quiet"},
    "releases": {"--json", "--quiet"},
    "rollback": {"SERIAL", "--at", "--json", "--quiet"},
    "diff": {"BEFORE", "AFTER", "--json", "--quiet"},
    "gc": {"--keep", "--purge", "--dry-run", "--json", "--quiet"},
    "withdraw": {"ITEM", "--why", "--undo", "--json", "--quiet"},
    "keys new": {"NAME", "--json", "--quiet"},
    "keys list": {"--json", "--quiet"},
    "keys retire": {"NAME", "--now", "--json", "--quiet"},
    "serve": {"--host", "--port", "--rate"},
    "pull": {"URL", "DIR", "--key", "--locale", "--json", "--quiet"},
    "why": {"LOCALE", "ITEM", "--at", "--json", "--quiet"},
    "unpack": {"--json", "--quiet", "LOCALE", "FOLDER"},
    "jobs show": {"--watch", "--json", "--quiet", "ID"},
    "jobs cancel": {"--json", "--quiet", "ID"},
    "jobs resume": {"--json", "--quiet", "ID"},
    "jobs retry": {"--json", "--quiet", "ID"},
    "hub": {"--metrics-port", "--metrics-host", "--log-level"},
    "worker": {"--packages", "--concurrency", "--memory", "--name", "--log-level"},
    "up": {"--concurrency"},
    "alive": {"ROLE"},
    "doctor": {"--json", "--quiet"},
    "models list": {"--json", "--quiet"},
    "models install": {"--replace", "--json", "--quiet", "WHAT"},
    "models remove": {"--json", "--quiet", "NAME"},
    "models verify": {"--json", "--quiet"},
    "models probe": {"--json", "--quiet", "NAME"},
    "models tune": {"--seconds", "--json", "--quiet", "NAME"},
}


def commands() -> set[str]:
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        found |= {f"{name} {part}" for part in inner} or {name}
    return found


def shown(*arguments: str) -> str:
    """Help as a wide terminal without colours shows it."""
    environment = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    ran = CliRunner().invoke(app, [*arguments, "--help"], env=environment)
    assert ran.exit_code == 0
    return ran.output


def test_these_are_all_commands() -> None:
    assert commands() == set(ALL)


@pytest.mark.parametrize("command", ALL)
def test_help_names_every_option_and_argument(command: str) -> None:
    text = shown(*command.split())
    for option in ALL[command]:
        assert option in text or option.lower() in text, option


def test_help_of_the_program_names_project_commands_and_exit_codes() -> None:
    text = shown()
    for word in ("--project", "translate", "models", "0 done", "4 locked"):
        assert word in text


@pytest.mark.parametrize("command", ALL)
def test_an_unknown_option_is_2(polypress: Program, command: str) -> None:
    ran = polypress(*command.split(), "--nonsense")
    assert ran.code == 2
    assert "--nonsense" in ran.err


def test_an_unknown_command_is_2(polypress: Program) -> None:
    assert polypress("transalte").code == 2


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [POLYPRESS, "--project", project, *arguments],
        check=False,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
    )


def test_the_installed_program_says_its_exit_code_on_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "status")
    assert done.returncode == 3
    assert done.stdout == b""
    assert done.stderr.startswith(b"error: ")
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_that_is_not_utf8_gets_a_table_and_ascii_json(polypress: Program) -> None:
    polypress.notice("niño", "El niño")
    polypress.notice("pool", "Fútbol")
    narrow = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = run(polypress.root, "status", **narrow)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)  # niño is no item id
    assert b"es" in done.stdout
    done = run(polypress.root, "status", "--json", **narrow)
    assert b'"ingested"' in done.stdout


def test_a_reader_that_leaves_gets_no_traceback(polypress: Program) -> None:
    for number in range(300):
        (polypress.root / "content/notices" / f"bad{number}.md").write_bytes(b"")
    command = [POLYPRESS, "--project", polypress.root, "status", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 1
    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told


def test_a_pipe_that_breaks_ends_with_1_and_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise BrokenPipeError

    errors = io.StringIO()
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # no terminal to set up
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(program, "app", breaks)
    with pytest.raises(SystemExit) as ended:
        program.run()
    assert ended.value.code == 1
    assert errors.closed


def test_the_project_may_be_given_as_a_relative_path(polypress: Program) -> None:
    done = subprocess.run(
        [POLYPRESS, "-p", polypress.root.name, "status", "--quiet"],
        cwd=polypress.root.parent,
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert polypress.catalog().is_file()
