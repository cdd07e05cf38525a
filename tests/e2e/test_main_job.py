"""The main job on the sample project with the real demo packages."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polib
import pytest

from tests.e2e.places import polypress, sample_project, snapshot, told

LOCALES = ("es", "ar", "pt")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = sample_project(tmp_path_factory.mktemp("sample"))
    polypress(folder, "translate")
    return folder


def catalog(project: Path, locale: str, domain: str = "notices") -> polib.POFile:
    path = project / "locales" / locale / "LC_MESSAGES" / f"{domain}.po"
    return polib.pofile(str(path))


def test_every_unit_has_an_approved_text_or_a_draft_or_a_reason(project: Path) -> None:
    for locale in told(project, "status")["locales"]:
        machine, human = locale["origin"]["machine"], locale["origin"]["human"]
        assert machine > 100
        assert human >= locale["units"] / 3
        people = sum(locale["origin"].get(origin, 0) for origin in ("memory", "mixed"))
        assert machine + human + people + locale["withheld"] == locale["units"]


def test_few_units_are_withheld(project: Path) -> None:
    for locale in told(project, "status")["locales"]:
        assert locale["withheld"] <= locale["units"] * 0.05


@pytest.mark.gettext
def test_gettext_accepts_every_catalog_and_template(project: Path) -> None:
    files = sorted((project / "locales").rglob("*.po*"))
    assert len(files) == 8
    for path in files:
        command = ["msgfmt", "--check", "--use-fuzzy", "-o", "/dev/null", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("locale", LOCALES)
def test_reviewed_texts_stay_as_they_were(project: Path, locale: str) -> None:
    root = Path(__file__).resolve().parents[2]
    reviewed = {(e.msgctxt, e.msgid): e.msgstr for e in catalog(root, locale) if e.msgstr}
    after = {(e.msgctxt, e.msgid): e for e in catalog(project, locale)}
    assert len(reviewed) > 80
    for key, text in reviewed.items():
        assert after[key].msgstr == text
        assert not after[key].fuzzy


@pytest.mark.parametrize("locale", LOCALES)
def test_drafts_are_fuzzy_and_say_where_they_come_from(project: Path, locale: str) -> None:
    drafts = [e for e in catalog(project, locale) if e.fuzzy]
    assert len(drafts) > 100
    package = {"es": "en_es@1.0", "ar": "en_ar@1.0", "pt": "en_es@1.0+es_pt@1.0"}[locale]
    for entry in drafts:
        facts = [line for line in entry.tcomment.splitlines() if line.startswith("polypress: ")]
        assert len(facts) == 1
        assert len(facts[0]) <= 72
        assert f" {package}#" in facts[0] or facts[0].startswith("polypress: memory")


def test_a_second_run_decodes_nothing_and_writes_nothing(project: Path) -> None:
    before = snapshot(project / "locales")
    again = told(project, "translate")
    assert [one["decoded"] for one in again["locales"]] == [0, 0, 0]
    assert again["ingested"]["written"] == []
    assert [one["written"] for one in again["locales"]] == [[], [], []]
    assert snapshot(project / "locales") == before


def test_one_changed_sentence_is_one_decoded_sentence(tmp_path: Path) -> None:
    folder = sample_project(tmp_path)
    notice = folder / "content" / "notices" / "changed.md"
    text = "The library is closed on Monday. The pool opens at 9:00. Bring your library card."
    notice.write_text(f"---\ntitle: New opening hours\n---\n\n{text}\n")
    polypress(folder, "translate", "--locale", "es", "--quiet")
    notice.write_text(notice.read_text().replace("The pool opens at 9:00.", "The pool is closed."))
    again = told(folder, "translate", "--locale", "es")
    assert again["locales"][0]["decoded"] == 1


def test_a_persons_work_survives_every_run(tmp_path: Path) -> None:
    folder = sample_project(tmp_path)
    polypress(folder, "translate", "--locale", "es", "--quiet")
    path = folder / "locales" / "es" / "LC_MESSAGES" / "notices.po"
    mine = polib.pofile(str(path))
    drafts = [entry for entry in mine if entry.fuzzy]
    drafts[0].fuzzy = False  # approved as it stands
    drafts[1].msgstr = "Texto de una persona"  # at work on it
    drafts[2].msgstr = "Texto aprobado de una persona"
    drafts[2].fuzzy = False
    mine.save(str(path))
    polypress(folder, "translate", "--locale", "es", "--quiet")
    after = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))}
    for draft in drafts[:3]:
        assert after[draft.msgctxt, draft.msgid].msgstr == draft.msgstr
        assert after[draft.msgctxt, draft.msgid].fuzzy == draft.fuzzy


@pytest.mark.gettext
def test_the_bundle_of_a_locale_holds_every_item_and_says_what_a_machine_wrote(
    project: Path, tmp_path: Path
) -> None:
    release = told(project, "publish")["release"]
    assert [one["locale"] for one in release["locales"]] == ["en", *LOCALES]
    assert {one["left_out"] for one in release["locales"]} == {0}
    polypress(project, "unpack", "ar", str(tmp_path))
    items = sorted((tmp_path / "notices" / "items").glob("*.md"))
    assert len(items) >= 40
    compiled = sorted(tmp_path.glob("*/messages.mo"))
    told_back = [
        subprocess.run(["msgunfmt", one], capture_output=True, text=True, check=True).stdout
        for one in compiled
    ]
    current = release["locales"][2]["counts"]["freshness"]["current"]
    assert sum(one.count("msgctxt") for one in told_back) == current
    manifest = told_file(tmp_path / "manifest.json")
    assert manifest["direction"] == "rtl"
    files = [told_file(path) for path in tmp_path.glob("*/labels.json")]
    labels = [label for file in files for label in file.values()]
    machine = [label for label in labels if label["origin"] == "machine"]
    assert len(machine) == manifest["counts"]["origin"]["machine"] > 100
    assert all(label["review"] == "none" and label["packages"] for label in machine)


def told_file(path: Path) -> dict[str, dict[str, str]]:
    value: dict[str, dict[str, str]] = json.loads(path.read_bytes())
    return value


def test_publishing_twice_makes_one_release(project: Path) -> None:
    first = told(project, "publish")["release"]
    before = snapshot(project / "var" / "public")
    second = told(project, "publish")["release"]
    assert second["serial"] == first["serial"]
    assert not second["changed"]
    assert snapshot(project / "var" / "public") == before
