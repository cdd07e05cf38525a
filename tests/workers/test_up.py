"""`polypress up` as a process of its own, with small programs in place of hub and worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from tests.workers.processes import runs
from tests.workers.redis_for_tests import RedisForTests, running
from workers import alive, broker, private_redis, up
from workers.where import redis_url, running_url
from workflow.adapters.files import locked
from workflow.errors import LockedError, OutsideError, SettingsError

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = '[project]\nname = "Test"\nsource = "en"\nlocales = ["es"]\n'
SETTINGS += '[collections.notices]\npath = "content"\nformat = "markdown"\n'
STAND_IN = """\
import json, os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
root, role, rest = pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
named = {name: text for name, text in os.environ.items() if name.startswith(("POLY", "OMP"))}
said = {"pid": os.getpid(), "rest": rest, "environment": named}
beside = root / f"{role}.tmp"
beside.write_text(json.dumps(said))
beside.replace(root / f"{role}.json")
alive = pathlib.Path(os.environ["POLYPRESS_ALIVE"]) / role
alive.parent.mkdir(parents=True, exist_ok=True)
while True:
    alive.touch()
    time.sleep(0.05)
"""
LAUNCH = """\
import sys
from workers import up
from workflow.cli import app, run
up.PROGRAM = (sys.executable, "-I", "-S", sys.argv.pop(1))
app.command("up")(up.up_command)
run()
"""


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:  # noqa: ANN401 (what it gave)
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
    return found


@dataclass
class Up:
    """A `polypress up` that runs: what it writes, and what its parts said of themselves."""

    root: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reader = Thread(target=lambda: self.lines.extend(iter(self.read, "")))
        self.reader.start()

    def read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def part(self, role: str) -> Any:  # noqa: ANN401 (JSON)
        """What a part said, once it did."""
        file = self.root / f"{role}.json"
        until(lambda: file.exists() or self.process.poll() is not None)
        assert file.exists(), self.out
        return json.loads(file.read_text())

    def redis_pid(self) -> int:
        url = running_url(self.root)
        assert url
        with closing(broker.client(url)) as client:
            return int(client.info("server")["process_id"])

    @property
    def out(self) -> str:
        return "".join(self.lines)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(20)
        self.reader.join(20)
        return code


@contextmanager
def started(root: Path, *options: str, url: str = "") -> Iterator[Up]:
    (root / "stand_in.py").write_text(STAND_IN)
    (root / "polypress.toml").write_text(SETTINGS)
    environment = {**os.environ, broker.VARIABLE: url}
    environment.pop(alive.VARIABLE, None)
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCH, str(root / "stand_in.py"), "-p", str(root), "up", *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        made = Up(root, process)
        try:
            yield made
        finally:
            process.kill()
            made.wait()


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisForTests]:
    with running(tmp_path_factory.mktemp("redis")) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_redis_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(broker.VARIABLE, raising=False)


def test_without_a_redis_it_brings_its_own_and_ctrl_c_ends_all_of_it(tmp_path: Path) -> None:
    assert redis_url(tmp_path) is None
    with started(tmp_path, "--concurrency", "3") as up:
        hub, worker = up.part("hub"), up.part("worker")
        url = running_url(tmp_path)
        assert url == redis_url(tmp_path) == hub["environment"][broker.VARIABLE]
        assert hub["environment"] == worker["environment"]
        assert hub["environment"][alive.VARIABLE] == str(tmp_path / "var" / "alive" / "up")
        assert worker["rest"] == ["--concurrency", "3"]
        pids = [hub["pid"], worker["pid"], up.redis_pid()]
        with closing(broker.client(url)) as client:
            client.set("kept", "1")
        assert up.end() == 0
    assert not any(runs(pid) for pid in pids)
    assert running_url(tmp_path) is None
    made = private_redis.recorded(tmp_path / "var" / "redis")
    assert made
    assert made.password not in up.out
    assert f"127.0.0.1:{made.port}/0, hub, and a worker with 3 threads. Ctrl-C" in up.out
    assert up.out.endswith("All has ended.\n")


def test_a_redis_that_dies_comes_back_with_its_address_even_if_its_file_was_damaged(
    tmp_path: Path,
) -> None:
    with started(tmp_path) as up:
        hub, url = up.part("hub"), running_url(tmp_path)
        with closing(broker.client(url)) as client:
            client.set("kept", "1")
        time.sleep(1.1)  # everysec
        pid = up.redis_pid()
        file = max((tmp_path / "var" / "redis").rglob("*aof"))
        with file.open("ab") as end:
            end.write(b"\0" * 100)
        os.kill(pid, signal.SIGKILL)
        until(lambda: "cut off the damaged end" in up.out)
        until(lambda: broker.answers(url))
        with closing(broker.client(url)) as client:
            assert client.get("kept") == "1"
        assert up.part("hub")["pid"] == hub["pid"]
        assert up.end() == 0


def test_it_uses_the_redis_that_is_named_and_takes_back_the_word_of_a_worker_that_died(
    tmp_path: Path, redis: RedisForTests
) -> None:
    with started(tmp_path, url=redis.url) as running:
        first = running.part("worker")
        assert first["environment"][broker.VARIABLE] == redis.url
        assert not (tmp_path / "var" / "redis").exists()
        key = f"{up.BEAT}{up.socket.gethostname()}:{first['pid']}"
        redis.client.set(key, "{}", ex=15)
        os.kill(first["pid"], signal.SIGKILL)
        begun = time.monotonic()
        until(lambda: not redis.client.exists(key))
        assert time.monotonic() - begun < 1.5
        until(lambda: running.part("worker")["pid"] != first["pid"])
        assert running_url(tmp_path) is None
        assert running.end() == 0


def test_nothing_is_left_behind_when_it_is_killed(tmp_path: Path) -> None:
    with started(tmp_path) as running:
        pids = [running.part("hub")["pid"], running.part("worker")["pid"], running.redis_pid()]
        assert all(runs(pid) for pid in pids)
        running.process.kill()
        until(lambda: not any(runs(pid) for pid in pids))
    assert running_url(tmp_path) is None


@pytest.mark.parametrize("named", [False, True])
def test_a_worker_by_hand_does_not_hide_that_its_own_stalls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    folder = tmp_path / ("named" if named else alive.FOLDER)
    monkeypatch.setenv(alive.VARIABLE, str(folder))
    alive.touch("worker")
    if not named:
        monkeypatch.delenv(alive.VARIABLE)
    parts = {part.name: part for part in up.parts(tmp_path, "redis://localhost", 1)}
    watched = parts["worker"].alive
    assert watched
    assert watched.parent == Path(parts["worker"].environment[alive.VARIABLE])
    assert not watched.exists()
    assert alive.age("worker", tmp_path) is not None


# What is refused, in this very process.


def called(root: Path) -> None:
    (root / "polypress.toml").write_text(SETTINGS)
    up.up_command(SimpleNamespace(obj=root))  # type: ignore[arg-type]


def test_a_wrong_password_is_said_at_once(
    tmp_path: Path, redis: RedisForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(broker.VARIABLE, redis.url.replace(redis.server.password, "wrong"))
    with pytest.raises(OutsideError, match="refuses this user or password") as told:
        called(tmp_path)
    assert told.value.exit_code == 5
    assert "wrong" not in str(told.value)


def test_a_second_one_is_refused(tmp_path: Path) -> None:
    with locked(tmp_path / up.UP_LOCK), pytest.raises(LockedError, match="already"):
        called(tmp_path)


def test_a_mistake_in_the_settings_is_said_before_anything_is_begun(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        up.up_command(SimpleNamespace(obj=tmp_path))  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_redis_that_cannot_be_reached_is_waited_for(
    tmp_path: Path,
    redis: RedisForTests,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    redis.stop()
    monkeypatch.setenv(broker.VARIABLE, redis.url)
    with up._redis(tmp_path) as (url, first):
        assert (url, first) == (redis.url, ())
    told = capsys.readouterr().out
    assert "cannot be reached yet: hub and worker wait for it" in told
    assert redis.server.password not in told


# Signals.


def test_two_signals_at_once_are_one_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    monkeypatch.setattr(up, "ONE_WISH", 0.1)
    with up.signals_to(lambda: told.append(time.monotonic())):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
        assert len(told) == 1
        time.sleep(0.15)
        signal.raise_signal(signal.SIGINT)
        assert len(told) == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with up.signals_to(lambda: pytest.fail("it is ignored")):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
