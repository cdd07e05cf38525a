"""Fault row S1: whatever name an enemy gives, no file outside the project is opened."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.program import SETTINGS, Program, program
from tests.hostile import LOCALES, PATHS

OPENED: list[str] | None = None
ALLOWED = tuple(
    str(Path(folder).resolve())
    for folder in {sys.prefix, sys.base_prefix, *sys.path, Path(__file__).parents[1]}
    if str(folder)
)


def _told(event: str, arguments: tuple[object, ...]) -> None:
    if OPENED is not None and event == "open" and isinstance(arguments[0], str | bytes):
        OPENED.append(os.fsdecode(arguments[0]))


sys.addaudithook(_told)  # it cannot be taken away again, so it listens only where a test asks


@contextmanager
def listening() -> Iterator[list[str]]:
    global OPENED  # noqa: PLW0603 - an audit hook has no other way to know
    OPENED = []
    try:
        yield OPENED
    finally:
        OPENED = None


@pytest.fixture
def polypress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    root = tmp_path / "a" / "b" / "project"
    root.mkdir(parents=True)
    made = program(root, monkeypatch, capsys)
    made("translate", "--quiet")  # what is imported late is imported now
    made("publish", "--quiet")
    return made


def assert_inside(polypress: Program, work: Callable[[], object]) -> None:
    """No file was opened but in the project, and those that Python itself is made of."""
    root = str(polypress.root.resolve())
    with listening() as opened:
        work()
    outside = [
        name
        for name in opened
        if not os.path.realpath(name).startswith((root + os.sep, *ALLOWED))
        and name not in {os.devnull, root}
    ]
    assert outside == []


def test_the_list_is_long_enough() -> None:
    assert len(set(PATHS)) >= 60


def test_an_open_outside_would_be_noticed(polypress: Program, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(AssertionError):
        assert_inside(polypress, (tmp_path / "secret").read_text)


@pytest.mark.parametrize("key", ["path", "publish"])
def test_a_path_in_the_settings(polypress: Program, key: str) -> None:
    for path in PATHS:
        value = '"' + "".join(f"\\U{ord(character):08X}" for character in path) + '"'
        if key == "path":
            text = SETTINGS.replace('"content/notices"', value)
        else:
            text = f"{SETTINGS}\n[publish]\npath = {value}\n"
        (polypress.root / "polypress.toml").write_text(text)
        assert_inside(polypress, lambda: polypress("publish", "--quiet"))


def test_a_locale_on_the_command_line(polypress: Program) -> None:
    site = str(polypress.root / "site")
    for locale in LOCALES[::2]:
        assert_inside(polypress, lambda locale=locale: polypress("unpack", "--", locale, site))
        assert_inside(polypress, lambda locale=locale: polypress("translate", f"-l={locale}"))


def test_an_item_id(polypress: Program) -> None:
    for path in PATHS:
        front = f"---\nid: {json.dumps(path)}\ntitle: A\n---\n"
        (polypress.root / "content/notices/bad.md").write_text(front)
        assert_inside(polypress, lambda: polypress("status", "--quiet"))


def test_a_digest_in_a_release(polypress: Program) -> None:
    pointer = polypress.root / "var/public/release.json"
    for path in PATHS:
        release = {"schema": 1, "serial": 1, "manifests": {"es": path}}
        pointer.write_text(json.dumps(release))
        assert_inside(polypress, lambda: polypress("unpack", "es", str(polypress.root / "site")))


def test_the_name_of_a_package(polypress: Program) -> None:
    for path in PATHS:
        assert_inside(polypress, lambda path=path: polypress("models", "remove", "--", path))
