"""The switch: what somebody saves in between is never lost, whatever the system offers."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from workflow.adapters.pofile import switch as switching
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.adapters.pofile.switch import clear_leftovers, switch
from workflow.errors import CatalogError, LockedError
from workflow.model import Message

ONE, TWO = Message("a#body", "One"), Message("a#body", "Two")


def no_exchange(_one: Path, _other: Path) -> None:
    raise OSError(errno.ENOSYS, "no such call")


@pytest.fixture(params=["exchange", "second name"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "second name":
        monkeypatch.setattr(switching, "exchange", no_exchange)
    return str(request.param)


def in_place(path: Path, body: bytes) -> None:
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(body)


def by_rename(path: Path, body: bytes) -> None:
    other = path.with_name("editor~")
    other.write_bytes(body)
    other.rename(path)


def store(tmp_path: Path, between: Callable[[Path], None]) -> FileCatalogStore:
    return FileCatalogStore(
        tmp_path, plural_forms=lambda _: "nplurals=2; plural=(n != 1);", between=between
    )


def drafted(messages: tuple[Message, ...]) -> list[Message]:
    return [replace(m, translations=("Dos",)) if m.source == "Two" else m for m in messages]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("save", [in_place, by_rename])
def test_a_save_right_before_the_switch_is_merged(
    tmp_path: Path, save: Callable[[Path, bytes], None]
) -> None:
    saves = []

    def editor(path: Path) -> None:
        if not saves and path.exists() and b'msgstr ""\n\nmsgctxt' in path.read_bytes():
            body = path.read_bytes().replace(b'"One"\nmsgstr ""', b'"One"\nmsgstr "Uno"')
            saves.append(body)
            save(path, body)

    catalogs = store(tmp_path, editor)
    catalogs.update("es", "notices", lambda _: [ONE, TWO])
    assert catalogs.update("es", "notices", drafted)
    assert saves
    assert [m.translation for m in catalogs.read("es", "notices")] == ["Uno", "Dos"]
    assert len(list((tmp_path / "locales/es/LC_MESSAGES").iterdir())) == 1


@pytest.mark.usefixtures("way")
def test_a_broken_save_right_before_the_switch_stays(tmp_path: Path) -> None:
    path = tmp_path / "locales/es/LC_MESSAGES/notices.po"

    def editor(_path: Path) -> None:
        if path.exists():
            path.write_bytes(b"<<<<<<< HEAD\n")

    catalogs = store(tmp_path, editor)
    catalogs.update("es", "notices", lambda _: [ONE, TWO])
    with pytest.raises(CatalogError, match="conflict"):
        catalogs.update("es", "notices", drafted)
    assert path.read_bytes() == b"<<<<<<< HEAD\n"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.usefixtures("way")
def test_a_catalog_made_in_between_is_merged(tmp_path: Path) -> None:
    def editor(path: Path) -> None:
        if not path.exists():
            path.write_text('msgctxt "a#body"\nmsgid "One"\nmsgstr "Uno"\n')

    catalogs = store(tmp_path, editor)
    catalogs.update("es", "notices", lambda messages: [*messages, TWO])
    assert [m.translation for m in catalogs.read("es", "notices")] == ["Uno", ""]


def test_a_catalog_taken_away_in_between_is_made_anew(tmp_path: Path) -> None:
    taken = []

    def editor(path: Path) -> None:
        if path.exists() and not taken:
            taken.append(path.read_bytes())
            path.unlink()

    catalogs = store(tmp_path, editor)
    catalogs.update("es", "notices", lambda _: [ONE])
    catalogs.update("es", "notices", lambda messages: [*messages, TWO])
    assert taken
    assert catalogs.read("es", "notices") == (TWO,)


def test_an_editor_that_never_stops_is_told(tmp_path: Path) -> None:
    def editor(path: Path) -> None:
        if path.exists():
            path.write_bytes(path.read_bytes() + b"\n")

    catalogs = store(tmp_path, editor)
    catalogs.update("es", "notices", lambda _: [ONE, TWO])
    with pytest.raises(LockedError, match="keeps saving"):
        catalogs.update("es", "notices", drafted)


def test_a_save_even_later_is_kept_live_and_the_first_one_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = tmp_path / "x.po", switching.exchange
    path.write_bytes(b"theirs")
    steps = iter([lambda: None, lambda: path.write_bytes(b"later"), lambda: None])

    def exchange(one: Path, other: Path) -> None:
        next(steps)()
        real(one, other)

    monkeypatch.setattr(switching, "exchange", exchange)
    assert not switch(path, b"ours", expected=b"base", between=lambda _: None)
    bodies = {file.name.partition("-")[0]: file.read_bytes() for file in tmp_path.iterdir()}
    assert bodies == {"x.po": b"later", "x.po.rescued": b"theirs"}


def test_the_mode_of_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_bytes(b"a")
    path.chmod(0o640)
    assert switch(path, b"b", expected=b"a", between=lambda _: None)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"b", 0o640)


def test_leftovers_of_a_killed_process_go_but_a_save_in_them_is_rescued(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_bytes(b"live")
    old, new = switching._digest(b"old"), switching._digest(b"new")
    leftovers = {
        ".x.po.abc.part": b"hal",
        f".x.po.{old}.{new}.ready": b"theirs",
        f".x.po.none.{new}.ready": b"new",
        f".x.po.{old}.{old}.ready": b"old",
    }
    for name, body in leftovers.items():
        (tmp_path / name).write_bytes(body)
    clear_leftovers(path)
    assert sorted(file.read_bytes() for file in tmp_path.iterdir()) == [b"live", b"theirs"]


def test_an_error_of_the_system_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.po"
    path.write_bytes(b"a")

    def broken(_one: Path, _other: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(switching, "exchange", broken)
    with pytest.raises(OSError, match="Input/output"):
        switch(path, b"b", expected=b"a", between=lambda _: None)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"a"]
