from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.fake_engine import FakeEngine
from tests.pull_for_tests import Town, town
from workflow.adapters.bundles.sitefolder import SiteFolder


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


@pytest.fixture
def site(
    here: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    """The program in a folder without any project."""
    return Program(here.root, FakeEngine(), monkeypatch, capsys)


def arguments(here: Town, *more: str) -> list[str]:
    return ["pull", here.server.address, str(here.folder), *more]


def test_what_a_pull_did_is_told_to_machines(site: Program, here: Town) -> None:
    first = site(*arguments(here, "--key", *here.keys, "--json"))
    assert first.code == 0
    told = first.json
    assert told.pop("seconds") > 0
    assert told.pop("moved") > 1000
    assert told.pop("tree") == here.current.resolve().name
    assert told == {
        "url": here.server.address,
        "folder": str(here.folder),
        "serial": 1,
        "before": 0,
        "switched": True,
        "signed": True,
        "released": "2026-01-02T12:00:00+00:00",
        "locales": ["ar", "en", "es"],
        "sections": 6,
        "fetched": 21,
        "reused": 0,
    }
    again = site(*arguments(here, "--json")).json
    assert (again["before"], again["switched"], again["moved"]) == (1, False, 0)


def test_people_are_told_in_a_line(site: Program, here: Town) -> None:
    ran = site(*arguments(here, "--key", *here.keys))
    assert "release 1 (before: none) in 3 locales: 21 objects came, 0 were here;" in ran.out
    assert site(*arguments(here)).out == "release 1 is here already\n"
    (here.current / "es/notices/messages.json").unlink()
    assert "1 collections were built again" in site(*arguments(here)).out


def test_quiet_is_quiet(site: Program, here: Town) -> None:
    ran = site(*arguments(here, "--key", *here.keys, "--quiet"))
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_an_unsigned_release_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with town(tmp_path, signed=False) as here:
        site = Program(here.root, FakeEngine(), monkeypatch, capsys)
        assert "nobody has signed" in site(*arguments(here, "--unsigned")).err


def test_keys_may_stand_in_a_file(site: Program, here: Town, tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_text(f"# the city's keys\n\n{here.keys[0]}  main\n")
    assert site(*arguments(here, "--key", str(file))).code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no key in"),
        ("# nothing\n", "there is no key in"),
        ("ed25519:short\n", "is no public key"),
        ("-----BEGIN PRIVATE KEY-----\n", "is no public key"),
        ("\udcff", "is no key and no file"),
    ],
)
def test_a_file_without_keys_is_refused(
    site: Program, here: Town, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "keys.txt"
    file.write_bytes(text.encode(errors="surrogateescape"))
    ran = site(*arguments(here, "--key", str(file)))
    assert ran.code == 2
    assert told in ran.err
    assert here.server.asked == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([], "it is not said whose releases are trusted"),
        (["--key", "ed25519:abc"], "is no public key"),
        (["--key", "nowhere"], "is no key and no file"),
        (["--unsigned", "--key", "ed25519:" + "A" * 43 + "="], "exclude each other"),
        (["--unsigned", "--locale", "nowhere-at-all"], "is no locale"),
        (["--unsigned", "--parallel", "0"], "--parallel"),
        (["--unsigned", "--keep", "0"], "--keep"),
    ],
)
def test_a_call_that_cannot_be_ends_with_2_and_asks_nothing(
    site: Program, here: Town, more: list[str], told: str
) -> None:
    ran = site(*arguments(here, *more))
    assert ran.code == 2
    assert told in ran.err
    assert here.server.asked == []


def test_an_address_that_cannot_be_ends_with_2(site: Program, here: Town) -> None:
    ran = site("pull", "ftp://example.org/", str(here.folder), "--unsigned")
    assert ran.code == 2
    assert "cannot be used" in ran.err


def test_a_release_that_is_refused_ends_with_1(site: Program, here: Town) -> None:
    here.tamper("release.json", lambda body: body.replace(b"City", b"Town"))
    ran = site(*arguments(here, "--key", *here.keys))
    assert ran.code == 1
    assert "no key that is trusted here signed it" in ran.err


def test_a_folder_that_is_held_ends_with_4(site: Program, here: Town) -> None:
    with SiteFolder(here.folder).opened():
        assert site(*arguments(here, "--key", *here.keys)).code == 4


def test_a_server_that_is_not_there_ends_with_5(site: Program, here: Town) -> None:
    ran = site("pull", str(here.root / "nowhere"), str(here.folder), "--key", *here.keys)
    assert ran.code == 5
    assert "there is no release.json" in ran.err


def test_only_some_locales(site: Program, here: Town) -> None:
    ran = site(*arguments(here, "--key", *here.keys, "-l", "ES", "-l", "ar", "--json"))
    assert ran.json["locales"] == ["ar", "es"]
    assert site(*arguments(here, "--locale", "pt")).code == 2
