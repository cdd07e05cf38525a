"""R22: after set-up no step needs the network, and none tries to reach it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.places import PACKAGES, POLYPRESS, ROOT, polypress

HOOK = """\
import os, sys

def told(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
        with open(os.environ["TOLD"], "a") as file:
            file.write(f"{event} {arguments!r}\\n")

sys.addaudithook(told)
"""
COMMANDS = (("translate",), ("status",), ("publish",), ("models", "verify"))
NOTICE = "---\ntitle: The library\n---\n\nThe library is closed on Monday. Call **112**.\n"


def _isolated() -> list[str]:
    """A way to run a program without any network but loopback, if this machine has one."""
    command = ["unshare", "--net", "true"]
    if shutil.which("unshare") and subprocess.run(command, check=False).returncode == 0:
        return ["unshare", "--net"]
    return []


def project_of_one(folder: Path) -> None:
    """A project of one notice into the sample project's three locales."""
    (folder / "content" / "notices").mkdir(parents=True)
    (folder / "content" / "briefs").mkdir()
    (folder / "content" / "notices" / "library.md").write_text(NOTICE)
    shutil.copy(ROOT / "polypress.toml", folder)
    polypress(folder, "models", "install", str(PACKAGES), "--quiet")


def test_the_main_job_opens_no_connection(tmp_path: Path) -> None:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    folder = tmp_path / "project"
    folder.mkdir()
    project_of_one(folder)
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "hook"),
        "TOLD": str(tmp_path / "told"),
    }
    pull = ("pull", str(folder / "var" / "public"), str(tmp_path / "site"), "--unsigned")
    for command in (*COMMANDS, pull):
        program = [*_isolated(), POLYPRESS, "--project", folder, *command, "--quiet"]
        subprocess.run(program, env=environment, check=True, timeout=100)
    assert not (tmp_path / "told").exists()


def test_the_hook_would_tell(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "TOLD": str(tmp_path / "told")}
    code = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert "socket.connect" in (tmp_path / "told").read_text()


@pytest.mark.skipif(not _isolated(), reason="this machine allows no network namespace")
def test_isolation_really_has_no_network() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)"
    done = subprocess.run(
        [*_isolated(), sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert "unreachable" in done.stderr
