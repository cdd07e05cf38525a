"""The supervisor, with real processes and little patience."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.processes import runs
from workers.supervise import Part, Patience, Supervisor, Watch

ROOT = Path(__file__).resolve().parents[2]
HASTE = Patience(
    first=0.05, longest=0.2, steady=60, stalled=0.5, stalled_grace=0.2, grace=5, look=0.01
)
SLEEP = "import time; print('begun', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEP


def python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code, *arguments)


def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


@dataclass
class Watched:
    """What a supervisor does: its lines, and the deaths it told of."""

    lines: list[str] = field(default_factory=list)
    deaths: list[tuple[str, int, int]] = field(default_factory=list)
    supervisor: Supervisor | None = None
    thread: Thread | None = None

    def died(self, name: str) -> Callable[[int, int], None]:
        return lambda pid, code: self.deaths.append((name, pid, code))

    def count(self, line: str) -> int:
        return self.lines.count(line)

    def pids(self, name: str) -> list[int]:
        posts = self.supervisor._posts if self.supervisor else []
        return [post.child.pid for post in posts if post.child and post.part.name == name]

    def stop(self) -> None:
        assert self.supervisor
        assert self.thread
        self.supervisor.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


@contextmanager
def supervised(*parts: Part, patience: Patience = HASTE) -> Iterator[Watched]:
    watched = Watched()
    posts = [
        Part(
            part.name,
            part.command,
            part.environment,
            part.alive,
            part.ready,
            watched.died(part.name),
        )
        for part in parts
    ]
    watched.supervisor = Supervisor(posts, say=watched.lines.append, patience=patience)
    watched.thread = Thread(target=watched.supervisor.run)
    watched.thread.start()
    try:
        yield watched
    finally:
        watched.supervisor.stop()
        watched.supervisor.stop()
        watched.thread.join(20)


# Starting again.


def test_a_part_that_dies_is_started_again() -> None:
    with supervised(Part("a", python(SLEEP))) as watched:
        until(lambda: watched.count("a | begun") == 1)
        (pid,) = watched.pids("a")
        os.kill(pid, signal.SIGKILL)
        until(lambda: watched.count("a | begun") == 2)
    assert watched.deaths[0] == ("a", pid, -signal.SIGKILL)
    assert any("signal 9" in line for line in watched.lines)


def test_a_part_that_always_fails_does_not_keep_the_others_from_running() -> None:
    bad, good = Part("bad", python("raise SystemExit(3)")), Part("good", python(SLEEP))
    with supervised(bad, good) as watched:
        until(lambda: len(watched.deaths) >= 3)
        until(lambda: watched.count("good | begun"))
    assert {code for name, _, code in watched.deaths if name == "bad"} == {3}
    assert watched.count("good | begun") == 1


def test_a_program_that_is_not_there_is_said() -> None:
    with supervised(Part("a", ("/nowhere/program",))) as watched:
        until(lambda: "a | cannot run /nowhere/program: No such file or directory" in watched.lines)


@given(ran=st.lists(st.floats(0, 200), max_size=30))
def test_the_wait_doubles_up_to_the_longest_and_falls_back_after_a_steady_run(
    ran: list[float],
) -> None:
    patience, pause = Patience(), 0.0
    for seconds in ran:
        last, pause = pause, patience.pause(pause, seconds)
        assert 1.0 <= pause <= 30.0
        assert pause == (1.0 if seconds >= 60 or not last else min(2 * last, 30.0))


def test_parts_wait_until_those_ahead_are_ready_but_only_the_first_time(tmp_path: Path) -> None:
    sign = tmp_path / "ready"
    first = Part("1st", python(SLEEP), ready=sign.exists)
    with supervised(first, Part("2nd", python(SLEEP))) as watched:
        until(lambda: watched.count("1st | begun"))
        time.sleep(0.1)
        assert not watched.pids("2nd")
        sign.touch()
        until(lambda: watched.count("2nd | begun"))
        sign.unlink()
        for name in ("1st", "2nd"):
            os.kill(watched.pids(name)[0], signal.SIGKILL)
            until(lambda name=name: watched.count(f"{name} | begun") == 2)


# Stalls.


def test_a_part_without_a_sign_of_life_is_started_again_even_if_it_does_not_listen(
    tmp_path: Path,
) -> None:
    with supervised(Part("a", python(DEAF), alive=tmp_path / "alive")) as watched:
        until(lambda: watched.count("a | begun") == 2)
    assert watched.deaths[0][2] == -signal.SIGKILL
    assert "a | no sign of life for 0.5 s: it is ended" in watched.lines


def test_a_part_that_shows_signs_of_life_is_left_alone(tmp_path: Path) -> None:
    touching = "import pathlib,sys,time\nwhile 1: pathlib.Path(sys.argv[1]).touch(); time.sleep(.1)"
    alive = tmp_path / "alive"
    with supervised(Part("a", python(touching, str(alive)), alive=alive)) as watched:
        until(alive.exists)
        time.sleep(1.2)
        assert not watched.deaths


def test_a_sign_of_life_is_that_the_file_changes_whatever_the_clock_says(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    watch = Watch(file, 100.0)
    assert watch.age(130.0) == 30.0
    file.touch()
    assert watch.age(131.0) == 0.0
    for hours in (-1, 1):
        os.utime(file, (time.time() + hours * 3600,) * 2)
        assert watch.age(140.0) == 0.0
        assert watch.age(150.0) == 10.0


# Output.


def test_each_line_of_output_is_passed_on_with_the_name_of_its_part() -> None:
    code = (
        "import os, sys\n"
        "os.write(2, b'to stderr\\n\\xff\\n'); os.write(1, b'two\\nlines\\n' + b'x' * 200_000)\n"
        "os.write(1, b'\\nno end'); sys.exit()"
    )
    with supervised(
        Part("a", python(code)),
        Part("long", python(SLEEP)),
        patience=Patience(first=60, look=0.01),
    ) as watched:
        until(lambda: watched.deaths)
    mine = [line.removeprefix("a    | ") for line in watched.lines if line.startswith("a    | ")]
    assert mine[:4] == ["to stderr", "�", "two", "lines"]
    assert "".join(mine[4:-2]) == "x" * 200_000
    assert mine[-2:] == ["no end", "has ended (code 0)"]


def test_a_part_that_closes_its_output_goes_on_and_costs_no_time() -> None:
    code = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    with supervised(Part("a", python(code))) as watched:
        until(lambda: watched.pids("a"))
        time.sleep(0.3)
        before = time.process_time()
        time.sleep(0.5)
        assert time.process_time() - before < 0.25
        assert not watched.deaths


# The end.


def test_the_end_comes_in_reverse_order_and_each_part_may_finish() -> None:
    code = (
        "import signal, sys, time\n"
        "def end(*_): time.sleep(.1); print('done', flush=True); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('begun', flush=True); time.sleep(60)"
    )
    with supervised(*(Part(name, python(code)) for name in "abc")) as watched:
        until(lambda: all(watched.count(f"{name} | begun") for name in "abc"))
        watched.stop()
    assert [(name, code) for name, _, code in watched.deaths] == [("c", 0), ("b", 0), ("a", 0)]
    assert all(watched.count(f"{name} | done") for name in "abc")


def test_who_does_not_end_within_the_grace_is_killed() -> None:
    patience = Patience(first=0.05, grace=0.2, look=0.01)
    with supervised(Part("a", python(DEAF)), patience=patience) as watched:
        until(lambda: watched.count("a | begun"))
        watched.stop()
    assert watched.deaths[-1][2] == -signal.SIGKILL


def test_told_twice_it_kills_at_once() -> None:
    with supervised(Part("a", python(DEAF)), Part("b", python(DEAF))) as watched:
        until(lambda: watched.count("a | begun") and watched.count("b | begun"))
        begun = time.monotonic()
        assert watched.supervisor
        watched.supervisor.stop()
        watched.stop()
    assert time.monotonic() - begun < 2
    assert [code for _, _, code in watched.deaths] == [-signal.SIGKILL] * 2


def test_nothing_that_a_part_started_outlives_it() -> None:
    code = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('child', p.pid, flush=True); time.sleep(60)"
    )
    with supervised(Part("a", python(code))) as watched:
        until(lambda: watched.lines)
        grandchild = int(watched.lines[0].split()[-1])
        assert runs(grandchild)
        os.kill(watched.pids("a")[0], signal.SIGKILL)
        until(lambda: not runs(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of such a death")
def test_no_part_outlives_a_supervisor_that_is_killed() -> None:
    code = (
        "import sys\n"
        "from workers.supervise import Part, Supervisor\n"
        "parts = [Part(name, (sys.executable, '-c', sys.argv[1])) for name in 'ab']\n"
        "Supervisor(parts, say=lambda line: print(line, flush=True)).run()"
    )
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", code, child], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout
        pids = [int(supervisor.stdout.readline().split()[-1]) for _ in range(2)]
        assert all(runs(pid) for pid in pids)
        supervisor.kill()
        until(lambda: not any(runs(pid) for pid in pids))
