"""Where the end-to-end tests find the sample project, the demo packages and the real input."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "packages"
DIGEST = ROOT.parent / "shared" / "seed" / "digest.txt"
POLYPRESS = Path(sys.executable).parent / "polypress"
SETTINGS = """\
[project]
name = "Test"
source = "en"
locales = ["es", "ar"]

[collections.notices]
path = "content"
format = "markdown"
fields = ["title", "body"]
"""
"""A project with one collection of Markdown."""


def polypress(project: Path, *arguments: str, expect: int = 0) -> str:
    """Run the program on a project, and give its standard output; standard error if it fails."""
    command = [POLYPRESS, "--project", project, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == expect, f"{done.returncode}: {done.stdout}\n{done.stderr}"
    return done.stdout if expect == 0 else done.stderr


def told(project: Path, *arguments: str) -> Any:  # noqa: ANN401 (any JSON)
    """The JSON that a command prints."""
    return json.loads(polypress(project, *arguments, "--json"))


def sample_project(folder: Path) -> Path:
    """A copy of the sample project with the demo packages installed."""
    for part in ("content", "locales"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "polypress.toml", folder)
    polypress(folder, "models", "install", str(PACKAGES), "--quiet")
    return folder


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of change of every file below a folder, by relative path."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
