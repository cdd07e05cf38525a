from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cli.program import Program
from workflow.adapters.bundles.keys import Ed25519
from workflow.bundle import Release
from workflow.cli import locking


def live(polypress: Program) -> Release:
    return Release.parse((polypress.root / "var/public/release.json").read_bytes())


def new(polypress: Program, *name: str) -> str:
    return str(polypress("keys", "new", *name, "--json").json["public"])


def test_a_new_key_is_printed_ready_to_paste_and_signs_the_next_publish(
    polypress: Program,
) -> None:
    ran = polypress("keys", "new")
    (line,) = [line.strip() for line in ran.out.splitlines() if " pull " in line]
    key = line.removeprefix("polypress pull URL DIR --key ")
    assert polypress("publish").code == 0
    release = live(polypress)
    assert release.keys == (key,)
    assert Ed25519().verify(key, release.payload(), release.signatures[key])


def test_a_key_is_never_overwritten(polypress: Program) -> None:
    new(polypress)
    before = (polypress.root / "var/keys/main.pem").read_bytes()
    ran = polypress("keys", "new", "main")
    assert ran.code == 2
    assert "already" in ran.err
    assert (polypress.root / "var/keys/main.pem").read_bytes() == before


def test_keys_are_listed_with_what_sites_need(polypress: Program) -> None:
    assert "polypress keys new" in polypress("keys", "list").out
    first, second = new(polypress), new(polypress, "second")
    ran = polypress("keys", "list", "--json")
    assert ran.json == [
        {"name": "main", "public": first, "signs": True},
        {"name": "second", "public": second, "signs": True},
    ]
    assert first.removeprefix("ed25519:")[:20] in polypress("keys", "list").out


def test_a_key_is_replaced_step_by_step_and_every_release_links_to_the_last(
    polypress: Program,
) -> None:
    old = new(polypress, "old")
    polypress("publish")
    releases = [live(polypress)]
    young = new(polypress, "young")
    early = polypress("keys", "retire", "old")
    assert early.code == 2
    assert "no release has told the sites" in early.err
    polypress("publish")
    releases.append(live(polypress))
    assert polypress("keys", "retire", "old", "--json").json["public"] == old
    polypress("publish")
    releases.append(live(polypress))
    assert [set(release.keys) for release in releases] == [{old}, {old, young}, {young}]
    trusted = {old}
    for release in releases:  # as a site does that pulls each of them
        assert trusted & release.signatures.keys()
        trusted = set(release.keys)
    assert [key["signs"] for key in polypress("keys", "list", "--json").json] == [True, False]


def test_a_site_follows_that_was_given_the_first_key_alone(
    polypress: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And one that pulled nothing in between has to be given the new key."""
    follows, sleeps = tmp_path_factory.mktemp("follows"), tmp_path_factory.mktemp("sleeps")
    public = str(polypress.root / "var/public")
    old = new(polypress, "old")
    polypress("publish")
    for site in (follows, sleeps):
        assert polypress("pull", public, str(site), "--key", old).code == 0
    young = new(polypress, "young")
    polypress("publish")
    assert polypress("pull", public, str(follows)).code == 0
    polypress("keys", "retire", "old")
    polypress("publish")
    assert polypress("pull", public, str(follows)).code == 0
    assert polypress("pull", public, str(sleeps)).code == 1
    assert polypress("pull", public, str(sleeps), "--key", young).code == 0
    served = [(site / "current/release.json").read_bytes() for site in (follows, sleeps)]
    assert served == [(polypress.root / "var/public/release.json").read_bytes()] * 2


def test_the_only_key_stays_as_long_as_sites_expect_signatures(polypress: Program) -> None:
    new(polypress)
    polypress("publish")
    for options in ((), ("--now",)):
        ran = polypress("keys", "retire", "main", *options)
        assert ran.code == 2
        assert "only key" in ran.err
    new(polypress, "next")
    assert polypress("keys", "retire", "main", "--now").code == 0


def test_a_key_that_never_signed_can_go(polypress: Program) -> None:
    new(polypress)
    assert polypress("keys", "retire", "main").code == 0
    assert polypress("publish").code == 0
    assert live(polypress).signatures == {}


def test_a_key_that_is_not_there_cannot_be_retired(polypress: Program) -> None:
    new(polypress)
    for name in ("other", "../main", ""):
        ran = polypress("keys", "retire", name)
        assert ran.code == 2
        assert "keys that sign: main" in ran.err


def test_retiring_waits_for_a_publish_that_signs(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(polypress)
    monkeypatch.setattr(locking, "PATIENCE", 0.1)
    with FileLock(polypress.root / locking.LOCK):
        assert polypress("keys", "retire", "main").code == 4


def test_keys_lie_where_the_environment_says(
    polypress: Program, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("secrets") / "polypress"
    monkeypatch.setenv("POLYPRESS_KEYS", str(folder))
    key = new(polypress)
    assert (folder / "main.pem").exists()
    polypress("publish")
    assert live(polypress).keys == (key,)


def test_without_its_keys_a_signed_project_publishes_nothing(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(polypress)
    polypress("publish")
    before = live(polypress)
    polypress.notice("more", "More")
    monkeypatch.setenv("POLYPRESS_KEYS", str(polypress.root / "mistyped"))
    ran = polypress("publish")
    assert ran.code == 3
    assert "POLYPRESS_KEYS" in ran.err
    assert live(polypress) == before


def test_a_key_that_others_can_read_stops_the_publish(polypress: Program) -> None:
    new(polypress)
    path = polypress.root / "var/keys/main.pem"
    path.chmod(0o644)
    ran = polypress("publish")
    assert ran.code == 3
    assert "chmod 600" in ran.err
    assert not (polypress.root / "var/public/release.json").exists()


def secrets(folder: Path) -> list[str]:
    """What of the private keys must stand nowhere: each line of base64, and the raw bytes."""
    lines = [line for path in folder.glob("*.pem*") for line in path.read_text().splitlines()]
    return [line for line in lines if not line.startswith("-----")]


def test_private_keys_stand_in_no_output_and_in_no_other_file(polypress: Program) -> None:
    told = []
    for call in (
        ("keys", "new"), ("keys", "new", "next", "--json"), ("keys", "list", "--json"),
        ("publish", "--json"), ("keys", "retire", "main", "--json"), ("releases", "--json"),
    ):  # fmt: skip
        ran = polypress(*call)
        told += [ran.out, ran.err]
    (polypress.root / "var/keys/next.pem").chmod(0o666)
    told.append(polypress("keys", "list").err)
    files = [path for path in polypress.root.rglob("*") if path.is_file()]
    others = [path.read_bytes() for path in files if path.parent.name != "keys"]
    (first, second) = secrets(polypress.root / "var/keys")
    for secret in (first, second):
        assert not any(secret[20:] in text for text in told)
        assert not any(secret[20:].encode() in body for body in others)
    assert json.dumps(told)
