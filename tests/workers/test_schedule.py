from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

from workers import schedule
from workers.schedule import Schedule, is_due
from workflow.bootstrap import open_project
from workflow.bundle import Release
from workflow.errors import BundleError
from workflow.steps.publish import publish

SETTINGS = """\
[project]
name = "Test"
source = "en"
locales = ["es"]

[collections.notices]
path = "content/notices"
format = "markdown"
fields = ["title", "body"]
"""
PAST = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Published long ago, when its parade was still to come."""
    (tmp_path / "content/notices").mkdir(parents=True)
    (tmp_path / "polypress.toml").write_text(SETTINGS)
    text = "---\ntitle: Parade\npublish_at: 2026-01-02\n---\n\nWith music.\n"
    (tmp_path / "content/notices/parade.md").write_text(text)
    publish(open_project(tmp_path), at=PAST)
    return tmp_path


def live(town: Path) -> Release:
    return Release.parse((town / "var/public/release.json").read_bytes())


class Log:
    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **more: object) -> None:
        self.told.append((event, more))

    warning = exception = info


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log()
    monkeypatch.setattr(schedule, "log", made)
    monkeypatch.setattr(schedule, "LOOK", 0.01)
    return made


def script(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def asked(*found: str) -> Schedule:
    return Schedule(Path(), ask=lambda _root: found, command=script(""))


def test_what_is_due_is_published_by_the_program_itself(town: Path, log: Log) -> None:
    assert is_due(town) == ["notices"]
    assert Schedule(town).round()
    assert [event for event, _ in log.told] == ["publishing what is due", "published what was due"]
    assert live(town).serial == 2
    assert is_due(town) == []
    assert Schedule(town).round()
    assert live(town).serial == 2


def test_a_project_may_do_without_a_schedule(town: Path) -> None:
    path = town / "polypress.toml"
    path.write_text(f"{SETTINGS}\n[publish]\nschedule = false\n")
    assert is_due(town) == ()


def test_with_nothing_due_no_process_is_begun(log: Log) -> None:
    made = asked()
    made.command = script("raise SystemExit(9)")
    assert made.round()
    assert log.told == []


def test_a_publish_that_fails_is_told_with_its_code_and_last_words(log: Log) -> None:
    made = asked("notices")
    made.command = script("print('one'); print('error: two'); raise SystemExit(4)")
    assert not made.round()
    event, more = log.told[-1]
    assert event == "publishing failed"
    assert more == {"code": 4, "reason": "one / error: two"}


@pytest.mark.parametrize("error", [BundleError("release.json is damaged"), ValueError("a mistake")])
def test_a_question_that_fails_is_told_and_asked_again(log: Log, error: Exception) -> None:
    def ask(_root: Path) -> Sequence[str]:
        raise error

    assert not Schedule(Path(), ask=ask).round()
    assert log.told[0][0] == "the schedule waits"


def test_settings_that_are_damaged_meanwhile_end_nothing(town: Path, log: Log) -> None:
    (town / "polypress.toml").write_text("[")
    assert not Schedule(town).round()
    (town / "polypress.toml").write_text(SETTINGS)
    assert Schedule(town).round()
    assert live(town).serial == 2
    assert log.told


def test_after_failures_it_waits_longer_and_longer_and_then_as_before(
    monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    outcomes = [True, False, False, False, False, False, False, True, True]
    made = asked()
    waits: list[float] = []

    class Clock:
        def wait(self, seconds: float) -> bool:
            waits.append(seconds)
            return len(waits) > len(outcomes)

    made.ended = Clock()  # type: ignore[assignment]
    left = iter(outcomes)
    monkeypatch.setattr(Schedule, "round", lambda _self: next(left))
    made.run()
    assert waits == [0, 60, 120, 240, 480, 600, 600, 600, 60, 60]
    assert log.told == []


def test_the_end_of_the_hub_ends_a_publish_at_once(log: Log) -> None:
    made = asked("notices")
    made.command = script("import time; time.sleep(60)")
    thread = Thread(target=made.run)
    thread.start()
    try:
        begun = time.monotonic()
        while not log.told and time.monotonic() - begun < 10:
            time.sleep(0.01)
    finally:
        made.stop()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert time.monotonic() - begun < 10
    assert [event for event, _ in log.told] == ["publishing what is due"]
