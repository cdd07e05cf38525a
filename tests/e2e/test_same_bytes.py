"""The same content and catalogs give the same release on machines that differ in all else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.places import POLYPRESS, ROOT, polypress

MACHINES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANGUAGE": "de", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "LANGUAGE": "ar", "PYTHONHASHSEED": "77"},
)
AT = "2026-12-01T08:00:00+00:00"


def project(folder: Path) -> Path:
    """A part of the sample project, without packages: what is published needs none."""
    for part in ("content", "locales"):
        shutil.copytree(ROOT / part, folder / part)
    for path in sorted((folder / "content" / "notices").glob("*.md"))[8:]:
        path.unlink()
    shutil.copy(ROOT / "polypress.toml", folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two public folders, made elsewhere, in another time zone, locale, hash seed and order."""
    first = project(tmp_path_factory.mktemp("a"))
    second = project(tmp_path_factory.mktemp("another-place") / "with blanks")
    polypress(first, "keys", "new", "--quiet")
    shutil.copytree(first / "var" / "keys", second / "var" / "keys")
    for path in sorted(second.glob("content/**/*.md"), reverse=True):
        path.write_bytes(path.read_bytes())  # another order of names in the folder
        os.utime(path, (1_000_000_000, 1_000_000_000))
    running = [
        subprocess.Popen(
            [POLYPRESS, "--project", root, "publish", "--at", AT, "--quiet"],
            cwd=root,
            env={**os.environ, **machine},
            umask=umask,
        )
        for root, machine, umask in zip((first, second), MACHINES, (0o022, 0o077), strict=True)
    ]
    assert [one.wait() for one in running] == [0, 0]
    return [root / "var" / "public" for root in (first, second)]


def test_two_machines_make_the_same_release_byte_for_byte(releases: list[Path]) -> None:
    here, there = map(files, releases)
    assert list(here) == list(there)
    assert [name for name in here if here[name] != there[name]] == []
    assert len(here) > 100


def test_what_is_published_and_taken_away_again_leaves_no_trace(releases: list[Path]) -> None:
    """All objects stay what they were; only the pointer goes on."""
    root, public = releases[0].parent.parent, releases[0]
    before = files(public)
    extra = root / "content" / "notices" / "zoo.md"
    extra.write_text("---\ntitle: The zoo is open\n---\n\nBring a friend.\n")
    polypress(root, "publish", "--at", AT, "--quiet")
    extra.unlink()
    polypress(root, "publish", "--at", AT, "--quiet")
    after = files(public)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {"release.json"}
    live = [json.loads(one["release.json"]) for one in (before, after)]
    assert live[0]["manifests"] == live[1]["manifests"]
