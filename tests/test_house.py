"""The state of the house in one place: style, types, layers, dangers, sizes, and what git holds."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import house_rules, programs
from tools.programs import offer_unpacked

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CODE = sorted(path for name in ("workflow", "workers") for path in (ROOT / name).rglob("*.py"))
CORE = [path for path in CODE if path.is_relative_to(ROOT / "workflow")]

EXCUSED = {
    ("B105", "workflow/segments/literals.py"): "a pattern for tokens in a text, no password",
    ("B404", "workers/append_only.py"): "runs the server's own program, by its path",
    ("B603", "workers/append_only.py"): "a list of arguments, and no shell",
    ("B404", "workers/child.py"): "it is there to run the parts of `polypress up`",
    ("B603", "workers/child.py"): "a list of arguments, and no shell",
    ("B606", "workers/leash.py"): "a shell is what is not wanted",
    ("B404", "workers/private_redis.py"): "asks the server's own program for its version",
    ("B603", "workers/private_redis.py"): "a list of arguments, and no shell",
}
"""What bandit finds and is wrong about, with the reason."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def ran(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program of this environment; coverage has nothing to see in it."""
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    return subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


# The linters.


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy", "workflow", "workers"),
        ("lint-imports",),
    ],
    ids=" ".join,
)
def test_the_linters_have_nothing_to_say(command: tuple[str, ...]) -> None:
    done = ran(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_bandit_finds_nothing_that_is_not_excused_with_a_reason() -> None:
    done = ran("bandit", "-q", "-r", "workflow", "workers", "-f", "json")
    told = json.loads(done.stdout)
    assert told["errors"] == []
    found = {(one["test_id"], one["filename"].removeprefix("./")) for one in told["results"]}
    assert found == set(EXCUSED)


# Dangers (fault row S9).


def trees(paths: list[Path]) -> dict[str, ast.Module]:
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in paths}


def test_no_code_does_what_untrusted_input_could_use() -> None:
    found = {name: list(house_rules.dangers(tree)) for name, tree in trees(CODE).items()}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import pickle", "pickle"),
        ("from marshal import loads", "marshal"),
        ("yaml.load(text)", r"yaml\.load"),
        ("yaml.unsafe_load(text)", r"yaml\.unsafe_load"),
        ("zipfile.ZipFile(x).extractall()", "extractall"),
        ("eval(text)", "eval"),
        ("exec(text)", "exec"),
        ("subprocess.run(x, shell=True)", "shell"),
        ("subprocess.run(x, shell=loud)", "shell"),
        ("os.system(x)", "system"),
        ("po.save(path)", "save"),
        ("polib.pofile(text).save()", "save"),
        ("str(path).startswith('/srv')", "startswith"),
        ("file_path.startswith(root)", "startswith"),
    ],
)
def test_the_rules_find_what_they_are_for(code: str, what: str) -> None:
    assert [told for told in house_rules.dangers(ast.parse(code)) if what.replace("\\", "") in told]


@pytest.mark.parametrize(
    "code",
    [
        "import json",
        "yaml.compose(text, Loader=yaml.SafeLoader)",
        "subprocess.run(x, shell=False)",
        "name.startswith('.')",
        "archive.extract(member)",
    ],
)
def test_the_rules_leave_the_rest_alone(code: str) -> None:
    assert list(house_rules.dangers(ast.parse(code))) == []


# Sizes and names.


def test_no_function_and_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    found = {
        name: list(house_rules.sizes(tree, len((ROOT / name).read_text("utf-8").splitlines())))
        for name, tree in trees(CORE).items()
    }
    assert {name: told for name, told in found.items() if told} == {}


def test_long_functions_and_modules_would_be_found() -> None:
    long = ast.parse("def f():\n" + "    pass\n" * 40)
    assert list(house_rules.sizes(long, 261)) == ["261 lines", "f has 41 lines"]


def test_no_module_is_named_for_nothing_in_particular() -> None:
    assert [name_of(path) for path in CODE if house_rules.vague(path.relative_to(ROOT))] == []
    assert house_rules.vague(Path("workflow/utils.py"))
    assert house_rules.vague(Path("workflow/common/x.py"))


# What git holds.


def tracked() -> list[Path]:
    git = shutil.which("git") or pytest.skip("there is no git here")
    done = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True)
    if done.returncode:
        pytest.skip("this is no checkout of git")
    paths = [ROOT / os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_tracked_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = {name_of(path): list(house_rules.places(path.read_bytes())) for path in tracked()}
    assert {name: told for name, told in found.items() if told} == {}


def test_such_places_would_be_found() -> None:
    for halves in (
        ("https://py", "pi.org/simple"),
        ("--index", "-url https://x"),
        ("cd /ho", "me/somebody"),
        ("path = '/ro", "ot/x'"),
        ("/Us", "ers/x"),
        ("in /wo", "rk/main"),
    ):
        assert list(house_rules.places("".join(halves).encode())), halves
    for text in (b"../home/x", b"content/work/x", b"homework", b"--no-emit-index-url", b"{root}/x"):
        assert list(house_rules.places(text)) == []


def test_no_file_that_records_an_index_is_tracked() -> None:
    assert [path.name for path in tracked() if path.name in {"uv.lock", ".env", ".netrc"}] == []


# Programs from outside.


def test_without_gettext_its_tests_are_skipped_loudly_and_fail_in_integration() -> None:
    lacking = ("msgfmt", "msgcat")
    what, reason = programs.verdict(lacking, {})
    assert what == "skip"
    assert "GETTEXT IS MISSING" in reason
    assert "msgfmt, msgcat" in reason
    assert programs.verdict(lacking, {"CI": "true"})[0] == "fail"
    assert programs.verdict((), {"CI": "true"}) == ("run", "")
    assert "NGINX IS MISSING" in programs.verdict(("nginx",), {}, suite="nginx")[1]


def test_programs_that_were_unpacked_are_found_behind_those_of_the_path(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib" / "x86_64-linux-gnu").mkdir(parents=True)
    environment = {"PATH": "/usr/bin", "LD_LIBRARY_PATH": "/opt/lib"}
    offer_unpacked(environment, tmp_path)
    assert environment["PATH"] == f"/usr/bin:{tmp_path}/bin"
    assert environment["LD_LIBRARY_PATH"] == f"/opt/lib:{tmp_path}/lib/x86_64-linux-gnu"
    nothing = {"PATH": "/usr/bin"}
    offer_unpacked(nothing, tmp_path / "none")
    assert nothing == {"PATH": "/usr/bin"}


def test_a_program_that_does_not_run_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in (("msgfmt", 0), ("msgcat", 127)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    programs.missing.cache_clear()
    try:
        assert programs.missing() == ("msgunfmt", "msgcat", "msgmerge", "msgattrib")
    finally:
        programs.missing.cache_clear()
