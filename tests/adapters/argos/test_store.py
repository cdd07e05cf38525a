from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.adapters.argos.made_packages import TRAVERSALS, install, package, tree
from workflow.adapters.argos import swapping
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.models import Models
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import LockedError, OutsideError, PackageError, UsageError
from workflow.model import DecodeParameters

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path) -> ArgosStore:
    return ArgosStore(tmp_path / "packages")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return package(tmp_path / "en_es.argosmodel")


def test_an_installed_package_lies_in_its_folder_with_a_record(
    store: ArgosStore, archive: Path
) -> None:
    added = install(store, archive)

    assert added.state == "installed"
    assert added.package.folder == store.folder / "en_es-1.0"
    record = json.loads((added.package.folder / "polypress.json").read_text())
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (record["schema"], record["sha256"], record["version"]) == (1, sha256, "1.0")
    assert record["files"]["model/model.bin"] == {
        "size": 7,
        "sha256": hashlib.sha256(b"weights").hexdigest(),
    }
    (listed,) = store.installed()
    assert listed == added.package
    assert str(listed.ref) == f"en_es@1.0#{sha256[:8]}"
    assert (listed.source_name, listed.target_name) == ("English", "Spanish")
    assert listed.size == sum(file["size"] for file in record["files"].values())
    store.verify(listed)


def test_a_bpe_package_with_a_prefix_and_more_files_is_installed(
    store: ArgosStore, tmp_path: Path
) -> None:
    path = package(
        tmp_path / "x.argosmodel",
        {"from_code": "zt", "to_code": "pb", "target_prefix": "__pt__", "dependencies": []},
        **{"bpe.model": b"merges", "stanza/en/tokenize/ewt.pt": b"", "README.md": b"# en"},
    )

    added = install(store, path)

    assert added.package.ref.name == "zt_pb@1.0"
    store.verify(added.package)


def test_an_empty_store_has_nothing_and_makes_no_folder(store: ArgosStore) -> None:
    assert store.installed() == ()
    assert not store.folder.exists()


def test_the_same_archive_again_writes_nothing(store: ArgosStore, archive: Path) -> None:
    install(store, archive)
    before = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*")}
    (store.folder / ".lock").unlink(missing_ok=True)

    assert install(store, archive).state == "already installed"
    after = {path: path.stat().st_mtime_ns for path in store.folder.rglob("*")}
    lock = store.folder / ".lock"
    assert {k: v for k, v in after.items() if k not in {lock, store.folder}} == {
        k: v for k, v in before.items() if k not in {lock, store.folder}
    }


def test_another_archive_of_the_same_version_is_refused(store: ArgosStore, archive: Path) -> None:
    install(store, archive)
    before = tree(store.folder)
    other = package(archive.with_name("other.argosmodel"), **{"README.md": b"new"})

    with pytest.raises(PackageError, match=r"another en_es@1.0 is installed.*--replace"):
        install(store, other)
    assert tree(store.folder) == before


@pytest.mark.parametrize("exchange", [True, False])
def test_replacing_swaps_the_whole_package(
    store: ArgosStore, archive: Path, monkeypatch: pytest.MonkeyPatch, *, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(swapping, "exchanged", lambda *_: False)
    install(store, package(archive, **{"OLD.md": b"old"}))
    other = package(archive.with_name("other.argosmodel"), **{"NEW.md": b"new"})

    added = install(store, other, replace=True)

    assert added.state == "replaced"
    assert (added.package.folder / "NEW.md").exists()
    assert not (added.package.folder / "OLD.md").exists()
    assert [path.name for path in store.folder.iterdir() if path.is_dir()] == ["en_es-1.0"]
    store.verify(added.package)


def test_readers_never_miss_a_package_that_is_being_replaced(
    store: ArgosStore, archive: Path
) -> None:
    other = package(archive.with_name("other.argosmodel"), **{"NEW.md": b"new"})
    install(store, archive)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            install(store, other, replace=True)
            install(store, archive, replace=True)

    writer = threading.Thread(target=swap)
    writer.start()
    try:
        seen = [store.installed() for _ in range(300)]
    finally:
        stop.set()
        writer.join()
    assert all(len(packages) == 1 and packages[0].ref.sha256 for packages in seen)


def test_versions_of_a_pair_lie_side_by_side_in_order(store: ArgosStore, tmp_path: Path) -> None:
    for version in ("1.10", "1.9", "1.0"):
        install(store, package(tmp_path / version, {"package_version": version}))
    assert [package.ref.version for package in store.installed()] == ["1.0", "1.9", "1.10"]


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("model/model.bin", b"weightS", "SHA-256 is not what was recorded"),
        ("model/model.bin", b"weight", "has 6 bytes, recorded 7"),
        ("model/model.bin", None, "the file is missing"),
        ("model/extra.bin", b"", "does not belong"),
        ("polypress.json", b"{", "record of package en_es@1.0 is damaged"),
        ("polypress.json", None, "record of package en_es@1.0 is damaged"),
    ],
)
def test_verify_names_the_damaged_file_and_the_way_out(
    store: ArgosStore, archive: Path, path: str, body: bytes | None, complaint: str
) -> None:
    folder = install(store, archive).package.folder
    (folder / path).unlink(missing_ok=True)
    if body is not None:
        (folder / path).write_bytes(body)

    (damaged,) = store.installed()
    with pytest.raises(PackageError, match=complaint) as caught:
        store.verify(damaged)
    assert caught.value.place.path == str(folder / path)
    assert "polypress models install --replace" in caught.value.fix
    assert damaged.ref.name == "en_es@1.0"

    install(store, archive, replace=True)
    (mended,) = store.installed()
    store.verify(mended)


