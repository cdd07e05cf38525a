from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cli.program import SETTINGS, Program
from tests.faults import full_disk
from tests.hostile import LOCALES
from workflow import bootstrap
from workflow.adapters.pofile.places import lock_path
from workflow.cli import locking, tables
from workflow.model import Diagnostic, Severity

DOCS = Path(__file__).resolve().parents[2] / "docs" / "commands.md"

INGESTED = {"items", "units", "written", "failures", "warnings", "changes"}
FACTS = {"origin", "review", "freshness"}


def documented(command: str) -> set[str]:
    """The words in code in the section of a command."""
    section = DOCS.read_text("utf-8").split(f"## `polypress {command}`")[1].split("\n## ")[0]
    return set(re.findall(r"`([a-z_0-9]+)`", section))


# The happy path.


def test_translate_drafts_and_shows_a_row_for_each_locale(polypress: Program) -> None:
    ran = polypress("translate")
    assert ran.code == 0
    rows = [line for line in ran.out.splitlines() if re.search(r"\b(es|ar)\b", line)]
    assert len(rows) == 2
    assert re.findall(r"\d+", rows[0])[:5] == ["0", "2", "0", "2", "2"]
    assert 'msgstr "es: The pool opens"' in polypress.catalog().read_text()
    assert "translate es: 2/2" in ran.err


def test_status_shows_where_the_units_stand(polypress: Program) -> None:
    polypress("translate", "--locale", "es")
    ran = polypress("status")
    assert ran.code == 0
    rows = [re.findall(r"\d+", line) for line in ran.out.splitlines() if re.search(r" ar ", line)]
    assert rows == [["2", *"000000", "2"]]


def test_publish_and_unpack_give_a_bundle(polypress: Program, tmp_path: Path) -> None:
    polypress("translate")
    ran = polypress("publish", "--at", "2026-01-31T13:00:00+01:00")
    assert ran.code == 0
    assert "Release 1" in ran.out
    assert "live already" in polypress("publish").out
    live = json.loads((polypress.root / "var/public/release.json").read_bytes())
    assert live["released"] == "2026-01-31T12:00:00+00:00"
    ran = polypress("unpack", "ES", str(tmp_path / "site"))
    assert (ran.code, ran.out) == (0, f"7 files in {tmp_path / 'site'}\n")
    assert "es: The pool opens" in (tmp_path / "site/notices/items/pool.md").read_text()


def test_a_withheld_unit_is_told_with_its_reason_and_is_no_failure(polypress: Program) -> None:
    polypress.engine.answers["The pool opens"] = ""
    ran = polypress("translate", "-l", "es")
    assert ran.code == 0
    assert re.search(r"withheld in es: notices:pool#title@\w+: the translation is empty", ran.out)


def test_of_many_reasons_the_first_are_told_and_long_ones_are_cut() -> None:
    findings = [Diagnostic("x", Severity.ERROR, f"{number} {'x' * 999}") for number in range(1200)]
    told = tables._why(findings)
    assert told.startswith("0 xxx")
    assert told.endswith("x …; and 1,195 more")
    assert len(told) < 1000
    assert tables._why(findings[:1]).endswith("x …")


