from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.adapters.argos.made_packages import TRAVERSALS, package
from tests.cli.program import Program
from tests.cli.test_content_commands import documented
from workflow import bootstrap
from workflow.model import Traits

REF = {"source", "target", "version", "sha256"}
PACKAGE = {"ref", "folder", "source_name", "target_name", "size", "traits"}
TRAITS = {"forms", "alignment"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return package(folder / "en_es.argosmodel")


def store(polypress: Program) -> Path:
    return polypress.root / "var" / "packages"


def test_a_package_is_installed_listed_verified_and_removed(
    polypress: Program, archive: Path
) -> None:
    ran = polypress("models", "install", str(archive))
    assert ran.code == 0
    assert "installed: en_es@1.0#" in ran.out
    ran = polypress("models", "list")
    assert "en_es@1.0" in ran.out
    assert "Spanish" in ran.out
    ran = polypress("models", "verify")
    assert "as installed" in ran.out
    ran = polypress("models", "remove", "en_es@1.0")
    assert ran.out.startswith("removed en_es@1.0#")
    assert "No package is installed" in polypress("models", "list").out


def test_json_of_the_four(polypress: Program, archive: Path) -> None:
    (installed,) = polypress("models", "install", str(archive), "--json").json
    assert set(installed) == {"asked", "state", "package", "error", "warning"}
    assert (installed["state"], installed["error"]) == ("installed", None)
    assert documented("models install") >= set(installed)
    (listed,) = polypress("models", "list", "--json").json
    assert set(listed) == PACKAGE
    assert set(listed["ref"]) == REF
    assert set(listed["traits"]) == TRAITS
    assert documented("models list") >= PACKAGE | REF | TRAITS
    (checked,) = polypress("models", "verify", "--json").json
    assert set(checked) == {"package", "error"}
    assert checked["package"] == listed == installed["package"]
    assert documented("models verify") >= set(checked)
    assert polypress("models", "remove", "en_es", "--json").json == listed
    assert polypress("models", "list", "--json").json == []


def test_a_package_is_listed_with_what_it_keeps_once_it_is_probed(
    polypress: Program, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polypress("models", "install", str(archive))
    assert re.search(r"\d +│ +- │ +- │", polypress("models", "list").out)
    found = Traits(("brackets", "braces"), 0.871)
    monkeypatch.setattr(bootstrap, "probe_package", lambda *_: found)
    (probed,) = polypress("models", "probe", "en_es", "--json").json
    assert probed["state"] == "probed"
    assert documented("models probe") >= set(probed)
    assert probed["package"]["traits"] == {"forms": ["brackets", "braces"], "alignment": 0.871}
    assert re.search(r"│ +⟦1⟧, \{1\} │ +87% │", polypress("models", "list").out)


def test_a_package_that_keeps_nothing_is_warned_about(
    polypress: Program, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "probe_package", lambda *_: Traits(forms=()))
    installed, probed = (
        polypress("models", *arguments) for arguments in (("install", str(archive)), ("probe",))
    )
    for ran in (installed, probed):
        assert ran.code == 0
        assert "warning: en_es@1.0: no form of protection token comes through" in ran.err
    assert re.search(r"│ +nothing │ +- │", polypress("models", "list").out)


def test_probing_says_what_cannot_be_probed(polypress: Program, archive: Path) -> None:
    assert polypress("models", "probe", "en_es").code == 2
    polypress("models", "install", str(archive))
    (weights,) = store(polypress).rglob("model.bin")
    weights.write_bytes(b"other")
    ran = polypress("models", "probe")
    assert (ran.code, ran.out) == (1, "")
    assert "en_es@1.0 is not what was installed" in ran.err


def test_quiet_prints_nothing(polypress: Program, archive: Path) -> None:
    for arguments in (["install", str(archive)], ["list"], ["verify"], ["remove", "en_es@1.0"]):
        ran = polypress("models", *arguments, "--quiet")
        assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_bad_archive_is_1_and_the_others_are_installed(polypress: Program, archive: Path) -> None:
    bad = archive.with_name("bad.argosmodel")
    bad.write_bytes(b"no zip")
    ran = polypress("models", "install", str(archive.parent))
    assert ran.code == 1
    assert "bad.argosmodel" in ran.err
    assert "installed: en_es@1.0#" in ran.out
    told = polypress("models", "install", str(bad), "--json")
    assert told.code == 1
    assert told.json[0]["error"]["fix"]


def test_another_package_of_that_name_is_refused_unless_told(
    polypress: Program, archive: Path
) -> None:
    polypress("models", "install", str(archive))
    other = package(archive.with_name("other.argosmodel"), **{"README.md": b"other"})
    ran = polypress("models", "install", str(other))
    assert ran.code == 1
    assert "--replace" in ran.err
    assert "replaced: en_es@1.0#" in polypress("models", "install", str(other), "--replace").out


def test_what_is_no_file_and_no_pair_is_2(polypress: Program, tmp_path: Path) -> None:
    for asked in ("nothing.argosmodel", str(tmp_path / "nowhere"), "en-es"):
        ran = polypress("models", "install", asked)
        assert ran.code == 2
        assert not store(polypress).exists()


@pytest.mark.parametrize("name", ["fr_de@1.0", *TRAVERSALS])
def test_removing_what_is_not_installed_is_2_and_touches_nothing(
    polypress: Program, name: str
) -> None:
    outside = polypress.root / "x"
    outside.write_text("kept")
    ran = polypress("models", "remove", "--", name)
    assert ran.code == 2
    assert outside.read_text() == "kept"


def test_a_damaged_package_is_1_and_named(polypress: Program, archive: Path) -> None:
    polypress("models", "install", str(archive))
    (weights,) = store(polypress).rglob("model.bin")
    weights.write_bytes(b"other")
    ran = polypress("models", "verify")
    assert ran.code == 1
    assert "damaged" in ran.out
    assert "model.bin" in ran.err
    told = polypress("models", "verify", "--json")
    assert json.loads(told.out)[0]["error"]["what"]


def test_the_environment_says_where_packages_lie(
    polypress: Program, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYPRESS_PACKAGES", str(tmp_path / "shared"))
    polypress("models", "install", str(archive))
    assert list((tmp_path / "shared").glob("en_es*"))
    assert not store(polypress).exists()


def test_an_index_without_checksums_is_warned_about(
    polypress: Program, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = {
        "package_version": "1.0", "argos_version": "1.11", "from_code": "en", "to_code": "es",
        "from_name": "English", "to_name": "Spanish", "type": "translate",
        "links": [archive.name],
    }  # fmt: skip
    index = archive.with_name("index.json")
    index.write_text(json.dumps([entry]))
    monkeypatch.setenv("POLYPRESS_INDEX", str(index))
    ran = polypress("models", "install", "en-es")
    assert (ran.code, "warning: the index gives no checksum for en_es" in ran.err) == (0, True)
    shutil.rmtree(store(polypress))
    assert polypress("models", "install", "en-es", "--quiet").err == ""
