"""Pull: killed, two at once, watched by readers, without room on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import full_disk, open_folder, read_only
from tests.pull_for_tests import TOOLS, Town, files, town
from tests.static_server import Handler
from workflow.adapters.bundles.remotes import remote_at
from workflow.adapters.bundles.sitefolder import SiteFolder
from workflow.errors import LockedError, OutsideError
from workflow.steps.pull import Asked, pull
from workflow.steps.pull_trust import Trust

VICTIM = Path(__file__).with_name("pull_victim.py")
POLYPRESS = Path(sys.executable).parent / "polypress"
EVERY = 29
"""Of so many changes to the disk one is cut short; pull_victim.py takes any other number."""
AT = 12
"""The request at which the program is killed."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def change(here: Town, text: str) -> None:
    here.publisher.content["notices"]["pool"] = f"2026-01-01 {text}"
    here.publisher.publish()


# Killed.


def test_a_pull_that_is_killed_anywhere_leaves_the_old_or_the_new_and_the_next_ends_it(
    here: Town,
) -> None:
    here.pull()
    here.folder.rename(here.root / "before")
    change(here, "Closed")
    (key,) = here.keys
    command = [sys.executable, VICTIM, here.root, here.publisher.folder, key, str(EVERY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert set(told) <= {"old new", "new new"}
    assert {"old new", "new new"} <= set(told)
    assert len(told) > 150 / EVERY


def test_the_program_killed_while_it_fetches_goes_on_where_it_was(here: Town) -> None:
    program: list[subprocess.Popen[bytes]] = []
    started = threading.Event()

    def kill(_: Handler) -> bool:
        started.wait(10)
        if len(here.server.asked) == AT:
            program[0].kill()
        return False

    here.server.special[""] = kill
    command = [POLYPRESS, "pull", here.server.address, here.folder, "--key", *here.keys]
    program.append(subprocess.Popen([*command, "--parallel", "1"]))
    started.set()
    assert program[0].wait(30) == -9
    assert not here.current.exists()
    here.server.special.clear()
    here.server.asked.clear()
    assert here.pull().serial == 1
    assert len(here.server.asked) <= 22 - (AT - 2)
    assert here.seen() == here.fresh()


def test_what_a_power_cut_took_of_a_section_is_not_taken_for_whole(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.pull()
    change(here, "Closed")
    with monkeypatch.context() as patch:
        patch.setattr(SiteFolder, "flush", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):  # cut off before anything is on the disk
            here.pull()
    for path in (here.folder / "sections").glob("*/items/pool.html"):
        if "Closed" in path.with_suffix(".json").read_text("utf-8"):
            path.write_bytes(b"")
    assert here.pull().sections == 3
    assert here.seen() == here.fresh()


# Two at once, and readers.


def test_of_two_pulls_at_once_the_second_is_told_to_wait(here: Town) -> None:
    here.pull()
    with SiteFolder(here.folder).opened():
        here.refuses("held the lock", LockedError)
    here.pull()


def test_pulls_at_once_get_in_nobodys_way(here: Town) -> None:
    def one(_: int) -> int:
        with closing(remote_at(here.server.address)) as remote:
            site = SiteFolder(here.folder, patience=10.0)
            return pull(site, remote, Asked(Trust(here.keys)), tools=TOOLS).serial

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(one, range(3))) == {1}
    assert here.seen() == here.fresh()


def test_a_reader_sees_one_whole_release_or_the_next(here: Town) -> None:
    here.pull()
    seen: list[tuple[str, dict[str, bytes]]] = []
    lost: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            tree = here.current.resolve()
            seen.append((tree.name, files(tree)))
            try:
                (here.current / "es/notices/messages.json").read_bytes()
            except OSError as error:
                lost.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    expected = {here.current.resolve().name: here.seen()}
    for number in range(6):
        change(here, f"Change {number}")
        if number == 3:
            here.pull(rebuild=True)
        here.pull()
        expected[here.current.resolve().name] = here.seen()
    done.set()
    reader.join()
    assert lost == []
    assert len({name for name, _ in seen}) > 2
    assert all(expected[name] == found for name, found in seen)


def test_a_release_that_is_published_under_way_comes_whole_or_next_time(here: Town) -> None:
    here.pull()
    change(here, "First")
    done: list[bool] = []

    def publish(_: Handler) -> bool:
        if len(here.server.objects()) and not done:
            done.append(True)
            change(here, "Second")
        return False

    here.server.special[""] = publish
    here.server.asked.clear()
    assert here.pull().serial == 2
    assert b"First" in here.seen()["es/notices/messages.json"]
    assert here.pull().serial == 3
    assert here.seen() == here.fresh()


# The disk.


def test_a_disk_that_is_full_leaves_the_last_release_and_no_half_of_the_next(here: Town) -> None:
    here.pull()
    change(here, "A long text. " * 2_000)
    before = set(here.folder.rglob("*"))
    with full_disk(10_000):
        here.refuses("cannot write", OutsideError)
    left = {path for path in here.folder.rglob("*") if path.is_file()} - before
    assert {path.parent.name for path in left} == {"objects"}
    assert max(path.stat().st_size for path in left) < 10_000
    here.pull()
    assert here.seen() == here.fresh()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_a_folder_that_cannot_be_written_is_told(here: Town) -> None:
    with open_folder() as folder:
        remote, asked = remote_at(str(here.publisher.folder)), Asked(Trust(here.keys))
        with read_only(folder), pytest.raises(OutsideError, match="cannot") as told:
            pull(SiteFolder(folder / "site"), remote, asked, tools=TOOLS)
        assert told.value.exit_code == 5
        assert list(folder.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_told(here: Town) -> None:
    here.folder.write_bytes(b"a file")
    with pytest.raises(OutsideError, match="cannot read: Not a directory"):
        here.pull()
