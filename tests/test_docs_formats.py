from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests import surface
from tests.documentation import DOCS, blocks, codes, headings, rows, section, text_of
from workflow import catalog
from workflow.adapters.argos.archive import Limits
from workflow.adapters.argos.fetching import Patience
from workflow.adapters.argos.index import LARGEST_INDEX
from workflow.adapters.markdown.front import MAX_CHARACTERS
from workflow.adapters.text import MAX_LINE
from workflow.bootstrap import open_project
from workflow.bundle import ITEMS_IN_SHARD
from workflow.catalog.facts import COLUMNS, KINDS, facts_of
from workflow.cli.tables import COVERAGE_LIMIT, FALLBACK_LIMIT, SCORE_LIMIT
from workflow.model import PackageRef, Route, Unit
from workflow.settings import FILE_NAME
from workflow.steps.contents import LARGEST_FILE
from workflow.steps.ingest import ingest
from workflow.steps.project import Project
from workflow.steps.publish import publish
from workflow.steps.unpack import unpack

FORMATS = DOCS / "formats.md"
SETTINGS = """\
[project]
name = "City notices"
source = "en"
locales = ["es"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]

[publish]
atomic = false
"""
TITLE, BODY = "La piscina está cerrada", "La piscina estará cerrada el **lunes**."
PACKAGES = str(Route((PackageRef("en", "es", "1.0", f"{'0f3c9a1b':0<64}"),)))


def test_every_content_format_has_a_section() -> None:
    formats = surface.choices(surface.tables()["collections.<name>"]["format"])
    titles = [title for title in headings(FORMATS, "##") if title.startswith("Content: ")]
    assert [codes(title)[0] for title in titles] == list(formats)


def test_every_kind_of_facts_comment_is_named() -> None:
    assert codes(next(rows(section(FORMATS, "### The facts comment")))[1]) == list(KINDS)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that docs/formats.md shows, published and unpacked."""
    root = tmp_path_factory.mktemp("example")
    source = root / "content" / "notices" / "pool.md"
    source.parent.mkdir(parents=True)
    source.write_text(blocks(FORMATS, "markdown")[0].text, encoding="utf-8")
    (root / FILE_NAME).write_text(SETTINGS, encoding="utf-8")
    _make_key(root / "var" / "keys" / "example.pem")
    project = open_project(root)
    contents = ingest(project).contents
    _translate(project, *contents[0].units)
    publish(project, at="2026-11-20T12:00:00+00:00")
    for file in unpack(project.bundles, project.compiler, "es"):
        path = root / "out" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
    return root


def _make_key(path: Path) -> None:
    """A key that is the same each time, so that the example can show a signature."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    path.parent.mkdir(parents=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(*form))


def _translate(project: Project, title: Unit, drafted: Unit, failed: Unit) -> None:
    """One text of a person's, one draft, one answer that failed its checks."""
    results = (
        catalog.approved(title, TITLE),
        catalog.draft(drafted, BODY, packages=PACKAGES),
        catalog.withheld(failed, packages=PACKAGES),
    )
    by_key = {result.key: result for result in results}
    project.catalogs.update("es", "notices", lambda messages: catalog.settle(messages, by_key))


def test_the_catalog_example_is_what_is_written(example: Path) -> None:
    path = example / "locales" / "es" / "LC_MESSAGES" / "notices.po"
    _, _, entries = path.read_text(encoding="utf-8").partition("\n\n")
    assert entries == blocks(FORMATS, "po")[0].text
    read = open_project(example).catalogs.read("es", "notices")
    assert [str(facts_of(entry).review) for entry in read] == ["approved", "none", "none"]


def published(root: Path) -> Mapping[str, Any]:
    """What a release holds, by the name of its section."""
    public = root / "var" / "public"
    values = {"release.json": json.loads((public / "release.json").read_bytes())}
    values["manifest.json"] = json.loads((root / "out" / "manifest.json").read_bytes())
    for name in ("labels.json", "messages.json"):
        values[name] = json.loads((root / "out" / "notices" / name).read_bytes())
    section = values["manifest.json"]["collections"]["notices"]
    shard = json.loads((public / "objects" / section["shards"][0]).read_bytes())
    item = json.loads((public / "objects" / shard["items"][0]["object"]).read_bytes())
    return values | {"shard": shard, "item": item}


def test_the_bundle_examples_are_what_is_published(example: Path) -> None:
    shown = [json.loads(block.text) for block in blocks(FORMATS, "json")]
    for name, value in published(example).items():
        assert value in shown, f"{name} is now {json.dumps(value, ensure_ascii=False, indent=2)}"
    assert len(shown) == len(published(example))


def test_every_file_of_a_bundle_has_a_section(example: Path) -> None:
    titles = " ".join(headings(FORMATS, "###"))
    out = example / "out"
    names = {path.name for folder in (out, out / "notices") for path in folder.glob("*.*")}
    assert {name for name in names if f"`{name}`" not in titles} == set()
    assert "`release.json`" in titles


def test_the_compiled_catalog_answers_as_the_example_says(example: Path) -> None:
    with (example / "out" / "notices" / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.pgettext("pool#title", "The pool is closed") == TITLE


FIGURES = [
    ("packages", f"{Limits().archive:,} bytes"),
    ("packages", f"{Limits().unpacked:,} bytes"),
    ("packages", f"{Limits().small:,} at most {Limits().ratio} times"),
    ("packages", f"| {Limits().members:,} |"),
    ("packages", f"{LARGEST_INDEX:,} bytes"),
    ("packages", f"{Patience().timeout:g} seconds for any answer"),
    ("packages", f"{Patience().grace:g} seconds at least {Patience().slowest:,.0f} bytes"),
    ("formats", f"{LARGEST_FILE:,} bytes"),
    ("formats", f"{MAX_LINE:,} characters"),
    ("formats", f"{MAX_CHARACTERS:,} characters"),
    ("formats", f"at most {COLUMNS} columns"),
    ("formats", f"at most {ITEMS_IN_SHARD} items"),
    ("real-input", f"above {FALLBACK_LIMIT * 100:.0f} %"),
    ("real-input", f"below {SCORE_LIMIT:g} "),
    ("real-input", f"below {COVERAGE_LIMIT * 100:.0f} %"),
]


@pytest.mark.parametrize(("page", "figure"), FIGURES)
def test_a_limit_is_that_of_the_code(page: str, figure: str) -> None:
    assert figure in " ".join(text_of(DOCS / f"{page}.md").split())
