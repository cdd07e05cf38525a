"""Trying a site out: the sample project with nothing installed and no translation at all."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib
import pytest

from tests.e2e.places import ROOT, told

LOCALES = ("es", "ar", "pt")


@dataclass(frozen=True)
class Site:
    """A project's folder, and what `translate --engine pseudo` told of it."""

    root: Path
    told: Any

    def entries(self, locale: str) -> list[polib.POEntry]:
        folder = self.root / "locales" / locale / "LC_MESSAGES"
        return [entry for path in sorted(folder.iterdir()) for entry in polib.pofile(str(path))]

    def object(self, digest: str) -> Any:  # noqa: ANN401 (any JSON)
        return json.loads((self.root / "var" / "public" / "objects" / digest).read_bytes())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copytree(ROOT / "locales", folder / "locales", ignore=shutil.ignore_patterns("*.po"))
    shutil.copy(ROOT / "polypress.toml", folder)
    return Site(folder, told(folder, "translate", "--engine", "pseudo"))


def test_every_unit_gets_pseudo_text_and_none_is_withheld(site: Site) -> None:
    assert [one["locale"] for one in site.told["locales"]] == list(LOCALES)
    for one in site.told["locales"]:
        entries = site.entries(one["locale"])
        assert one["machine"] == len(entries) > 200
        assert one["withheld"] == []
        assert all(entry.fuzzy and f" {one['route']} r?" in entry.tcomment for entry in entries)


@pytest.mark.gettext
def test_gettext_accepts_every_catalog(site: Site) -> None:
    files = sorted((site.root / "locales").rglob("*.po"))
    assert len(files) == 2 * len(LOCALES)
    for path in files:
        command = ["msgfmt", "--check", "--use-fuzzy", "-o", "/dev/null", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_what_has_words_is_framed_and_all_of_it_grows_by_30_to_40_percent(site: Site) -> None:
    entries = site.entries("es")
    framed = [entry for entry in entries if "⟪" in entry.msgstr]
    assert len(framed) > 0.98 * len(entries)
    before = sum(len(entry.msgid) for entry in framed)
    assert 1.3 < sum(len(entry.msgstr) for entry in framed) / before < 1.4


def test_a_site_can_be_published_with_it_and_the_manifest_says_so(site: Site) -> None:
    release = told(site.root, "publish", "--pseudo")["release"]
    for one in release["locales"][1:]:
        assert one["left_out"] == 0
        assert one["counts"]["origin"] == {"machine": one["counts"]["freshness"]["current"]}
        (package,) = site.object(one["manifest"])["packages"]
        assert package.startswith(f"pseudo_{one['locale']}@1#")
