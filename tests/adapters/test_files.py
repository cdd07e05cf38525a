from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import full_disk, open_folder, read_only
from workflow.adapters import files
from workflow.adapters.files import clear_beside, exchange, locked, read_plain, write_atomically
from workflow.errors import LockedError, OutsideError

HOLD = """
import sys
from pathlib import Path
from workflow.adapters.files import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_what_killed_processes_left_beside_a_file_is_cleared_and_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a[b].csv"
    stay = (path, tmp_path / ".a[b].csv.tmp", tmp_path / ".ab.csv.x.tmp", tmp_path / "x.tmp")
    for one in (*stay, tmp_path / ".a[b].csv.k3x.tmp", tmp_path / ".a[b].csv.zz_1.tmp"):
        one.write_bytes(b"half")
    clear_beside(path)
    assert set(tmp_path.iterdir()) == set(stay)
    clear_beside(tmp_path / "none" / "x")


def test_only_a_plain_file_is_read_and_no_further_than_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    assert read_plain(tmp_path / "a", 2) == b"ab"
    for name in ("link", "pipe", "", "none"):
        with pytest.raises(OSError, match=r"link|plain|No such"):
            read_plain(tmp_path / name, 2)


def test_a_file_keeps_its_permissions_and_a_new_one_can_be_served(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    write_atomically(path, b"two")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, b"old")
    with full_disk(1024), pytest.raises(OutsideError, match="cannot write") as caught:
        write_atomically(path, b"x" * 2_000)
    assert caught.value.place.path == str(path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_what_interrupts_a_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.txt", b"one")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_another_process_holds_is_told_and_free_again_after_it(tmp_path: Path) -> None:
    lock = tmp_path / "locks" / "a.lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=r"for 0\.1 s") as caught, locked(lock, seconds=0.1):
            raise AssertionError
        assert caught.value.place.path == str(lock)
        process.kill()
    with locked(lock, seconds=5):
        pass


def test_an_error_inside_a_lock_passes_and_frees_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "a.lock"):
        raise KeyError
    with locked(tmp_path / "a.lock", seconds=0.1):
        pass


def test_a_lock_that_cannot_be_made_is_told() -> None:
    with open_folder() as folder, read_only(folder):  # noqa: SIM117 - read-only comes first
        with pytest.raises(OutsideError, match="cannot lock"), locked(folder / "a.lock"):
            raise AssertionError


def test_two_names_are_exchanged_in_one_step(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1")
    other.write_text("2")
    exchange(one, other)
    assert (one.read_text(), other.read_text()) == ("2", "1")
    with pytest.raises(OSError, match="No such file") as caught:
        exchange(one, tmp_path / "none")
    assert caught.value.errno == errno.ENOENT


def test_a_system_without_the_call_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    with pytest.raises(OSError, match="renameat2") as caught:
        exchange(tmp_path, tmp_path)
    assert caught.value.errno == errno.ENOSYS
