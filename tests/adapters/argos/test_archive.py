from __future__ import annotations

import io
import json
import os
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.adapters.argos.made_packages import install, members, package, tree, zipped
from workflow.adapters.argos.archive import Limits
from workflow.adapters.argos.guarded import GuardedFile
from workflow.adapters.argos.install import Installer
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import OutsideError, PackageError

ROOT = Path(__file__).parents[3]
TOP = "translate-en_es-1_0"
SOUND = zipped(members())


@pytest.fixture
def store(tmp_path: Path) -> ArgosStore:
    return ArgosStore(tmp_path / "packages")


def refusal(store: ArgosStore, body: bytes, *, limits: Limits | None = None) -> str:
    """The one error that an archive gives; nothing of it may stay."""
    path = store.folder.parent / "hostile.argosmodel"
    path.write_bytes(body)
    with pytest.raises(PackageError) as caught:
        Installer(store, limits=limits or Limits()).from_file(path)
    assert caught.value.place.path == str(path)
    assert caught.value.fix
    assert tree(store.folder) == {}
    return caught.value.what


def special(name: str, mode: int, content: bytes = b"/etc/passwd") -> bytes:
    """A sound package and one member of a special kind."""
    body = io.BytesIO(SOUND)
    with zipfile.ZipFile(body, "a") as archive:
        info = zipfile.ZipInfo(f"{TOP}/{name}")
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return body.getvalue()


def with_folders() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.mkdir(TOP)
        archive.mkdir(f"{TOP}/model")
        for name, content in members().items():
            archive.writestr(name, content)
    return body.getvalue()


def patched(body: bytes, *, size: int | None = None, flags: int = 0, method: int = 8) -> bytes:
    """The archive with lies in both headers of `model.bin`: its size, flags or compression."""
    raw = bytearray(body)
    name = f"{TOP}/model/model.bin".encode()
    local = raw.find(name) - 30
    central = raw.rfind(name) - 46
    struct.pack_into("<HH", raw, local + 6, flags, method)
    struct.pack_into("<HH", raw, central + 8, flags, method)
    if size is not None:
        struct.pack_into("<I", raw, local + 22, size)
        struct.pack_into("<I", raw, central + 24, size)
    return bytes(raw)


def test_an_archive_with_members_for_its_folders_is_sound(store: ArgosStore) -> None:
    path = store.folder.parent / "sound.argosmodel"
    path.write_bytes(with_folders())
    assert install(store, path).state == "installed"


