from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import brotli
import pytest

from tests.fake_bundles import FakeBundles
from tests.faults import full_disk, open_folder, read_only
from tests.hostile import PATHS
from workflow.adapters import files
from workflow.adapters.bundles.folder import BundleFolder
from workflow.errors import BundleError, OutsideError
from workflow.model import digest_of
from workflow.ports import BundleStore

BODY = b'{"text":"Piscina"}\n'
DIGEST = digest_of(BODY)


@pytest.fixture
def folder(tmp_path: Path) -> BundleFolder:
    return BundleFolder(tmp_path / "public")


@pytest.fixture(params=["fake", "folder"])
def store(request: pytest.FixtureRequest, folder: BundleFolder) -> BundleStore:
    return FakeBundles() if request.param == "fake" else folder


def everything_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# The contract.


def test_an_object_is_named_by_its_digest_and_comes_back(store: BundleStore) -> None:
    assert store.put(BODY) == DIGEST
    assert store.put(BODY) == DIGEST
    assert store.get(DIGEST) == BODY
    assert store.get(store.put(b"")) == b""


def test_a_missing_object_says_what_to_do(store: BundleStore) -> None:
    with pytest.raises(BundleError, match="missing") as caught:
        store.get(digest_of("never put"))
    assert "publish" in caught.value.fix


@pytest.mark.parametrize(
    "digest", [*PATHS, DIGEST.upper(), DIGEST[:63], DIGEST + "0", f"{DIGEST}\n", f"../{DIGEST}"]
)
def test_a_digest_that_is_none_is_refused(store: BundleStore, digest: str) -> None:
    store.put(BODY)
    with pytest.raises(BundleError, match="no SHA-256 digest") as caught:
        store.get(digest)
    assert caught.value.fix


def test_before_the_first_release_there_is_none(store: BundleStore) -> None:
    assert store.release() is None


def test_a_switch_makes_a_release_live_and_says_whether_it_was_already(store: BundleStore) -> None:
    assert store.switch(b"one", 1) is True
    assert store.switch(b"one", 1) is False
    assert store.release() == b"one"
    assert store.switch(b"two", 2) is True
    assert store.release() == b"two"


def test_releases_are_recorded_until_they_are_forgotten(store: BundleStore) -> None:
    assert (store.serials(), store.recorded()) == ((), {})
    for serial, body in ((9, b"nine"), (10, b"ten")):
        store.switch(body, serial)
    assert store.serials() == (9, 10)
    assert store.recorded() == {9: b"nine", 10: b"ten"}
    store.record(8, b"eight")
    store.forget(9)
    store.forget(9)
    assert store.recorded() == {8: b"eight", 10: b"ten"}
    assert store.release() == b"ten"


def test_objects_are_listed_and_removed(store: BundleStore) -> None:
    assert list(store.digests()) == []
    digest = store.put(BODY * 100)
    assert (list(store.digests()), store.has(digest)) == ([digest], True)
    assert store.remove(digest) >= len(BODY) * 100
    assert store.remove(digest) == 0
    assert (list(store.digests()), store.has(digest)) == ([], False)


# What only a folder can suffer.


def test_a_static_server_finds_objects_and_pointer(folder: BundleFolder) -> None:
    folder.put(BODY)
    folder.switch(b"one", 1)
    assert everything_in(folder.folder) == {
        f"objects/{DIGEST}": BODY, "release.json": b"one", "releases/1.json": b"one"
    }  # fmt: skip


def test_an_object_lies_beside_its_compressed_forms(folder: BundleFolder) -> None:
    body = b'{"text":"Piscina"}\n' * 100
    path = folder.folder / "objects" / folder.put(body)
    forms = {suffix: path.with_name(path.name + suffix).read_bytes() for suffix in (".br", ".gz")}
    assert brotli.decompress(forms[".br"]) == gzip.decompress(forms[".gz"]) == body
    assert all(len(form) < len(body) / 5 for form in forms.values())


@pytest.mark.parametrize("suffix", [".br", ".gz"])
@pytest.mark.parametrize("damage", [b"", bytes(40), gzip.compress(b"other"), brotli.compress(b"x")])
def test_a_compressed_form_that_a_power_cut_took_is_mended_by_the_next_put(
    folder: BundleFolder, suffix: str, damage: bytes
) -> None:
    body = b'{"text":"Piscina"}\n' * 100
    path = folder.folder / "objects" / folder.put(body)
    before = everything_in(folder.folder)
    path.with_name(path.name + suffix).write_bytes(damage)
    folder.put(body)
    assert everything_in(folder.folder) == before


def test_a_form_where_there_shall_be_none_is_taken_away(folder: BundleFolder) -> None:
    path = folder.folder / "objects" / folder.put(BODY)
    path.with_name(path.name + ".br").write_bytes(b"")
    folder.put(BODY)
    assert everything_in(folder.folder) == {f"objects/{DIGEST}": BODY}


