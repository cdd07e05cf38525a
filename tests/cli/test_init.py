from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.faults import open_folder, read_only
from tests.hostile import LOCALES
from workflow.settings import load


def everything_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return tmp_path / "a new" / "project"


def test_init_gives_a_project_that_status_accepts(polypress: Program, fresh: Path) -> None:
    ran = polypress("init", project=fresh)
    assert ran.code == 0
    assert "polypress translate" in ran.out
    assert set(everything_in(fresh)) == {
        "polypress.toml", ".gitignore", "content/notices/sunday.md"
    }  # fmt: skip
    assert polypress("status", "--json", project=fresh).json["locales"][0]["units"] == 2
    settings = load(fresh, {})
    assert (settings.project.source, settings.project.locales) == ("en", ("es", "ar", "pt"))


def test_what_is_given_stands_in_the_settings(polypress: Program, fresh: Path) -> None:
    name = 'Sant "Joan" \\ İstanbul \u202e = 1 # x'
    arguments = ["--name", name, "--source", "DE", "-l", "pt_br", "-l", "zh-hant"]
    ran = polypress("init", *arguments, "--json", project=fresh)
    assert ran.json == {
        "project": str(fresh),
        "written": ["content/notices/sunday.md", ".gitignore", "polypress.toml"],
    }
    settings = load(fresh, {})
    assert settings.project.source == "de"
    assert settings.project.locales == ("pt-BR", "zh-Hant")


@pytest.mark.parametrize("name", ['Sant "Joan"', "a\\b", "İstanbul = 1 # x", "two\nlines", "🚧"])
def test_any_name_is_written_as_toml_holds_it(polypress: Program, fresh: Path, name: str) -> None:
    assert polypress("init", "--name", name, project=fresh).code == 0
    assert load(fresh, {}).project.name == " ".join(name.split())


def test_the_source_is_no_target_of_its_own(polypress: Program, fresh: Path) -> None:
    assert polypress("init", "--source", "es", project=fresh).code == 0
    assert load(fresh, {}).project.locales == ("ar", "pt")


def test_init_twice_refuses_and_leaves_every_file(polypress: Program, fresh: Path) -> None:
    polypress("init", project=fresh)
    before = everything_in(fresh)
    ran = polypress("init", "--name", "Other", project=fresh)
    assert ran.code == 2
    assert "polypress.toml: there is a project here already" in ran.err
    assert everything_in(fresh) == before


def test_a_file_that_is_there_stays(polypress: Program, fresh: Path) -> None:
    fresh.mkdir(parents=True)
    (fresh / ".gitignore").write_text("mine\n")
    told = polypress("init", "--json", project=fresh).json
    assert ".gitignore" not in told["written"]
    assert (fresh / ".gitignore").read_text() == "mine\n"


def test_a_hostile_locale_is_refused_before_anything_is_written(
    polypress: Program, fresh: Path
) -> None:
    for locale in LOCALES[::4]:
        for option in ("--source", "--locale"):
            ran = polypress("init", f"{option}={locale}", project=fresh)
            assert ran.code == 2
            assert "no locale that CLDR knows" in ran.err
    assert not fresh.exists()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--name", ""], "project.name: must hold something"),
        (["--name", "x" * 201], "project.name"),
        (["--name", "a\x1bb"], "project.name: must hold no line breaks"),
        (["--name", "\ud800"], "not TOML"),
        (["--locale", "en"], "en is named twice"),
        (["-l", "es", "-l", "spa"], "es is named twice"),
    ],
)
def test_what_would_be_no_settings_is_refused_before_anything_is_written(
    polypress: Program, fresh: Path, arguments: list[str], what: str
) -> None:
    ran = polypress("init", *arguments, project=fresh)
    assert ran.code == 2
    assert what in ran.err
    assert not fresh.exists()


def test_quiet_says_nothing(polypress: Program, fresh: Path) -> None:
    ran = polypress("init", "--quiet", project=fresh)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_folder_that_cannot_be_written_is_5(polypress: Program) -> None:
    with open_folder() as folder:
        with read_only(folder):
            ran = polypress("init", project=folder)
        assert ran.code == 5
        assert "cannot write: Permission denied" in ran.err
        assert list(folder.iterdir()) == []
