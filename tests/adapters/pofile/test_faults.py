"""Disk and process faults while a catalog is saved (fault rows R11 and R12, small)."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from workflow.adapters.pofile.store import FileCatalogStore
from workflow.errors import OutsideError
from workflow.model import Message

ROOT = Path(__file__).parents[3]
VICTIM = Path(__file__).with_name("victim.py")


def victim(project: Path, *arguments: object) -> str:
    command = [sys.executable, str(VICTIM), str(project), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment, timeout=60
    )
    return done.stdout


@pytest.fixture
def project() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="polypress-faults-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def with_catalog(project: Path) -> Path:
    FileCatalogStore(project, plural_forms=lambda _: "nplurals=2; plural=(n != 1);").update(
        "es", "notices", lambda _: [Message("a#body", "One", ("Uno",))]
    )
    return project / "locales/es/LC_MESSAGES/notices.po"


def assert_untouched(path: Path, before: bytes) -> None:
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("fault", ["RLIMIT_FSIZE", "EMFILE", "read-only"])
def test_a_write_that_the_system_refuses_leaves_the_old_file(fault: str, project: Path) -> None:
    path = with_catalog(project)
    before = path.read_bytes()
    told = victim(project, fault)
    assert told.startswith("OutsideError: cannot"), told
    assert_untouched(path, before)


def test_a_full_disk_leaves_the_old_file(project: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(project)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk takes root; RLIMIT_FSIZE is tested either way")
    try:
        path = with_catalog(project)
        before = path.read_bytes()
        assert "No space left" in victim(project, "full")
        assert_untouched(path, before)
    finally:
        subprocess.run(["umount", str(project)], check=True)


@pytest.mark.parametrize("call", ["fsync", "fchmod"])
def test_an_error_of_the_disk_leaves_the_old_file(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_catalog(tmp_path)
    before = path.read_bytes()

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, call, broken)
    store = FileCatalogStore(tmp_path, plural_forms=lambda _: "nplurals=1; plural=0;")
    with pytest.raises(OutsideError, match="Input/output"):
        store.update("es", "notices", lambda _: [])
    monkeypatch.undo()
    assert_untouched(path, before)


def test_a_saver_killed_at_any_moment_leaves_a_whole_file(project: Path) -> None:
    lines = victim(project, "kills", 7, 20).splitlines()
    assert lines == ["300 1"] * 20
    with_catalog(project)
    assert [path.name for path in (project / "locales/es/LC_MESSAGES").iterdir()] == ["notices.po"]
