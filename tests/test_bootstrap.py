from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from workflow import bootstrap
from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.model import DecodeParameters
from workflow.policy import Fallback, Policy, Rule, Text
from workflow.presets import PRESETS
from workflow.settings import EngineTable, load
from workflow.steps.project import Publishing

SETTINGS = """\
[project]
name = "City"
source = "en"
locales = ["es", "pt-BR"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]
notes = "remark"

[collections.briefs]
path = "content/briefs"
format = "digest"
fields = ["title"]
domain = "short"

[routes]
codes = { pt-BR = "pt" }
via = { pt-BR = "es" }

[engine]
beam_size = 2
length_penalty = 1
threads = 3
memory = 100
device = "cpu"

[models]
path = "packages"
index = "index.json"

[publish]
path = "public"
text = "reviewed"
fallback = "withhold"
site = "https://city.example/{item}"
timezone = "Europe/Madrid"
keep = 3

[[publish.rules]]
collection = "briefs"
max_risk = 0.2

[publish.notes.es]
machine = "Sin revisar."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "polypress.toml").write_text(SETTINGS)
    return tmp_path


def test_every_setting_reaches_the_project(root: Path) -> None:
    project = bootstrap.open_project(root)
    assert (project.name, project.source, project.locales) == ("City", "en", ("es", "pt-BR"))
    rule = Rule("[[publish.rules]] 1", collection="briefs", max_risk=0.2)
    assert project.policy == Policy(Text.REVIEWED, fallback=Fallback.WITHHOLD, rules=(rule,))
    assert project.publishing == Publishing(
        "https://city.example/{item}",
        timezone="Europe/Madrid",
        keep=3,
        notes={"es": {"machine": "Sin revisar."}},
    )
    assert project.parameters == DecodeParameters(2, num_hypotheses=2, length_penalty=1.0)
    notices, briefs = project.collections
    assert (notices.name, notices.domain) == ("notices", "notices")
    assert (notices.spec.fields, notices.spec.notes) == (("title", "body"), "remark")
    assert isinstance(notices.format, MarkdownFormat)
    assert (briefs.domain, briefs.spec.fields) == ("short", ("body",))
    assert isinstance(briefs.format, DigestFormat)
    project.bundles.switch(b"x", 1)
    assert (root / "public" / "release.json").is_file()


def test_a_preset_of_the_call_goes_before_that_of_the_settings_but_not_before_a_beam(
    root: Path,
) -> None:
    text = SETTINGS.replace("beam_size = 2\nlength_penalty = 1\n", 'preset = "draft"\n')
    (root / "polypress.toml").write_text(text)
    assert bootstrap.open_project(root).parameters == PRESETS["draft"]
    assert bootstrap.open_project(root, preset="best").parameters == PRESETS["best"]
    (root / "polypress.toml").write_text(SETTINGS)
    assert bootstrap.open_project(root, preset="best").parameters.beam_size == 2


def test_the_engine_gets_routes_threads_and_packages(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr(
        bootstrap, "ArgosEngine", lambda store, **more: told.update(more, store=store)
    )
    bootstrap.open_project(root)
    assert told["store"].folder == root / "packages"
    assert (dict(told["codes"]), dict(told["pivots"])) == ({"pt-BR": "pt"}, {"pt-BR": "es"})
    assert (told["replicas"], told["memory"]) == (3, 100 * 2**20)
    assert (told["device"], told["tuning"].path) == ("cpu", root / "packages" / "tuning.json")


def test_without_threads_the_engine_decides(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "polypress.toml").write_text(SETTINGS.replace("threads = 3", ""))
    told: dict[str, Any] = {}
    monkeypatch.setattr(bootstrap, "ArgosEngine", lambda _, **more: told.update(more))
    bootstrap.open_project(root)
    assert told["replicas"] is None


def test_a_worker_has_an_engine_without_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr(
        bootstrap, "ArgosEngine", lambda store, **more: told.update(more, store=store)
    )
    limit = bootstrap.memory_limit()
    bootstrap.open_engine(tmp_path, replicas=2, memory=limit)
    assert (told["store"].folder, told["replicas"]) == (tmp_path, 2)
    assert told["memory"] == 2048 * 2**20


def test_a_memory_of_0_is_no_limit() -> None:
    assert bootstrap.memory_limit(EngineTable(memory=0)) is None


def test_settings_that_are_read_already_are_not_read_again(root: Path) -> None:
    settings = load(root, {})
    (root / "polypress.toml").unlink()
    assert bootstrap.open_project(root, settings).name == "City"
    models = bootstrap.open_models(root, settings)
    assert (models.store.folder, models.index) == (
        root / "packages",
        str(root / "index.json"),
    )


def test_packages_may_lie_outside_the_project(root: Path, tmp_path: Path) -> None:
    settings = load(root, {"POLYPRESS_PACKAGES": str(tmp_path / "shared")})
    assert bootstrap.open_models(root, settings).store.folder == tmp_path / "shared"


def test_opening_a_project_makes_no_file(root: Path) -> None:
    bootstrap.open_project(root)
    assert [path.name for path in root.iterdir()] == ["polypress.toml"]


def test_the_clock_tells_utc_in_whole_seconds() -> None:
    told = datetime.fromisoformat(bootstrap.SystemClock().now())
    assert told.utcoffset() == timedelta(0)
    assert told.microsecond == 0
