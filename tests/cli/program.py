"""The program `polypress`, called in this very process; a fake engine decodes, nothing probes."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fake_engine import FakeEngine
from workers.main import main
from workflow import bootstrap
from workflow.model import UNPROBED

SETTINGS = """\
[project]
name = "Test"
source = "en"
locales = ["es", "ar"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]
"""


@dataclass(frozen=True)
class Ran:
    """What a call gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 (any JSON)
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """`polypress --project ROOT …`; `engine` decodes."""

    root: Path
    engine: FakeEngine
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, project: Path | None = None) -> Ran:
        argv = ["polypress", "--project", str(project or self.root), *arguments]
        self.monkeypatch.setattr(sys, "argv", argv)
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return Ran(int(ended.value.code or 0), out, err)

    def notice(self, name: str, title: str, body: str = "") -> Path:
        path = self.root / "content" / "notices" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {title}\n---\n\n{body}\n")
        return path

    def catalog(self, locale: str = "es") -> Path:
        return self.root / "locales" / locale / "LC_MESSAGES" / "notices.po"


def program(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    """A project in `root` with one notice."""
    engine = FakeEngine()
    engine.form = "{0}: {1}"
    monkeypatch.setattr(bootstrap, "ArgosEngine", lambda *_, **__: engine)
    monkeypatch.setattr(bootstrap, "probe_package", lambda *_: UNPROBED)
    made = Program(root, engine, monkeypatch, capsys)
    (root / "polypress.toml").write_text(SETTINGS)
    made.notice("pool", "The pool opens", "Bring a towel.")
    return made
