"""Each bad input gives one clear message and an exit code, and harms nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.places import SETTINGS, polypress, snapshot

GOOD = "---\ntitle: The library is closed\n---\n\nIt opens again on Monday.\n"
APPROVED = 'msgid "The library is closed"\nmsgstr "La biblioteca está cerrada"'

FILES = {
    "broken front matter": (b"---\ntitle: [unclosed\n---\n\nText.\n", "bad.md:"),
    "not UTF-8": ("---\ntitle: Niño\n---\n".encode("latin-1"), "bad.md:2"),
    "an empty file": (b"", "bad.md"),
    "NUL bytes": (b"---\ntitle: A\n---\n\nText\x00.\n", "bad.md:5"),
    "one line of 10 MB": (b"a " * 5_000_000, "bad.md"),
    "a hostile id": (b'---\nid: "../../etc/passwd"\ntitle: A\n---\n\nText.\n', "bad.md"),
    "the id of another item": (b"---\nid: good\ntitle: A\n---\n\nText.\n", "bad.md"),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an approved translation of one good notice."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "content").mkdir()
    (folder / "polypress.toml").write_text(SETTINGS)
    (folder / "content" / "good.md").write_text(GOOD)
    polypress(folder, "status", "--quiet")
    text = catalog(folder).read_text()
    assert 'msgid "The library is closed"\nmsgstr ""' in text
    approved = text.replace('msgid "The library is closed"\nmsgstr ""', APPROVED)
    catalog(folder).write_text(approved)
    return folder


@pytest.fixture
def project(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(prepared, tmp_path / "project")


def catalog(project: Path, locale: str = "es") -> Path:
    return project / "locales" / locale / "LC_MESSAGES" / "notices.po"


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_named_and_the_others_go_on(project: Path, name: str) -> None:
    body, where = FILES[name]
    bad = project / "content" / "bad.md"
    bad.write_bytes(body)
    (project / "content" / "new.md").write_text(GOOD.replace("library", "museum"))
    message = polypress(project, "status", "--quiet", expect=1)
    assert where in message
    assert "Traceback" not in message
    assert bad.read_bytes() == body
    after = catalog(project).read_text()
    assert APPROVED in after
    assert "The museum is closed" in after


def test_a_file_that_breaks_later_keeps_its_translations(project: Path) -> None:
    before = snapshot(project / "locales")
    (project / "content" / "good.md").write_bytes(b"---\ntitle: [unclosed\n---\n")
    message = polypress(project, "status", "--quiet", expect=1)
    assert "good.md:" in message
    assert snapshot(project / "locales") == before


def test_an_unknown_locale_is_named_with_those_that_exist(project: Path) -> None:
    message = polypress(project, "translate", "--locale", "fr", expect=2)
    assert "fr is no locale of this project (this project's locales: es, ar)" in message


@pytest.mark.parametrize("locale", ["../../etc", "e\x00s", "no such thing", ""])
def test_a_hostile_locale_in_the_settings_is_refused(project: Path, locale: str) -> None:
    text = SETTINGS.replace('"ar"', '"' + locale.replace("\0", "\\u0000") + '"')
    (project / "polypress.toml").write_text(text)
    message = polypress(project, "status", expect=3)
    assert "polypress.toml" in message
    assert "project.locales.1" in message


def test_a_missing_route_says_which_packages_there_are(project: Path) -> None:
    before = snapshot(project / "locales")
    message = polypress(project, "translate", expect=1)
    assert "from en to es" in message
    assert "models install" in message
    assert snapshot(project / "locales") == before


def test_a_catalog_with_a_syntax_error_stays_and_the_other_locale_goes_on(project: Path) -> None:
    broken = catalog(project).read_text() + '\nmsgid "unterminated\n'
    catalog(project).write_text(broken)
    (project / "content" / "new.md").write_text(GOOD.replace("library", "museum"))
    message = polypress(project, "status", "--quiet", expect=1)
    assert "notices.po:" in message
    assert catalog(project).read_text() == broken
    assert "The museum is closed" in catalog(project, "ar").read_text()


def test_a_file_that_is_no_package_is_refused(project: Path) -> None:
    fake = project / "fake.argosmodel"
    fake.write_bytes(b"no zip at all")
    message = polypress(project, "models", "install", str(fake), expect=1)
    assert "fake.argosmodel" in message
    assert not list((project / "var").rglob("metadata.json"))