def test_an_archive_with_something_before_it_is_sound(store: ArgosStore) -> None:
    path = store.folder.parent / "sound.argosmodel"
    path.write_bytes(b"#!/bin/sh\n" * 10 + SOUND)
    assert install(store, path).state == "installed"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "no zip file"),
        (b"PK", "no zip file"),
        (b"not a zip at all" * 1000, "no zip file"),
        (zipped({}), "holds nothing"),
        (SOUND[: len(SOUND) // 2], "no zip file"),
        (SOUND[:-30], "no zip file"),
        (SOUND[40:], "damaged"),
        (zipped({"en/metadata.json": b"{}", "de/x": b""}), "exactly one folder"),
        (zipped({"metadata.json": b"{}"}), "exactly one folder"),
        (zipped(members() | {"loose": b""}), "exactly one folder"),
        (zipped(members() | {"../x": b""}), "not allowed"),
        (zipped(members() | {"/etc/x": b""}), "not allowed"),
        (zipped(members() | {"C:\\x": b""}), "not allowed"),
        (zipped(members() | {f"{TOP}/a\0.txt": b""}), "not allowed"),
        (zipped(members() | {f"{TOP}/ñ": b""}), "not allowed"),
        (zipped(members() | {"": b""}), "not allowed"),
        (zipped(members() | {f"{TOP}/{'a' * 300}": b""}), "file name of 320 characters"),
        (zipped(members() | {f"{TOP}/Model/model.bin": b""}), "in two ways"),
        (zipped(members() | {f"{TOP}/metadata.json/x": b""}), "in two ways"),
        (zipped(members() | {f"{TOP}/polypress.json": b"{}"}), "only the store may write"),
        (zipped(members() | {f"{TOP}/Polypress.JSON": b"{}"}), "only the store may write"),
        (special("link", stat.S_IFLNK | 0o777), "neither a plain file nor a folder"),
        (special("device", stat.S_IFCHR | 0o666), "neither a plain file nor a folder"),
        (special("pipe", stat.S_IFIFO | 0o666), "neither a plain file nor a folder"),
        (special("folder", stat.S_IFDIR | 0o755), "neither a plain file nor a folder"),
        (special("folder/", stat.S_IFDIR | 0o755), "has content"),
        (special("folder/", stat.S_IFREG | 0o755, b""), "neither a plain file nor a folder"),
        (patched(SOUND, flags=1), "encrypted"),
        (patched(SOUND, method=14), "compressed in a way"),
        (patched(SOUND, method=99), "compressed in a way"),
        (patched(SOUND, size=20_000_000_000 % 2**32), "unpacks to"),
        (patched(SOUND, size=5), "damaged"),
        (patched(SOUND, size=9), "has 7 bytes, not 9"),
    ],
)
def test_a_hostile_archive_gives_one_clear_error(
    store: ArgosStore, body: bytes, complaint: str
) -> None:
    assert complaint in refusal(store, body)


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 50_000,
        json.dumps({"from_code": "en"}).encode(),
        b'{"package_version": ' + b"9" * 60_000 + b"}",
    ],
)
def test_metadata_that_cannot_be_read_is_refused(store: ArgosStore, about: bytes) -> None:
    body = zipped(members() | {f"{TOP}/metadata.json": about})
    assert refusal(store, body).startswith("metadata.json: ")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(
            ("from_code", value)
            for value in ("../x", "EN", "e", "engl", "en\n", "", None, 1, ["en"])
        ),
        ("from_code", "es"),
        *(
            ("package_version", value)
            for value in ("../1", "1/0", "", ".", "..", "1.", 1.0, "1" * 21)
        ),
        *(("package_version", value) for value in ("1\n", "1 0", "v1-0", "\u0661")),
        *(("target_prefix", value) for value in (1, "x" * 101, "a\nb", None)),
        *(("from_name", value) for value in ({}, "x" * 101, "\x1b[31m")),
        ("type", "sbd"),
    ],
)
def test_metadata_with_a_wrong_value_names_the_key(
    store: ArgosStore, key: str, value: object
) -> None:
    message = refusal(store, zipped(members({key: value})))
    assert message.startswith("metadata.json: ")
    assert key in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["metadata.json", "model/model.bin", "sentencepiece.model"])
def test_a_package_without_what_an_engine_needs_is_refused(store: ArgosStore, name: str) -> None:
    files = members()
    del files[f"{TOP}/{name}"]
    assert name in refusal(store, zipped(files))
    if name != "metadata.json":
        assert name in refusal(store, zipped({**files, f"{TOP}/{name}": b""}))


def test_too_large_metadata_is_not_read(store: ArgosStore) -> None:
    body = zipped(members() | {f"{TOP}/metadata.json": b" " * 200_000})
    assert "larger than 100,000 bytes" in refusal(store, body)


def test_duplicate_members_are_refused(store: ArgosStore) -> None:
    body = io.BytesIO(SOUND)
    with zipfile.ZipFile(body, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(f"{TOP}/model/model.bin", b"other")
    assert "twice" in refusal(store, body.getvalue())


def test_limits_hold_for_the_archive_its_members_and_what_it_unpacks_to(store: ArgosStore) -> None:
    assert "larger than the 100 bytes" in refusal(store, SOUND, limits=Limits(archive=100))
    assert "more than 3" in refusal(store, SOUND, limits=Limits(members=3))
    assert "30 are allowed" in refusal(store, SOUND, limits=Limits(unpacked=30))
    many = zipped(members() | {f"{TOP}/{number}": b"" for number in range(2_000)})
    assert "2,004 members, more than 2,000" in refusal(store, many)


def test_a_directory_of_millions_is_not_even_read(store: ArgosStore) -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 40_000_000, 0, 0)
    assert "its directory takes 40,000,000 bytes" in refusal(store, bytes(40_000_000) + end)


def test_a_wider_ratio_is_allowed_for_small_packages_only() -> None:
    limits = Limits()
    assert limits.allowed(195_000) == 39_000_000
    assert limits.allowed(1_000) == 10_000_000
    assert limits.allowed(100_000_000) == 4_000_000_000


def test_a_package_that_names_another_overwrites_nothing(store: ArgosStore) -> None:
    victim = store.folder.parent / "victim.argosmodel"
    install(store, package(victim, {"to_code": "de"}))
    before = tree(store.folder)
    for top in ("en_de-1.0", "polypress", "packages"):
        renamed = {f"{top}/{name.split('/', 1)[1]}": body for name, body in members().items()}
        victim.write_bytes(zipped(renamed))
        install(store, victim, replace=True)
        assert {k: v for k, v in tree(store.folder).items() if k.startswith("en_de-1.0/")} == before


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo, lambda _path: None])
def test_what_is_no_file_is_not_waited_for(
    store: ArgosStore, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "x.argosmodel")
    with pytest.raises(OutsideError, match="no such file"):
        install(store, tmp_path / "x.argosmodel")