def test_what_does_not_get_shorter_has_no_compressed_form(folder: BundleFolder) -> None:
    digest = folder.put(Random(1).randbytes(2_000))
    assert list(everything_in(folder.folder)) == [f"objects/{digest}"]


def test_the_time_of_the_pointer_grows_with_every_release(folder: BundleFolder) -> None:
    """A static server makes an ETag from the time in whole seconds and the size."""
    times = []
    for serial in range(1, 5):
        folder.switch(b"release %d" % serial, serial)
        times.append(int((folder.folder / "release.json").stat().st_mtime))
    assert times == sorted(set(times))


def test_only_old_temporary_files_are_swept(folder: BundleFolder) -> None:
    folder.put(BODY)
    old, new = (folder.folder / "objects" / f".{name}.tmp" for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert folder.sweep(3_600) == 1
    assert (old.exists(), new.exists(), folder.get(DIGEST)) == (False, True, BODY)


def test_an_object_that_is_there_is_not_written_again(folder: BundleFolder) -> None:
    folder.put(BODY)
    path = folder.folder / "objects" / DIGEST
    os.utime(path, (1, 1))
    folder.put(BODY)
    assert path.stat().st_mtime == 1


def test_what_a_killed_process_wrote_and_did_not_flush_is_flushed_before_it_is_live(
    folder: BundleFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = BODY * 100
    BundleFolder(folder.folder).put(body)  # and its process was killed
    flushed: list[Path] = []
    monkeypatch.setattr("workflow.adapters.bundles.folder._flush", flushed.append)
    digest = folder.put(body)
    folder.switch(b"release", 1)
    objects = folder.folder / "objects"
    assert set(flushed) == {objects, *(objects / f"{digest}{end}" for end in ("", ".br", ".gz"))}


@pytest.mark.parametrize("damage", [b"", BODY[:-1], BODY + b" ", BODY.replace(b"P", b"X")])
def test_a_damaged_object_is_refused_and_mended_by_the_next_put(
    folder: BundleFolder, damage: bytes
) -> None:
    folder.put(BODY)
    path = folder.folder / "objects" / DIGEST
    path.write_bytes(damage)
    with pytest.raises(BundleError, match="damaged") as caught:
        folder.get(DIGEST)
    assert caught.value.place.path == str(path)
    folder.put(BODY)
    assert folder.get(DIGEST) == BODY


def test_what_stands_in_the_way_is_told(folder: BundleFolder) -> None:
    (folder.folder / "objects" / DIGEST).mkdir(parents=True)
    (folder.folder / "release.json").mkdir()
    for work in (lambda: folder.get(DIGEST), lambda: folder.put(BODY), folder.release):
        with pytest.raises(OutsideError, match="cannot read") as caught:
            work()
        assert caught.value.fix


def test_the_pointer_is_never_half_a_file(
    folder: BundleFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reader sees right before and right after the rename."""
    folder.switch(b"one" * 1_000, 1)
    seen: list[bytes | None] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        seen.append(folder.release())
        assert path.read_bytes() == b"two" * 1_000
        done = replace(path, target)
        seen.append(folder.release())
        return done

    monkeypatch.setattr(Path, "replace", watched)
    folder.switch(b"two" * 1_000, 2)
    assert seen[:2] == [b"one" * 1_000, b"two" * 1_000]


def test_a_rename_that_fails_leaves_the_old_release_and_nothing_else(
    folder: BundleFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.switch(b"one", 1)

    def fails(_path: Path, _target: Path) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files.Path, "replace", fails)
    with pytest.raises(OutsideError, match="Input/output error"):
        folder.switch(b"two", 1)
    assert everything_in(folder.folder) == {"release.json": b"one", "releases/1.json": b"one"}


def test_a_full_disk_keeps_the_live_release_and_leaves_no_temporary_file(
    folder: BundleFolder,
) -> None:
    folder.put(BODY)
    folder.switch(b"one", 1)
    before = everything_in(folder.folder)
    with full_disk(4096):
        for work in (folder.put, partial(folder.switch, serial=2)):
            with pytest.raises(OutsideError, match="cannot write") as caught:
                work(Random(1).randbytes(5_000))
            assert "space" in caught.value.fix
            assert caught.value.exit_code == 5
    assert everything_in(folder.folder) == before


@pytest.fixture
def open_one() -> Iterator[Path]:
    with open_folder() as path:
        yield path


def test_a_read_only_folder_keeps_the_live_release(open_one: Path) -> None:
    folder = BundleFolder(open_one)
    folder.put(BODY)
    folder.switch(b"one", 1)
    before = everything_in(open_one)
    with read_only(open_one, open_one / "objects"):
        for work in (folder.put, partial(folder.switch, serial=2)):
            with pytest.raises(OutsideError, match="cannot write"):
                work(b"another")
        assert folder.get(DIGEST) == BODY
    assert everything_in(open_one) == before