def test_verify_follows_no_link(store: ArgosStore, archive: Path, tmp_path: Path) -> None:
    added = install(store, archive)
    model = added.package.folder / "model" / "model.bin"
    model.unlink()
    (tmp_path / "outside").write_bytes(b"weights")
    model.symlink_to(tmp_path / "outside")
    with pytest.raises(PackageError, match=r"model\.bin"):
        store.verify(added.package)

    (added.package.folder / "more").symlink_to(tmp_path)
    with pytest.raises(PackageError, match="more"):
        store.verify(added.package)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"version": "1.1"},
        {"target": "../x"},
        {"files": {"../../x": {"size": 1, "sha256": "0" * 64}}},
        {"files": {"x": {"size": -1, "sha256": "0" * 64}}},
        {"more": 1},
    ],
)
def test_a_record_that_was_tampered_with_is_damage(
    store: ArgosStore, archive: Path, change: dict[str, object]
) -> None:
    path = install(store, archive).package.folder / "polypress.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    (damaged,) = store.installed()
    assert not damaged.ref.sha256
    with pytest.raises(PackageError, match="damaged"):
        store.verify(damaged)
    with pytest.raises(PackageError, match="unknown"):
        install(store, archive)


def test_a_package_that_was_replaced_in_the_meantime_is_not_verified(
    store: ArgosStore, archive: Path
) -> None:
    before = install(store, archive).package
    install(store, package(archive, **{"NEW.md": b""}), replace=True)
    with pytest.raises(PackageError, match=r"now it is en_es@1.0#\w{8}, not en_es@1.0#"):
        store.verify(before)


def test_what_is_no_package_is_not_listed_and_not_overwritten(
    store: ArgosStore, archive: Path, tmp_path: Path
) -> None:
    for name in ("notes", ".incoming-old", "en_es", "EN_ES-1.0", "en_es-1.0-x"):
        (store.folder / name).mkdir(parents=True)
    (store.folder / "en_es-1.0").symlink_to(tmp_path, target_is_directory=True)

    assert store.installed() == ()
    with pytest.raises(OutsideError, match="left alone"):
        install(store, archive)
    assert not (tmp_path / "metadata.json").exists()


def test_remove_takes_the_one_that_is_named(store: ArgosStore, tmp_path: Path) -> None:
    for version in ("1.0", "1.1"):
        install(store, package(tmp_path / version, {"package_version": version}))

    with pytest.raises(UsageError, match=r"several versions.*en_es@1.0, en_es@1.1"):
        store.remove("en_es")
    assert store.remove("en_es@1.1").ref.version == "1.1"
    assert store.remove("en-es").ref.version == "1.0"
    assert tree(store.folder) == {}
    with pytest.raises(UsageError, match="installed: none"):
        store.remove("en_es")


def test_what_a_killed_run_left_is_cleared_or_undone(store: ArgosStore, archive: Path) -> None:
    folder = install(store, archive).package.folder
    folder.rename(folder.with_name(".aside-en_es-1.0"))
    half = store.folder / ".incoming-half"
    half.mkdir()
    (half / "model.bin").write_bytes(b"half")

    assert install(store, archive).state == "already installed"
    assert {path.name for path in store.folder.iterdir()} <= {"en_es-1.0", ".lock"}