def test_text_unlike_the_packages_own_is_said_so(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.cli import tables  # noqa: PLC0415 - beside the change of its limit

    assert "expect poor drafts" not in polypress("translate", "-l", "es").out
    monkeypatch.setattr(tables, "SCORE_LIMIT", 0.0)
    ran = polypress("translate", "-l", "ar")
    assert "ar: this text is unlike what en_ar@1.0#" in ran.out
    assert "score -0.10" in ran.out


# JSON.


def test_json_of_translate(polypress: Program) -> None:
    polypress.engine.answers["Bring a towel."] = ""
    told = polypress("translate", "--json").json
    assert set(told) == {"ingested", "locales"}
    assert set(told["ingested"]) == INGESTED
    assert told["ingested"]["items"] == 1
    assert told["ingested"]["written"][1] == "es/LC_MESSAGES/notices.po"
    keys = {"locale", "route", "memory", "machine", "withheld", "decoded", "figures", "written",
            "failures"}  # fmt: skip
    assert [set(one) for one in told["locales"]] == [keys, keys]
    figures = {"segments", "rungs", "score", "fallback", "coverage"}
    assert set(told["locales"][0]["figures"]) == figures
    withheld = told["locales"][0]["withheld"][0]
    assert set(withheld) == {"unit", "findings"}
    assert withheld["findings"][0]["severity"] == "error"
    assert documented("translate") >= {*told, *INGESTED, *keys, *figures, *withheld}


def test_json_of_status(polypress: Program) -> None:
    told = polypress("status", "--json").json
    assert set(told) == {"ingested", "locales"}
    keys = {"locale", "units", *FACTS, "withheld", "pseudo", "conflicts", "recalled", "failures"}
    assert [set(one) for one in told["locales"]] == [keys, keys]
    assert documented("status") >= {*told, *keys}


def test_json_of_publish(polypress: Program) -> None:
    told = polypress("publish", "--json").json
    assert set(told) == {"ingested", "release"}
    assert set(told["release"]) == {
        "serial", "changed", "locales", "reused", "signed", "failures"
    }  # fmt: skip
    keys = {"locale", "items", "left_out", "counts", "manifest"}
    assert [set(one) for one in told["release"]["locales"]] == [keys] * 3
    assert set(told["release"]["locales"][0]["counts"]) == {*FACTS, "items", "risk", "fallback"}
    assert documented("publish") >= {*told, *told["release"], *keys}


def test_json_of_unpack(polypress: Program, tmp_path: Path) -> None:
    polypress("publish")
    told = polypress("unpack", "en", str(tmp_path / "site"), "--json").json
    assert told["locale"] == "en"
    assert told["folder"] == str(tmp_path / "site")
    assert sorted(told["files"]) == [
        "manifest.json", "notices/items/pool.html", "notices/items/pool.json",
        "notices/items/pool.md", "notices/labels.json", "notices/messages.json",
        "notices/messages.mo",
    ]  # fmt: skip
    assert documented("unpack") >= set(told)


def test_json_tells_failures_with_place_and_fix(polypress: Program) -> None:
    (polypress.root / "content/notices/bad.md").write_bytes(b"---\ntitle: Ni\xf1o\n---\n")
    ran = polypress("status", "--json")
    assert ran.code == 1
    (failure,) = ran.json["ingested"]["failures"]
    assert failure["where"] == {"path": "content/notices/bad.md", "line": 2}
    assert failure["what"]
    assert failure["fix"]
    assert "error: content/notices/bad.md:2: " in ran.err


# Quiet.


@pytest.mark.parametrize(
    "arguments", [["translate"], ["status"], ["publish"], ["unpack", "es", "{site}"]]
)
def test_quiet_prints_nothing(polypress: Program, tmp_path: Path, arguments: list[str]) -> None:
    brief = SETTINGS + '\n[collections.briefs]\npath = "briefs.txt"\nformat = "digest"\n'
    (polypress.root / "polypress.toml").write_text(brief)
    (polypress.root / "briefs.txt").write_text("Twice.\n\nTwice.\n")
    assert "warning: briefs.txt:1: the same paragraph" in polypress("publish").err
    ran = polypress(*(one.format(site=tmp_path / "site") for one in arguments), "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_quiet_still_tells_errors(polypress: Program) -> None:
    (polypress.root / "content/notices/bad.md").write_bytes(b"")
    ran = polypress("status", "--quiet")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: content/notices/bad.md: the file is empty")


# Exit codes and messages.


def test_an_error_is_told_once_however_many_catalogs_it_touches(polypress: Program) -> None:
    (polypress.root / "content/notices/bad.md").write_bytes(b"")
    for command in ("translate", "publish"):
        assert polypress(command).err.count("error:") == 1


@pytest.mark.parametrize("command", ["translate", "status", "publish"])
def test_a_broken_catalog_is_1_and_the_others_are_done(polypress: Program, command: str) -> None:
    polypress("status")
    polypress.catalog().write_text("no catalog")
    ran = polypress(command)
    assert ran.code == 1
    assert "error: locales/es/LC_MESSAGES/notices.po:1: " in ran.err
    assert polypress.catalog().read_text() == "no catalog"


def test_an_unknown_locale_is_2_and_says_which_there_are(polypress: Program) -> None:
    ran = polypress("translate", "--locale", "fr")
    assert ran.code == 2
    assert ran.err == ("error: fr is no locale of this project (this project's locales: es, ar)\n")
    assert not (polypress.root / "locales").exists()


def test_a_hostile_locale_is_2_and_nothing_is_written(polypress: Program, tmp_path: Path) -> None:
    for locale in LOCALES:
        if locale.startswith("-"):
            continue
        for arguments in (
            ["translate", "--locale", locale],
            ["unpack", locale, str(tmp_path / "x")],
        ):
            ran = polypress(*arguments)
            assert ran.code == 2
            assert "no locale" in ran.err
    assert sorted(path.name for path in polypress.root.iterdir()) == ["content", "polypress.toml"]


@pytest.mark.parametrize(
    "at", ["yesterday", "2026-01-31", "2026-01-31T12:00:00", "0001-01-01T00:00:00+23:00", "1" * 99]
)
def test_a_time_that_cannot_be_is_2(polypress: Program, at: str) -> None:
    ran = polypress("publish", "--at", at)
    assert ran.code == 2
    assert "write it as 2026-01-31T12:00:00+00:00" in ran.err


@pytest.mark.parametrize("command", [["translate"], ["status"], ["publish"], ["unpack", "es", "x"]])
def test_a_missing_project_is_3_and_says_how_to_begin(
    polypress: Program, tmp_path: Path, command: list[str]
) -> None:
    ran = polypress(*command, project=tmp_path / "nowhere")
    assert ran.code == 3
    assert "polypress init" in ran.err
    assert not (tmp_path / "nowhere").exists()


def test_a_wrong_setting_is_3_and_names_its_key(polypress: Program) -> None:
    (polypress.root / "polypress.toml").write_text(SETTINGS.replace("markdown", "html"))
    ran = polypress("status")
    assert ran.code == 3
    assert "polypress.toml, key collections.notices.format" in ran.err
    assert "'markdown' or 'digest'" in ran.err


def test_a_missing_route_is_1_and_says_what_is_installed(polypress: Program) -> None:
    (polypress.root / "polypress.toml").write_text(SETTINGS.replace('"ar"', '"fr"'))
    ran = polypress("translate")
    assert ran.code == 1
    assert "from en to fr" in ran.err
    assert "models install" in ran.err
    assert "es: The pool opens" in polypress.catalog().read_text()


def test_nothing_published_is_1(polypress: Program, tmp_path: Path) -> None:
    ran = polypress("unpack", "es", str(tmp_path / "site"))
    assert (ran.code, ran.err) == (
        1, "error: nothing is published for es (published: none)\n",
    )  # fmt: skip
    assert not (tmp_path / "site").exists()


def test_a_locked_catalog_is_4_and_the_others_are_done(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bootstrap.open_project.__kwdefaults__, "patience", 0.1)
    lock = lock_path(polypress.root, "es", "notices")
    lock.parent.mkdir(parents=True)
    with FileLock(lock):
        ran = polypress("translate")
    assert ran.code == 4
    assert "another process has held the lock" in ran.err
    assert "run the command again" in ran.err
    assert "ar: The pool opens" in polypress.catalog("ar").read_text()


def test_a_second_publish_at_the_same_time_is_4(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.1)
    lock = polypress.root / locking.LOCK
    lock.parent.mkdir(parents=True)
    with FileLock(lock):
        ran = polypress("publish")
    assert ran.code == 4
    assert not (polypress.root / "var/public").exists()
    assert polypress("publish").code == 0


def test_a_full_disk_is_5_and_leaves_what_was_there(polypress: Program) -> None:
    polypress("translate")
    polypress("publish")
    live = (polypress.root / "var/public/release.json").read_bytes()
    polypress.notice("long", "A long one", "word " * 3_000)
    with full_disk(4096):
        ran = polypress("publish", "--quiet")
    assert ran.code == 5
    assert "free some" in ran.err
    assert (polypress.root / "var/public/release.json").read_bytes() == live
    left = [path for path in polypress.root.rglob("*") if path.name.endswith((".tmp", ".part"))]
    assert left == []


def test_a_damaged_database_is_5_and_says_what_to_do(polypress: Program) -> None:
    (polypress.root / "var").mkdir()
    (polypress.root / "var/polypress.db").write_bytes(b"no database" * 500)
    ran = polypress("translate")
    assert ran.code == 5
    assert "move the file away" in ran.err


def test_the_gravest_of_several_failures_gives_the_exit_code(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bootstrap.open_project.__kwdefaults__, "patience", 0.1)
    (polypress.root / "content/notices/bad.md").write_bytes(b"")
    lock = lock_path(polypress.root, "es", "notices")
    lock.parent.mkdir(parents=True)
    with FileLock(lock):
        ran = polypress("status")
    assert ran.code == 4
    assert ran.err.count("error:") == 2
