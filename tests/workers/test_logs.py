from __future__ import annotations

import io
import json
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.documentation import ROOT
from tests.fake_engine import package_ref
from tests.workers.chaos import town
from tests.workers.redis_for_tests import RedisForTests, ends_with_us, running
from workers import celeryapp, logs
from workers.dispatching import queue_of
from workers.messages import HUB, SETTLE, TRANSLATE
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.jobs import JobState, Request
from workflow.steps.plan import Planning

TEXT = "Canarytext sings in the hall"
FORGED, PASSWORD = "canary-of-a-stranger", "canary-of-a-password"
CHILD = """
import json, sys, types
tests = sys.modules["tests"] = types.ModuleType("tests")  # some package installs one of that name
tests.__path__ = ["tests"]
from tests.workers.chaos import parts
sys.exit(parts.run(json.loads(sys.argv[1])))
"""
CELERYS_OWN = {"", "worker: Warm shutdown (MainProcess)"}
"""What Celery prints past all logs when it is told to end."""
PATIENCE = 30.0
ES = package_ref("en", "es")


@dataclass
class Ran:
    """The processes of a run, and what they logged."""

    folder: Path
    logged: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(line for lines in self.logged.values() for line in lines)

    def events(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.logged[name] if line not in CELERYS_OWN]

    def start(self, name: str, part: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / name).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", CHILD, json.dumps(part)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                preexec_fn=ends_with_us(),  # noqa: PLW1509 (one call into the kernel, no lock)
            )

    def end(self, name: str, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            self.codes[name] = process.wait(PATIENCE)
        finally:
            process.kill()
            self.logged[name] = (self.folder / name).read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A job with the canary as its text, strangers' messages, and a wrong password."""
    folder = tmp_path_factory.mktemp("logs")
    with running(folder / "redis") as redis:
        ledger = planned(folder / "project")
        forge(redis)
        made = Ran(folder)
        part = {"root": str(folder / "project"), "url": redis.url}
        wrong = f"redis://:{PASSWORD}@{redis.url.rpartition('@')[2]}"
        processes = {
            "hub": made.start("hub", {"role": "hub", **part}),
            "worker": made.start("worker", {"role": "worker", "name": "w1", **part}),
            "intruder": made.start("intruder", {"role": "hub", **part, "url": wrong}),
        }
        try:
            wait_for(lambda: ledger.figures(1)[0].state is JobState.DONE)
            processes["intruder"].wait(PATIENCE)
        finally:
            for name, process in processes.items():
                made.end(name, process)
        made.logged["redis"] = [redis.server.password]
    return made


def planned(root: Path) -> SqliteLedger:
    place = town.open_town(root, locales=("es",))
    place.notice("canary", "Canary", TEXT + ".")
    ledger = SqliteLedger(Database(root / "var" / "polypress.db"))
    request = Request(("es",))
    Planning(place.project, ledger, ledger.begin(request, "now")).all(place.ingest(), request)
    return ledger


def forge(redis: RedisForTests) -> None:
    """Messages of unknown tasks, of other versions and of nonsense, in both queues."""
    app = celeryapp.make_app(redis.url)
    bodies = [
        FORGED,
        {"v": 1, FORGED: FORGED},
        {"v": 9, "job": 1, "batch": 1, "attempt": 1, "x": FORGED},
    ]
    for queue, task in ((queue_of(ES), TRANSLATE), (HUB, SETTLE)):
        for body in bodies:
            for name in (task, f"polypress.{FORGED}"):
                celeryapp.send(app, name, body, queue=queue)
        for raw in (FORGED, json.dumps({"body": FORGED}), json.dumps([FORGED])):
            redis.client.lpush(celeryapp.lists_of(queue)[0], raw)
    app.close()


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_log_line_holds_a_text_or_a_secret(ran: Ran) -> None:
    secret = ran.logged["redis"][0]
    for name in ("hub", "worker", "intruder"):
        assert ran.logged[name]
        text = "\n".join(ran.logged[name])
        for canary in ("Canarytext", FORGED, PASSWORD, secret):
            assert canary not in text, name


def test_every_line_is_an_event_that_says_when_and_who(ran: Ran) -> None:
    for name in ("hub", "worker"):
        for event in ran.events(name):
            assert {"event", "level", "timestamp"} <= event.keys(), event
    told = {event["event"]: event for event in ran.events("worker")}
    assert told["batch decoded"]["job"] == 1
    assert told["batch decoded"]["role"] == "worker"
    assert "message refused" in told
    told = {event["event"]: event for event in ran.events("hub")}
    assert {"batch sent", "batch answered", "settled", "job ended", "answer dropped"} <= told.keys()
    assert told["job ended"]["state"] == "done"


def test_strangers_messages_end_nobody_and_a_wrong_password_is_said(ran: Ran) -> None:
    assert (ran.codes["hub"], ran.codes["worker"]) == (0, 0)
    assert ran.codes["intruder"] in {4, 5}  # the hub may have its lock already


# In one process.


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Logs as configured, and what was logged."""
    errors, root = io.StringIO(), logging.getLogger()
    level = root.level
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", errors)
        logs.configure(as_json=True)
    ours = root.handlers[0]
    yield lambda: [json.loads(line) for line in errors.getvalue().splitlines()]
    root.removeHandler(ours)
    root.setLevel(level)


def fail() -> None:
    raise KeyError(TEXT)


Log = Callable[[], list[dict[str, Any]]]


@pytest.mark.parametrize("name", ["celery.worker.consumer", "kombu.x", "redis", "asyncio"])
def test_of_other_programs_records_only_the_unfilled_first_line_stays(log: Log, name: str) -> None:
    try:
        fail()
    except KeyError:
        logging.getLogger(name).exception("Received %r\n%s", TEXT, TEXT)
    (event,) = log()
    assert event["event"] == f"{name}: Received %r (KeyError)"
    assert "Canarytext" not in json.dumps(event)


def test_an_exception_of_ours_is_its_kind_and_its_way_and_not_its_message(log: Log) -> None:
    try:
        fail()
    except KeyError:
        logs.logger("hub").exception("a round failed")
    (event,) = log()
    assert event["error"] == "KeyError"
    assert event["at"][0].startswith("test_logs.py:")
    assert event["role"] == "hub"
    assert "Canarytext" not in json.dumps(event)


def test_less_is_logged_where_less_is_asked_for(log: Log) -> None:
    logs.logger("hub").debug("unheard")
    logging.getLogger("celery").info("unheard")
    logs.logger("hub").info("heard", job=3)
    assert [event["event"] for event in log()] == ["heard"]
