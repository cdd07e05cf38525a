"""The store probes a package before it is put in place, and again when somebody asks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from argostranslate.tokenizer import BPETokenizer

from benchmarks import random_package
from tests.adapters.argos.made_packages import install, package, tree, zipped
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.models import Models
from workflow.adapters.argos.probing import probe_package
from workflow.adapters.argos.store import ArgosStore
from workflow.errors import PackageError, UsageError
from workflow.model import UNPROBED, PackageRef, Traits

ROOT = Path(__file__).parents[3]
PACKAGES = ROOT / "packages"
FOUND = Traits(("braces", "brackets"), 0.9)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Models:
    models = Models(ArgosStore(tmp_path_factory.mktemp("store"), probe=probe_package))
    outcomes = list(models.install([str(PACKAGES)]))
    assert [(one.state, one.error, one.warning) for one in outcomes] == [
        ("installed", None, "")
    ] * 3
    return models


def archived(folder: Path, path: Path) -> Path:
    files = {f"top/{name}": body for name, body in tree(folder).items()}
    path.write_bytes(zipped(files))
    return path


def finding(_folder: Path, _ref: PackageRef) -> Traits:
    return FOUND


def refusing(folder: Path, ref: PackageRef) -> Traits:
    raise PackageError(f"package {ref.name} cannot be loaded: {folder}/model is damaged")


def test_the_demo_packages_keep_brackets_and_align_well(demo: Models) -> None:
    for one in demo.list():
        assert one.traits.forms[0] == "brackets"
        assert one.traits.alignment is not None
        assert one.traits.alignment >= 0.9
        assert ArgosEngine(demo.store).traits(one.ref) == one.traits


def test_a_probe_again_finds_the_same_and_writes_the_same(demo: Models) -> None:
    before = tree(demo.store.folder)
    found = list(demo.probe())
    assert [one.package for one in found] == list(demo.list())
    assert {one.state for one in found} == {"probed"}
    assert tree(demo.store.folder) == before


def test_a_package_of_nonsense_is_installed_with_a_warning(packages: Path, tmp_path: Path) -> None:
    path = archived(packages / "en_es", tmp_path / "x.argosmodel")
    models = Models(ArgosStore(tmp_path / "store", probe=probe_package))
    (outcome,) = models.install([str(path)])
    assert outcome.state == "installed"
    assert "en_es@1.0: no form of protection token comes through it" in outcome.warning
    (listed,) = models.list()
    assert listed.traits == Traits(forms=())
    models.store.verify(listed)


def test_a_truncated_model_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    folder = random_package.build(tmp_path / "en_es")
    weights = folder / "model" / "model.bin"
    weights.write_bytes(weights.read_bytes()[:5000])
    path = archived(folder, tmp_path / "x.argosmodel")
    models = Models(ArgosStore(tmp_path / "store", probe=probe_package))
    (outcome,) = models.install([str(path)])
    assert outcome.state == "failed"
    assert outcome.error
    assert outcome.error.place.path == str(path)
    assert "en_es@1.0 cannot be loaded" in outcome.error.what
    assert ".incoming" not in str(outcome.error)
    assert "nothing was installed" in outcome.error.fix
    assert [each.name for each in models.store.folder.iterdir() if each.name != ".lock"] == []


def test_a_hostile_package_is_refused_by_its_name_and_the_next_is_installed(
    packages: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(packages / "es_pt", tmp_path / "es_pt"))
    (folder / "bpe.model").write_text("#version: 0.2\na b c \x1b[2Jd\n")
    paths = [
        archived(folder, tmp_path / "a.argosmodel"),
        archived(packages / "en_es", tmp_path / "b.argosmodel"),
    ]
    models = Models(ArgosStore(tmp_path / "store", probe=probe_package))
    hostile, sound = models.install([str(path) for path in paths])
    assert (hostile.state, sound.state) == ("failed", "installed")
    assert "es_pt@1.0 cannot be loaded: bpe.model, line 2: no pair" in str(hostile.error)
    assert [one.ref.name for one in models.list()] == ["en_es@1.0"]
    assert "\x1b" not in capfd.readouterr().err


@pytest.mark.parametrize("fault", [MemoryError, IndexError, KeyError, AssertionError, SystemExit])
def test_whatever_a_tokenizer_raises_refuses_its_package(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def fail(_: object) -> None:
        raise fault

    monkeypatch.setattr(BPETokenizer, "lazy_load", fail)
    path = archived(packages / "es_pt", tmp_path / "a.argosmodel")
    (outcome,) = Models(ArgosStore(tmp_path / "store", probe=probe_package)).install([str(path)])
    assert outcome.error
    assert "es_pt@1.0 cannot be loaded: " in outcome.error.what
    assert not outcome.error.what.endswith(": ")


def test_a_package_that_fails_at_a_sentence_is_refused(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr(BPETokenizer, "encode", fail)
    path = archived(packages / "es_pt", tmp_path / "a.argosmodel")
    (outcome,) = Models(ArgosStore(tmp_path / "store", probe=probe_package)).install([str(path)])
    assert "es_pt@1.0 cannot decode: list index out of range" in str(outcome.error)


def test_the_old_package_stays_if_its_replacement_cannot_translate(tmp_path: Path) -> None:
    store = ArgosStore(tmp_path / "store")
    install(store, package(tmp_path / "a.argosmodel"))
    before = tree(store.folder)
    other = package(tmp_path / "b.argosmodel", **{"README.md": b"other"})
    with pytest.raises(PackageError, match="its folder/model is damaged"):
        install(ArgosStore(store.folder, probe=refusing), other, replace=True)
    assert tree(store.folder) == before


def test_what_is_found_is_recorded_and_told(tmp_path: Path) -> None:
    store = ArgosStore(tmp_path / "store", probe=finding)
    added = install(store, package(tmp_path / "a.argosmodel"))
    (listed,) = store.installed()
    assert added.package == listed
    assert listed.traits == FOUND
    record = json.loads((listed.folder / "polypress.json").read_text())
    assert record["traits"] == {"forms": ["braces", "brackets"], "alignment": 0.9}
    store.verify(listed)


def test_without_a_probe_and_with_nothing_to_ask_no_traits_are_recorded(tmp_path: Path) -> None:
    path = package(tmp_path / "a.argosmodel")
    store = ArgosStore(tmp_path / "one")
    asked = ArgosStore(tmp_path / "two", probe=lambda _folder, _ref: UNPROBED)
    for each in (store, asked):
        assert install(each, path).package.traits is UNPROBED
        assert each.installed()[0].traits is UNPROBED
    assert "traits" not in json.loads((tmp_path / "one/en_es-1.0/polypress.json").read_text())
    assert tree(store.folder) == tree(asked.folder)


def test_a_form_that_this_version_does_not_know_is_left_out(tmp_path: Path) -> None:
    store = ArgosStore(tmp_path / "store", probe=finding)
    record = install(store, package(tmp_path / "a.argosmodel")).package.folder / "polypress.json"
    record.write_text(record.read_text().replace("braces", "runes"))
    (listed,) = store.installed()
    assert listed.traits == Traits(("brackets",), 0.9)


@pytest.mark.parametrize(
    ("forms", "traits"),
    [
        (["runes", "signs"], UNPROBED),
        ([], Traits((), 0.9)),
        (["braces", "runes", "braces", "brackets"], Traits(("braces", "brackets"), 0.9)),
    ],
)
def test_forms_of_a_newer_version_alone_are_not_known_to_be_lost(
    tmp_path: Path, forms: list[str], traits: Traits
) -> None:
    assert with_forms(tmp_path, forms).installed()[0].traits == traits


def test_a_record_with_forms_without_end_is_damaged(tmp_path: Path) -> None:
    store = with_forms(tmp_path, ["braces"] * 101)
    assert not store.installed()[0].ref.sha256


def with_forms(tmp_path: Path, forms: list[str]) -> ArgosStore:
    """A store in which a package has been found to keep these."""
    store = ArgosStore(tmp_path / "store", probe=finding)
    path = install(store, package(tmp_path / "a.argosmodel")).package.folder / "polypress.json"
    record = json.loads(path.read_text())
    record["traits"]["forms"] = forms
    path.write_text(json.dumps(record))
    return store


def test_what_was_installed_before_is_probed_on_demand(tmp_path: Path) -> None:
    store = ArgosStore(tmp_path / "store")
    install(store, package(tmp_path / "a.argosmodel"))
    before = tree(store.folder)
    probing = ArgosStore(store.folder, probe=finding)
    (outcome,) = Models(probing).probe("en_es")
    assert outcome.package == probing.installed()[0]
    assert outcome.package.traits == FOUND
    probing.verify(outcome.package)
    after = tree(store.folder)
    assert {name for name in after if after[name] != before[name]} == {"en_es-1.0/polypress.json"}
    assert after.keys() == before.keys()


def test_a_damaged_package_is_not_probed_and_the_others_are(tmp_path: Path) -> None:
    store = ArgosStore(tmp_path / "store")
    install(store, package(tmp_path / "a.argosmodel"))
    install(store, package(tmp_path / "b.argosmodel", {"to_code": "fr"}))
    (store.folder / "en_es-1.0" / "model" / "model.bin").write_bytes(b"other")
    damaged, probed = Models(ArgosStore(store.folder, probe=finding)).probe()
    assert damaged.state == "failed"
    assert "en_es@1.0 is not what was installed" in str(damaged.error)
    assert probed.package
    assert probed.package.traits == FOUND


def test_a_name_that_is_not_installed_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="en_fr"):
        Models(ArgosStore(tmp_path / "store", probe=finding)).probe("en_fr")
    assert not (tmp_path / "store").exists()


def test_nothing_but_an_installation_loads_the_decoder(demo: Models, tmp_path: Path) -> None:
    (tmp_path / "polypress.toml").write_text(
        '[project]\nname = "A"\nsource = "en"\nlocales = ["es"]\n'
        f'[models]\npath = "{demo.store.folder}"\n'
        '[collections.a]\npath = "content"\nformat = "markdown"\n'
    )
    told = (
        "import sys, pathlib; from workflow.bootstrap import open_models;"
        f"models = open_models(pathlib.Path({str(tmp_path)!r}));"
        f"outcomes = list(models.install([{str(PACKAGES)!r}]));"
        "print({one.state for one in outcomes}, 'ctranslate2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "{'already installed'} False\n"
