"""Trying a site out: the sample project with nothing installed and no translation at all."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, replace

import polib
import pytest

from tests.e2e.places import ROOT
from workflow.bootstrap import open_project
from workflow.policy import Policy
from workflow.steps.contents import Contents
from workflow.steps.ingest import ingest
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.project import Project
from workflow.steps.publish import publish
from workflow.steps.translate import translate

LOCALES = ("es", "ar")


@dataclass(frozen=True)
class Site:
    """The project, and what became of it."""

    project: Project
    contents: tuple[Contents, ...]
    outcomes: tuple[LocaleOutcome, ...]

    def entries(self, locale: str) -> list[polib.POEntry]:
        folder = self.project.root / "locales" / locale / "LC_MESSAGES"
        return [entry for path in sorted(folder.iterdir()) for entry in polib.pofile(str(path))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "locales").mkdir()
    shutil.copy(ROOT / "locales" / "glossary.csv", folder / "locales")
    shutil.copy(ROOT / "polypress.toml", folder)
    project = replace(open_project(folder, pseudo=True), locales=LOCALES)
    ingested = ingest(project)
    return Site(project, ingested.contents, translate(project, ingested))


def test_every_unit_gets_pseudo_text_and_none_is_withheld(site: Site) -> None:
    units = {
        (one.collection.name, unit.context, unit.source)
        for one in site.contents
        for unit in one.units
    }
    assert len(units) > 200
    for one in site.outcomes:
        assert (one.failures, one.withheld, one.machine) == ((), (), len(units))
        entries = site.entries(one.locale)
        assert len(entries) == len(units)
        assert all(entry.fuzzy and f" {one.route} r?" in entry.tcomment for entry in entries)


@pytest.mark.gettext
def test_gettext_accepts_every_catalog(site: Site) -> None:
    files = sorted((site.project.root / "locales").rglob("*.po"))
    assert len(files) == 2 * len(LOCALES)
    for path in files:
        command = ["msgfmt", "--check", "--use-fuzzy", "-o", "/dev/null", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_what_has_words_is_framed_and_all_of_it_grows_by_30_to_40_percent(site: Site) -> None:
    entries = site.entries("es")
    framed = [entry for entry in entries if "⟪" in entry.msgstr]
    assert len(framed) > 0.98 * len(entries)
    before = sum(len(entry.msgid) for entry in framed)
    assert 1.3 < sum(len(entry.msgstr) for entry in framed) / before < 1.4


def test_a_site_can_be_published_with_it_and_the_manifest_says_so(site: Site) -> None:
    trying = replace(site.project, policy=Policy(pseudo=True))
    for one in publish(trying)[1].locales[1:]:
        assert one.left_out == 0
        assert one.counts["origin"] == {"machine": one.counts["freshness"]["current"]}
        (package,) = json.loads(site.project.bundles.get(one.manifest))["packages"]
        assert package.startswith(f"pseudo_{one.locale}@2#")
