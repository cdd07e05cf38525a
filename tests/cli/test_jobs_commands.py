from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program, Ran, program
from tests.cli.test_content_commands import documented
from tests.cli.test_output import Terminal
from tests.fake_dispatcher import answers
from tests.fake_engine import package_ref
from workflow import bootstrap
from workflow.adapters.files import locked
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.cli import jobwatch, output, queueing
from workflow.errors import LockedError
from workflow.jobs import Batch, Failure, JobState, Request, Worker
from workflow.steps.advance import advance
from workflow.steps.ingest import ingest
from workflow.steps.project import Project

ES, AR = package_ref("en", "es"), package_ref("en", "ar")
POISON = "batch 1 crashed its worker 3 times"


@dataclass(frozen=True)
class Hub:
    """What the hub does with the project of a program, moved by hand."""

    polypress: Program
    project: Project
    ledger: SqliteLedger

    def send(self) -> list[Batch]:
        for package in (ES, AR):
            self.ledger.mark_sent(batch.id for batch in self.ledger.unsent(package, 100))
        return list(self.ledger.sent())

    def answer(self, *batches: Batch) -> None:
        for batch in batches:
            self.ledger.answer(batch.id, answers(batch, self.polypress.engine))

    def advance(self) -> None:
        for _ in range(3):
            advance(self.project, self.ledger)

    def finish(self) -> None:
        self.answer(*self.send())
        self.advance()

    def stand(self, job: int, state: JobState) -> None:
        """Put a job into a state, however it would get there."""
        path = self.project.root / "var" / "polypress.db"
        with Database(path).change() as connection:
            connection.execute("UPDATE jobs SET state = ? WHERE id = ?", (state, job))

    def say(self, *workers: Worker, ago: float = 0, trouble: str = "", **pace: float) -> None:
        """What the hub says of itself; `pace` by `job1`."""
        at = datetime.now(UTC) - timedelta(seconds=ago)
        self.ledger.write_snapshot(
            "hub",
            json.dumps(
                {
                    "at": at.isoformat(),
                    "trouble": trouble,
                    "pace": {name.removeprefix("job"): value for name, value in pace.items()},
                    "workers": [asdict(worker) for worker in workers],
                }
            ),
        )

    def job(self, number: int = 1) -> Any:  # noqa: ANN401 (any JSON)
        return self.polypress("jobs", str(number), "--json").json["job"]["job"]

    def poison(self) -> None:
        """A job of which one segment is set aside."""
        first, *rest = self.send()
        self.ledger.set_aside(first.id, POISON)
        self.answer(*rest)
        self.advance()


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a job, as `translate --queue` leaves it."""
    root = tmp_path_factory.mktemp("planned")
    with pytest.MonkeyPatch.context() as patch:
        program(root, patch, None)  # type: ignore[arg-type] # nothing is called, nothing captured
        project = bootstrap.open_project(root)
        request = Request(project.locales)
        queueing.queued(output.Output(quiet=True), project, ingest(project), request)
    return root


@pytest.fixture
def hub(planned: Path, polypress: Program) -> Hub:
    root = polypress.root
    shutil.copytree(planned, root, dirs_exist_ok=True)
    return Hub(polypress, bootstrap.open_project(root), bootstrap.open_ledger(root))


def test_translate_with_queue_plans_a_job_and_says_how_to_watch_it(polypress: Program) -> None:
    ran = polypress("translate", "--queue")
    assert ran.code == 0
    assert "polypress jobs 1 --watch" in ran.out
    assert polypress("jobs", "1", "--json").json["job"]["job"]["state"] == "running"
    assert polypress("translate", "--queue", "--item", "pool", "--json").json["job"]["job"] == 2
    assert polypress("translate", "--queue", "--item", "poool").code == 2


def worker(*packages: str) -> Worker:
    return Worker("h:12", "w1", packages, 3, (1, 2), 512_000_000, 300_000_000, 5.0, 42)


def flat(ran: Ran) -> str:
    """What was shown, without the frames of tables and line breaks."""
    return " ".join("".join(" " if one in "│┃" else one for one in ran.out).split())


# Looking.


def test_without_jobs_it_says_how_to_make_one(polypress: Program) -> None:
    ran = polypress("jobs")
    assert ran.code == 0
    assert "translate --queue" in ran.out
    assert polypress("jobs", "--json").json["jobs"] == []


def test_a_folder_without_a_project_is_3_and_gets_no_database(
    polypress: Program, tmp_path: Path
) -> None:
    nowhere = tmp_path / "nowhere"
    for part in ((), ("cancel", "1"), ("resume", "1"), ("retry", "1")):
        assert polypress("jobs", *part, project=nowhere).code == 3
    assert not nowhere.exists()


def test_all_jobs_are_listed_the_newest_first(hub: Hub) -> None:
    hub.finish()
    hub.polypress.notice("fair", "The fair opens")
    hub.polypress("translate", "--queue", "--locale", "es")
    ran = hub.polypress("jobs")
    assert flat(ran).index("2 running es") < flat(ran).index("1 done es, ar")
    assert "no hub is running: start one with `polypress up` or `polypress hub`" in flat(ran)


def test_the_list_shows_pace_and_the_time_that_is_left(hub: Hub) -> None:
    hub.say(worker(str(ES), str(AR)), job1=2.0)
    assert "1 running es, ar 0/4 0/2 2.0 2 s" in flat(hub.polypress("jobs"))
    hub.say(worker(), ago=3600, job1=2.0)
    assert "1 running es, ar 0/4 0/2 – –" in flat(hub.polypress("jobs"))


def test_one_job_is_shown_whole_with_its_workers(hub: Hub) -> None:
    hub.say(worker(str(ES), str(AR)), job1=0.5)
    ran = flat(hub.polypress("jobs", "1"))
    for text in (
        "state running", "locales es, ar", "units 0/4", "batches 0/2", "segments/s 0.5",
        "time left 8 s", "sent again 0", f"w1 (h:12) {ES} 3 512 300 1, 2 42", str(AR),
    ):  # fmt: skip
        assert text in ran, text


def test_show_is_what_jobs_does_by_default(hub: Hub) -> None:
    assert hub.polypress("jobs", "show", "1").out == hub.polypress("jobs", "1").out
    assert hub.polypress("jobs", "show").out == hub.polypress("jobs").out


@pytest.mark.parametrize(
    "arguments",
    [("7",), ("7", "--watch"), ("cancel", "7"), ("resume", "7"), ("retry", "7"), ("x",), ("0",),
     ("cancel",), ("cancel", "x"), ("1", "2"), ("--nonsense",), ("99999999999999999999",)],
)  # fmt: skip
def test_a_job_that_is_not_there_and_other_nonsense_is_2(
    hub: Hub, arguments: tuple[str, ...]
) -> None:
    ran = hub.polypress("jobs", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_quiet_shows_nothing(hub: Hub) -> None:
    for part in ((), ("1",), ("cancel", "1")):
        ran = hub.polypress("jobs", *part, "--quiet")
        assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_the_json_has_what_the_docs_say(hub: Hub) -> None:
    hub.say(worker(str(ES)), job1=2.0)
    known = documented("jobs show")
    whole = hub.polypress("jobs", "1", "--json").json
    assert hub.polypress("jobs", "--json").json["hub"].keys() == whole["hub"].keys()
    assert whole["hub"]["running"] is True
    assert whole["hub"]["workers"][0]["name"] == "w1"
    keys = {*whole, *whole["hub"], *whole["job"], *whole["job"]["job"]}
    assert keys <= known, keys - known
    assert whole["job"]["job"]["waiting"][1]["package"]["target"] == "es"


# Why it waits.


def waits(hub: Hub) -> str:
    return flat(hub.polypress("jobs", "1"))


def test_a_package_that_no_worker_has_is_named_exactly(hub: Hub) -> None:
    other = str(package_ref("en", "ar", "2.0"))
    hub.say(worker(str(ES), other))
    told = waits(hub)
    assert f"no worker has {AR} (batches that wait for it: 1)" in told
    assert f"worker w1 has {other} in its place" in told
    assert f"no worker has {ES}" not in told
    assert "models install" in told


@pytest.mark.parametrize(
    ("ago", "trouble", "text"),
    [
        (0, "", "no worker is there: start one with `polypress worker`"),
        (0, "Redis cannot be used", "the hub says: Redis cannot be used"),
        (40, "", "no hub is running"),
        (-4000, "", "no hub is running"),
    ],
)
def test_what_is_amiss_with_hub_and_workers_is_said(
    hub: Hub, ago: float, trouble: str, text: str
) -> None:
    hub.say(ago=ago, trouble=trouble)
    assert text in waits(hub)
    assert text in flat(hub.polypress("jobs")) or "no worker" in text


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"x"', '{"at": 3}', '{"at": "x"}', "{}", '{"at": "2026-01-01"}',
     '{"at": "2026-01-01T00:00+00:00", "workers": 3}'],
)  # fmt: skip
def test_a_word_of_the_hub_that_cannot_be_read_counts_as_none(hub: Hub, body: str) -> None:
    hub.ledger.write_snapshot("hub", body)
    assert "no hub is running" in waits(hub)


def test_notes_and_sending_again_are_told(hub: Hub) -> None:
    hub.ledger.send_again([hub.send()[0].id], note="overdue, sent again")
    assert "sent again 1" in waits(hub)
    assert "note: overdue, sent again" in waits(hub)


# Failures, and asking again.


def test_what_was_set_aside_is_named_and_may_be_asked_again(hub: Hub) -> None:
    hub.poison()
    told = waits(hub)
    assert "state partial" in told
    assert "'Bring a towel.'" in told
    assert "failed: es notices:pool#body@" in told
    assert POISON in told
    assert "`polypress jobs retry 1` asks again" in told
    assert hub.job()["failed"] == 2
    ran = hub.polypress("jobs", "retry", "1")
    assert (ran.code, hub.job()["state"]) == (0, "running")
    assert "polypress jobs 1 --watch" in ran.out
    assert "set aside" not in waits(hub)
    hub.finish()
    after = hub.job()
    assert (after["state"], after["failures"], after["aside"]) == ("done", [], [])
    assert (after["units"], after["units_done"], after["machine"]) == (4, 4, 4)
    assert (after["batches"], after["batches_done"]) == (2, 2)


def test_many_failures_are_cut_and_counted(hub: Hub) -> None:
    hub.ledger.fail(1, [Failure("es", f"u{n:03}", "why") for n in range(60)])
    told = waits(hub)
    assert "u049" in told
    assert "u050" not in told
    assert "… and 10 more" in told


def test_retry_tells_what_still_fails(hub: Hub) -> None:
    hub.polypress.engine.packages = (ES,)
    hub.polypress("jobs", "cancel", "1")
    ran = hub.polypress("jobs", "retry", "1", "--json")
    assert ran.code == 1
    assert ran.json["job"]["job"] == 1
    assert [one["locale"] for one in hub.job()["failures"]] == ["ar"]


def test_a_cancelled_job_says_what_stays_and_can_be_asked_again(hub: Hub) -> None:
    es = next(one for one in hub.send() if one.question.package == ES)
    hub.answer(es)
    hub.advance()
    ran = hub.polypress("jobs", "cancel", "1")
    assert ran.out == (
        "job 1 is cancelled: 2/4 units are in the catalogs, and stay there; batches taken back: 1\n"
    )
    assert "es: The pool opens" in hub.polypress.catalog().read_text()
    assert hub.job()["state"] == "cancelled"
    hub.polypress("jobs", "retry", "1")
    hub.finish()
    assert (hub.job()["state"], hub.job()["units"]) == ("done", 4)


def test_resume_plans_the_rest_of_a_job_that_was_cut_off(hub: Hub) -> None:
    job = hub.ledger.begin(Request(("es",)), "2026-01-01T00:00:00+00:00")
    for state in (JobState.PLANNING, JobState.INTERRUPTED):
        hub.stand(job, state)
        assert hub.polypress("jobs", "resume", str(job)).code == 0
        assert hub.job(job)["state"] == "running"
        assert hub.job(job)["units"] == 2
    hub.finish()
    assert hub.job(job)["state"] == "done"


@pytest.mark.parametrize(
    ("command", "state", "fix"),
    [
        ("cancel", "done", "nothing to cancel"),
        ("resume", "done", "translate --queue"),
        ("retry", "done", "translate --queue"),
        ("resume", "running", "jobs cancel 1"),
        ("retry", "running", "jobs cancel 1"),
        ("resume", "partial", "jobs retry 1"),
        ("retry", "interrupted", "jobs resume 1"),
        ("retry", "planning", "jobs resume 1"),
    ],
)
def test_what_does_not_fit_the_state_is_2_and_names_what_does(
    hub: Hub, command: str, state: str, fix: str
) -> None:
    hub.stand(1, JobState(state))
    ran = hub.polypress("jobs", command, "1")
    assert ran.code == 2
    assert f"is {state}" in ran.err or f"({state})" in ran.err
    assert fix in ran.err


def test_resume_waits_for_who_plans_and_does_not_plan_twice(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "PATIENCE", 0.1)
    hub.stand(1, JobState.INTERRUPTED)
    with locked(hub.polypress.root / queueing.LOCK):
        ran = hub.polypress("jobs", "resume", "1")
    assert ran.code == LockedError.exit_code
    assert hub.job()["state"] == "interrupted"


def test_a_locale_that_the_project_lacks_by_now_is_left_out(hub: Hub) -> None:
    old = hub.ledger.begin(Request(("es", "fr")), "2026-01-01T00:00:00+00:00")
    gone = hub.ledger.begin(Request(("fr",)), "2026-01-01T00:00:00+00:00")
    assert hub.polypress("jobs", "resume", str(old)).code == 0
    assert hub.job(old)["failures"] == []
    ran = hub.polypress("jobs", "resume", str(gone))
    assert ran.code == 2
    assert "fr" in ran.err


# Watching.


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Callable[[], None]]], None]:
    """Let these things happen between two looks."""

    def set_up(steps: list[Callable[[], None]]) -> None:
        monkeypatch.setattr(output, "EVERY", 0)
        monkeypatch.setattr(jobwatch.time, "sleep", lambda _seconds: steps.pop(0)())

    return set_up


Between = Callable[[list[Callable[[], None]]], None]


def test_watch_tells_what_changes_and_ends_with_the_job(hub: Hub, between: Between) -> None:
    def half() -> None:
        hub.answer(next(one for one in hub.send() if one.question.package == ES))
        hub.advance()
        hub.say(worker(str(ES), str(AR)), job1=1.0)

    between([lambda: None, half, hub.finish])
    ran = hub.polypress("jobs", "1", "--watch")
    assert ran.code == 0
    first, second = ran.err.splitlines()
    assert first.startswith("job 1: running, 0/4 units, 0/2 batches, no hub is running: start one")
    assert second == "job 1: running, 2/4 units, 1/2 batches, 1.0 segments/s, 2 s left"
    assert "state done" in flat(ran)


def test_watch_ends_with_1_if_not_all_was_done(hub: Hub, between: Between) -> None:
    between([hub.poison])
    assert hub.polypress("jobs", "1", "--watch", "--quiet").code == 1
    assert hub.polypress("jobs", "1", "--watch", "--quiet").code == 1  # over when the watch begins


@pytest.mark.parametrize("state", ["cancelled", "interrupted"])
def test_watch_does_not_wait_for_what_does_not_move(hub: Hub, state: str) -> None:
    hub.stand(1, JobState(state))
    assert hub.polypress("jobs", "1", "--watch").code == 1


def test_watching_all_counts_those_that_were_at_work(hub: Hub, between: Between) -> None:
    hub.ledger.begin(Request(("es",)), "2026-01-01T00:00:00+00:00")
    hub.stand(2, JobState.CANCELLED)
    between([hub.finish])
    ran = hub.polypress("jobs", "--watch", "--json")
    assert ran.code == 0
    assert [one["job"]["state"] for one in ran.json["jobs"]] == ["cancelled", "done"]
    assert ran.err == ""


def test_ctrl_c_ends_the_watching_and_not_the_job(hub: Hub, between: Between) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    between([interrupt])
    ran = hub.polypress("jobs", "1", "--watch")
    assert (ran.code, ran.out) == (130, "no longer watched; the work goes on\n")
    assert hub.job()["state"] == "running"


def test_on_a_terminal_the_job_is_shown_in_place(
    hub: Hub, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    between([hub.finish])
    monkeypatch.setenv("TERM", "xterm")
    desk = jobwatch.Desk(hub.ledger, 1)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    seen = jobwatch.watch_until_end(output.Output(), desk)
    assert seen.at_rest
    assert "running" in terminal.getvalue()