def test_zipfile_sees_a_file_that_ends_where_it_ends() -> None:
    guarded = GuardedFile(io.BytesIO(b"0123456789"), 8)
    assert guarded.read() == b"01234567"
    assert guarded.read(5) == b""
    with pytest.raises(OSError, match="shorter"):
        guarded.seek(-9, os.SEEK_END)
    with pytest.raises(zipfile.BadZipFile):
        guarded.seek(9)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, len(SOUND) - 1), bits=st.integers(1, 255), cut=st.integers(0, 30))
@example(at=0, bits=1, cut=0)
def test_a_damaged_archive_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, at: int, bits: int, cut: int
) -> None:
    raw = bytearray(SOUND[: len(SOUND) - (cut if cut < 5 else 0)])
    raw[min(at, len(raw) - 1)] ^= bits
    settle(tmp_path_factory.mktemp("fuzz"), bytes(raw))


NAMES = st.text(st.sampled_from("ab./\\:\0 ~A%é-"), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(NAMES, max_size=4))
def test_any_names_of_members_are_refused_or_stay_inside(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    more = {f"{TOP}/{name}": b"x" for name in names}
    settle(tmp_path_factory.mktemp("fuzz"), zipped(members() | more))


def settle(folder: Path, body: bytes) -> None:
    """Install, with no other error than the one, and nothing anywhere but the whole package."""
    path = folder / "x.argosmodel"
    path.write_bytes(body)
    store = ArgosStore(folder / "packages")
    try:
        added = install(store, path)
    except PackageError:
        assert tree(folder) == {"x.argosmodel": body}
    else:
        store.verify(added.package)
        assert all(
            name == "x.argosmodel" or name.startswith("packages/en_es-") for name in tree(folder)
        )


MEASURED = """
import re, sys, time
from pathlib import Path
from workflow.adapters.argos.install import Installer
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import PackageError
for path in sys.argv[2:]:
    try:
        Installer(ArgosStore(Path(sys.argv[1]))).from_file(Path(path))
    except PackageError as error:
        print(error.what)
seconds = time.process_time()  # imports included; a busy machine does not count
status = Path("/proc/self/status").read_text()  # getrusage would count the parent's pages, too
print(seconds, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) * 1024)
"""


def bomb(size: int) -> bytes:
    return zipped(members() | {f"{TOP}/model/model.bin": bytes(size)})


def liar(honest: bytes) -> bytes:
    """The bomb with headers that tell of 7 bytes."""
    return patched(honest, size=7)


def overlapping(count: int, size: int) -> bytes:
    """Many members of the directory that share the content of one."""
    content = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = content.compress(bytes(size)) + content.flush()
    crc = zlib.crc32(bytes(size))
    name = f"{TOP}/model/model.bin".encode()
    sizes = struct.pack("<LLLHH", crc, len(packed), size, len(name), 0)
    local = struct.pack("<4sHHHHH", b"PK\3\4", 20, 0, 8, 0, 33) + sizes + name + packed
    directory = b"".join(
        struct.pack("<4sHHHHHH", b"PK\1\2", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<HHHLL", 0, 0, 0, 0, 0)
        + name[:-4]
        + str(number).zfill(4).encode()
        for number in range(count)
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read in /proc")
def test_bombs_are_refused_fast_and_small(tmp_path: Path) -> None:
    large = bomb(200_000_000)
    assert len(large) < 200_000
    inner = zipped({f"{number}.zip": large for number in range(5)})
    hostile = {
        "bomb": large,
        "liar": liar(large),
        "nested": zipped({f"{TOP}/{number}.zip": inner for number in range(50)}),
        "overlapping": overlapping(1_900, 1_000_000),
        "link": special("model/link", stat.S_IFLNK | 0o777),
    }
    for name, body in hostile.items():
        (tmp_path / name).write_bytes(body)

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, tmp_path / "packages", *map(tmp_path.joinpath, hostile)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    *complaints, figures = done.stdout.splitlines()
    assert len(complaints) == len(hostile), complaints
    seconds, peak = map(float, figures.split())
    assert seconds < 2, figures
    assert peak < 50_000_000, figures
    assert tree(tmp_path / "packages") == {}