def test_a_failed_exchange_leaves_the_old_package(
    store: ArgosStore, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(store, archive)
    before = tree(store.folder)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith(".incoming-"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(swapping, "exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutsideError, match="Input/output error"):
        install(store, archive, replace=True)
    assert tree(store.folder) == before


DISK_FULL = """
import resource, sys
from pathlib import Path
from made_packages import install
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import OutsideError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    install(ArgosStore(Path(sys.argv[1])), Path(sys.argv[2]), replace=len(sys.argv) > 3)
except OutsideError as error:
    print(error.exit_code, error)
"""


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{Path(__file__).parent}{os.pathsep}{ROOT}"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("before", [False, True])
def test_a_full_disk_leaves_no_half_package(
    store: ArgosStore, archive: Path, *, before: bool
) -> None:
    if before:
        install(store, archive)
    kept = tree(store.folder)
    large = package(archive, **{"model/large.bin": os.urandom(200_000)})

    done = run(DISK_FULL, store.folder, large, *["replace"] * before)

    assert done.stdout.startswith("5 ")
    assert "free some space" in done.stdout
    assert tree(store.folder) == kept
    assert not list(store.folder.glob(".incoming-*"))


def test_a_package_larger_than_the_free_disk_is_not_begun(
    store: ArgosStore, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(OutsideError, match="the disk has 10 left"):
        install(store, archive)
    assert tree(store.folder) == {}


def test_a_store_that_cannot_be_a_folder_is_one_clear_error(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="cannot lock"):
        install(ArgosStore(tmp_path / "file" / "packages"), archive)
    with pytest.raises(OutsideError, match="cannot read"):
        ArgosStore(tmp_path / "file").installed()


def test_a_second_writer_is_told_to_wait(
    store: ArgosStore, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.adapters import files  # noqa: PLC0415 - only here

    monkeypatch.setitem(files.locked.__wrapped__.__kwdefaults__, "seconds", 0.1)
    with files.locked(store.folder / ".lock"), pytest.raises(LockedError, match="wait"):
        install(store, archive)
    assert tree(store.folder) == {}


NO_OPEN_OUTSIDE = """
import json, os, sys
from pathlib import Path
from made_packages import TRAVERSALS, install, members, zipped
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import PolypressError
root, victim = Path(sys.argv[1]), Path(sys.argv[2])
store, hostile = ArgosStore(root / "packages"), root / "hostile.argosmodel"
install(store, victim)
opened, armed = [], False
def hook(event, arguments):
    if armed and event in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}:
        opened.append(os.fsdecode(arguments[0]) if not isinstance(arguments[0], int) else "")
sys.addaudithook(hook)
def attempt(act):
    global armed
    armed = True
    try:
        act()
    except PolypressError:
        return 0
    finally:
        armed = False
    return 1
def given(files):
    hostile.write_bytes(zipped(files))
    return attempt(lambda: install(store, hostile, replace=True))
accepted = []
for name in TRAVERSALS:
    if given({**members(), "translate-en_es-1_0/" + name: b"x"}): accepted.append(("below", name))
    if given({**members(), name: b"x"}): accepted.append(("member", name))
    for key in ("from_code", "package_version"):
        if given(members({key: name})): accepted.append((key, name))
    if attempt(lambda: store.remove(name)): accepted.append(("remove", name))
allowed = (str(root / "packages"), str(hostile), sys.prefix, sys.base_prefix, os.getcwd())
outside = [path for path in opened if path and not os.path.abspath(path).startswith(allowed)]
print(json.dumps({"accepted": accepted, "outside": outside, "opened": len(opened)}))
"""


def test_no_hostile_name_opens_anything_outside_the_store(
    store: ArgosStore, archive: Path, tmp_path: Path
) -> None:
    assert len(set(TRAVERSALS)) >= 60
    done = json.loads(run(NO_OPEN_OUTSIDE, tmp_path, archive).stdout)

    assert done["outside"] == []
    assert done["opened"] > len(TRAVERSALS)
    assert done["accepted"] == []
    (kept,) = store.installed()
    store.verify(kept)
    assert {path.name for path in tmp_path.iterdir()} == {
        "packages",
        "hostile.argosmodel",
        archive.name,
    }


def test_the_engine_loads_what_was_installed_and_refuses_what_was_damaged(
    store: ArgosStore, packages: Path, tmp_path: Path
) -> None:
    archive = shutil.make_archive(str(tmp_path / "x"), "zip", packages, "en_es")
    added = install(store, Path(archive))
    ref = added.package.ref

    (hypotheses,) = ArgosEngine(store).translate(ref, ["a b"], DecodeParameters(), lambda _: None)
    assert len(hypotheses) == 1

    model = added.package.folder / "model" / "model.bin"
    raw = bytearray(model.read_bytes())
    raw[len(raw) // 2] ^= 1
    model.write_bytes(raw)
    with pytest.raises(PackageError, match="SHA-256") as caught:
        ArgosEngine(store).translate(ref, ["a b"], DecodeParameters(), lambda _: None)
    assert caught.value.place.path == str(model)


def test_the_packages_of_the_repository_install_and_verify(store: ArgosStore) -> None:
    real = sorted((ROOT / "packages").glob("*.argosmodel"))
    if not real:
        pytest.skip("no demo packages here yet")
    models = Models(store)

    outcomes = list(models.install([str(ROOT / "packages")]))

    assert [(outcome.state, outcome.error) for outcome in outcomes] == [("installed", None)] * len(
        real
    )
    assert [checked.error for checked in models.verify()] == [None] * len(real)
