"""`polypress serve` as a program: how it begins, what it says, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.program import Program, program
from tests.e2e.places import POLYPRESS
from tests.web.public_for_tests import publish
from tests.web.talking import everything, parsed
from workflow.model import digest_of

PATIENCE = 20.0


@contextmanager
def started(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """The program, and the JSON with which it says that clients may come."""
    command = [POLYPRESS, "serve", "--port", "0", "--json", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield process, json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
        finally:
            process.kill()


def test_it_says_where_it_is_and_ends_on_sigterm_without_cutting_an_answer(tmp_path: Path) -> None:
    """A copy of a public folder is enough; there is no project here."""
    publish(tmp_path, serial=7, tags=["en"])
    large = os.urandom(4 * 2**20)
    (tmp_path / "objects" / digest_of(large)).write_bytes(large)
    with started("--folder", tmp_path) as (process, told):
        assert (told["release"], told["folder"]) == (7, str(tmp_path))
        port = int(str(told["address"]).removeprefix("http://127.0.0.1:"))
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(f"GET /objects/{digest_of(large)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            begin = slow.recv(1000)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
            assert process.poll() is None
            got = parsed(begin + everything(slow))
        assert got.body == large
        assert process.wait(PATIENCE) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_it_begins_before_anything_is_published(tmp_path: Path) -> None:
    with started("--folder", tmp_path, "--host", "localhost") as (process, told):
        assert told["release"] == 0
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr
        assert process.stderr.read().startswith("warning: nothing is published here yet")


@pytest.fixture
def polypress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    return program(tmp_path, monkeypatch, capsys)


def test_a_port_that_is_taken_is_named(polypress: Program) -> None:
    folder = polypress.root / "var" / "public"
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = polypress("serve", "--port", port)
    assert ran.code == 5
    assert f"cannot listen at 127.0.0.1 port {port}: Address already in use" in ran.err
    assert "--port" in ran.err


@pytest.mark.parametrize("host", ["nowhere.invalid", "", "300.1.1.1", "a" * 300, "\u2603"])
def test_an_address_that_is_none_is_named(polypress: Program, host: str) -> None:
    folder = polypress.root / "var" / "public"
    folder.mkdir(parents=True)
    ran = polypress("serve", "--port", "0", "--host", host)
    assert ran.code == 5
    assert "no address to listen at" in ran.err or "cannot listen" in ran.err


def test_a_folder_that_is_none_or_damaged_is_named(polypress: Program, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "release.json").write_text("{}")
    for arguments in ([], ["--folder", str(tmp_path / "none")], ["--folder", str(damaged)]):
        ran = polypress("serve", *arguments)
        assert ran.code == 3
        assert "public" in ran.err or "none" in ran.err or "damaged" in ran.err


def test_without_a_project_or_a_folder_it_says_what_is_missing(
    polypress: Program, tmp_path: Path
) -> None:
    ran = polypress("serve", project=tmp_path / "none")
    assert ran.code == 3


@pytest.mark.parametrize("arguments", [["--port", "65536"], ["--port", "x"], ["--rate", "-1"]])
def test_options_that_cannot_be_are_refused(polypress: Program, arguments: list[str]) -> None:
    assert polypress("serve", *arguments).code == 2
