from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.steps.project_for_tests import BRIEFS, NOTICES
from workflow.ports import CollectionSpec
from workflow.signature import COARSE, NEVER, TICK, ripe
from workflow.steps.contents import _found
from workflow.steps.listing import Listing, listed, walked
from workflow.steps.project import Collection

NAMES = ("a.md", "b.MD", "c.txt", ".d.md", "e.md~", "inner/f.md", ".hidden/g.md", "inner/.h/i.md",
         "j.md/k.md", "l.tar.md", "md", "é.md")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "notices"
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A notice.\n")
    (folder / "link.md").symlink_to(folder / "a.md")
    (folder / "linked").symlink_to(folder / "inner")
    return folder


def test_the_files_that_are_listed_are_those_that_are_read(tmp_path: Path, folder: Path) -> None:
    found = {entry.path for entry in walked(folder, NOTICES.format.suffixes, [])}
    assert found == set(map(str, _found(tmp_path, NOTICES)))
    names = {path.removeprefix(f"{folder}/") for path in found}
    assert names == {"a.md", "b.MD", "inner/f.md", "j.md/k.md", "l.tar.md", "é.md", "link.md"}


def test_nothing_changed_gives_the_same_and_what_is_no_content_does_not_count(
    tmp_path: Path, folder: Path
) -> None:
    first = listed(tmp_path, NOTICES)
    assert len(first.digest) == 64
    for name in ("c.txt", ".d.md", "new.txt"):
        (folder / name).write_text("Something else.\n")
    assert listed(tmp_path, NOTICES) == first


def test_a_link_that_leads_elsewhere_is_a_change(tmp_path: Path, folder: Path) -> None:
    first = listed(tmp_path, NOTICES)
    (folder / "link.md").unlink()
    os.link(folder / "a.md", tmp_path / "twin.md")
    (folder / "link.md").symlink_to(tmp_path / "twin.md")
    assert listed(tmp_path, NOTICES).digest != first.digest


def test_a_collection_may_be_one_file(tmp_path: Path) -> None:
    one = Collection(CollectionSpec("week", "week.txt", "digest"), "week", BRIEFS.format)
    assert listed(tmp_path, one) == Listing()
    (tmp_path / "week.txt").write_text("Closed.\n")
    first = listed(tmp_path, one)
    assert first.digest
    (tmp_path / "week.txt").write_text("Opened.\n")
    assert listed(tmp_path, one).digest != first.digest


def test_what_cannot_be_looked_at_gives_no_digest(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patch:
        patch.setattr("workflow.steps.listing.os.scandir", refuse)
        assert listed(tmp_path, NOTICES) == Listing()
    (folder / "nowhere.md").symlink_to(tmp_path / "nowhere")
    assert listed(tmp_path, NOTICES) == Listing()


def test_a_signature_is_ripe_when_the_clock_of_its_file_has_moved_on(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("A")
    found = (tmp_path / "a").stat()
    assert ripe(found) == found.st_ctime_ns + (TICK if found.st_ctime_ns % 10**9 else COARSE)
    assert ripe(timed(mtime=4 * 10**9, ctime=5 * 10**9)) == 5 * 10**9 + COARSE


@pytest.mark.parametrize("time", [5 * 10**9, 5 * 10**9 + 10**7])
def test_where_times_of_change_are_only_those_of_modification_no_signature_is_ever_ripe(
    time: int,
) -> None:
    assert ripe(timed(mtime=time, ctime=time)) == NEVER
    assert ripe(timed(mtime=time + 1, ctime=time + 1)) == time + 1 + TICK
    assert ripe(timed(mtime=0, ctime=time + 1)) == time + 1 + TICK


def timed(*, mtime: int, ctime: int) -> os.stat_result:
    times = {"st_mtime_ns": mtime, "st_ctime_ns": ctime}
    return os.stat_result((0o644, 1, 1, 1, 0, 0, 1, 0, 0, 0), times)


def test_two_saves_have_other_times_as_soon_as_a_tick_has_passed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("A")
    first = path.stat()
    while (path.write_text("B"), path.stat())[1].st_ctime_ns == first.st_ctime_ns:
        pass
    assert path.stat().st_ctime_ns - first.st_ctime_ns <= TICK or first.st_ctime_ns % 10**9 == 0
