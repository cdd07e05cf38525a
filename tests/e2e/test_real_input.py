"""A real digest, far outside the demo packages' sublanguage, through the whole main job."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import polib
import pytest

from tests.e2e.places import DIGEST, PACKAGES, polypress, told

SETTINGS = """\
[project]
name = "Digest"
source = "en"
locales = ["es", "ar", "pt"]

[collections.digest]
path = "content"
format = "digest"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digest")
    (folder / "content").mkdir()
    shutil.copy(DIGEST, folder / "content" / "digest.txt")
    (folder / "polypress.toml").write_text(SETTINGS)
    polypress(folder, "models", "install", str(PACKAGES), "--quiet")
    return folder


@pytest.fixture(scope="module")
def report(project: Path) -> dict[str, object]:
    value: dict[str, object] = told(project, "translate")
    return value


def paragraphs() -> list[str]:
    blocks = re.split(r"\n\s*\n", DIGEST.read_text(encoding="utf-8"))
    return [" ".join(block.split()) for block in blocks if block.strip()]


def entries(project: Path, locale: str) -> list[polib.POEntry]:
    path = project / "locales" / locale / "LC_MESSAGES" / "digest.po"
    return list(polib.pofile(str(path)))


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("locale", ["es", "ar", "pt"])
def test_every_paragraph_is_a_unit_with_its_names_intact(project: Path, locale: str) -> None:
    sources = [" ".join(entry.msgid.split()) for entry in entries(project, locale)]
    assert sources == list(dict.fromkeys(paragraphs()))
    text = " ".join(sources)
    assert "İstanbul" in text
    assert "Rodríguez" in text


@pytest.mark.gettext
@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("locale", ["es", "ar", "pt"])
def test_gettext_accepts_the_catalog(project: Path, locale: str) -> None:
    path = project / "locales" / locale / "LC_MESSAGES" / "digest.po"
    command = ["msgfmt", "--check", "--use-fuzzy", "-o", "/dev/null", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_report_does_not_hide_how_poor_the_drafts_are(
    project: Path, report: dict[str, object], tmp_path: Path
) -> None:
    familiar = tmp_path / "familiar"
    (familiar / "content").mkdir(parents=True)
    text = "The library is closed on Monday.\n\nThe swimming pool opens at 9:00.\n"
    (familiar / "content" / "digest.txt").write_text(text)
    (familiar / "polypress.toml").write_text(SETTINGS)
    polypress(familiar, "models", "install", str(PACKAGES), "--quiet")
    known = told(familiar, "translate")["locales"]
    strange = report["locales"]
    assert isinstance(strange, list)
    for near, far in zip(known, strange, strict=True):
        assert far["figures"]["score"] < near["figures"]["score"]
        assert far["figures"]["fallback"] >= near["figures"]["fallback"]
    polypress(project, "translate")  # nothing new: says nothing more


@pytest.mark.usefixtures("report")
def test_people_are_told_in_words(tmp_path: Path, project: Path) -> None:
    fresh = tmp_path / "fresh"
    shutil.copytree(project, fresh, ignore=shutil.ignore_patterns("locales", "*.db*"))
    shown = polypress(fresh, "translate", "--locale", "es")
    assert "expect poor drafts, review every one" in shown


@pytest.mark.usefixtures("report")
def test_nothing_is_published_as_reviewed(project: Path, tmp_path: Path) -> None:
    release = told(project, "publish")["release"]
    for one in release["locales"]:
        if one["locale"] != "en":
            assert one["counts"]["review"].get("approved", 0) == 0
    polypress(project, "unpack", "es", str(tmp_path))
    files = [json.loads(path.read_bytes()) for path in tmp_path.glob("*/labels.json")]
    assert {label["review"] for labels in files for label in labels.values()} == {"none"}
