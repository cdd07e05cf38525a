"""The demo packages in git: what they are, that Polypress takes them, what is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from tools.demo_packages import figures
from tools.demo_packages.pack import (
    LARGEST,
    LONG_AGO,
    PackingError,
    archive,
    metadata,
    pack,
    readme,
)
from tools.demo_packages.pairs import Direction
from tools.demo_packages.recipe import DIRECTIONS, PACKAGES, package_name, package_path
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.install import Installer
from workflow.adapters.argos.metadata import parse_metadata
from workflow.adapters.argos.store import ArgosStore
from workflow.model import DecodeParameters

NO_PACKAGES = not PACKAGES.is_dir() or not any(PACKAGES.iterdir())
needs_packages = pytest.mark.skipif(NO_PACKAGES, reason="packages/ is empty: make demo-packages")
every_package = pytest.mark.parametrize("direction", DIRECTIONS, ids=str)
EN_ES = DIRECTIONS[0]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ArgosStore:
    store = ArgosStore(tmp_path_factory.mktemp("packages"))
    for direction in DIRECTIONS:
        Installer(store).from_file(package_path(direction))
    return store


def translated(store: ArgosStore, target: str, text: str) -> str:
    engine = ArgosEngine(store, replicas=1)
    for hop in engine.route("en", target).hops:
        [hypotheses] = engine.translate(hop, [text], DecodeParameters(), lambda _: None)
        text = hypotheses[0].text
    return text


@needs_packages
def test_no_other_package_lies_there() -> None:
    assert sorted(PACKAGES.iterdir()) == sorted(map(package_path, DIRECTIONS))


@needs_packages
@every_package
def test_a_package_is_small_and_laid_out_as_argos_does(direction: Direction) -> None:
    path = package_path(direction)
    assert path.stat().st_size <= LARGEST
    with ZipFile(path) as opened:
        names = opened.namelist()
        top = package_name(direction)
        assert names == sorted(names)
        assert {name.split("/")[0] for name in names} == {top}
        assert {info.date_time for info in opened.infolist()} == {LONG_AGO}
        about = opened.read(f"{top}/metadata.json")
        assert json.loads(about) == metadata(direction)
        assert opened.read(f"{top}/README.md").decode() == readme(direction)
        assert f"{top}/model/model.bin" in names
        assert f"{top}/sentencepiece.model" in names
    assert parse_metadata(about).name == f"{direction.source}_{direction.target}@1.0"


@every_package
def test_its_readme_says_what_it_is_not_for(direction: Direction) -> None:
    text = readme(direction)
    assert "demonstration package" in text
    assert "not for real work" in text
    assert f"polypress models install {direction}" in text


@needs_packages
def test_polypress_installs_and_verifies_them(store: ArgosStore) -> None:
    packages = store.installed()
    for package in packages:
        store.verify(package)
    pairs = {(package.ref.source, package.ref.target) for package in packages}
    assert pairs == {(direction.source, direction.target) for direction in DIRECTIONS}


@needs_packages
@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        ("es", "Show the original; ⟦1⟧a photo⟦2⟧ is not accepted.", "⟦1⟧una foto⟦2⟧"),
        ("ar", "A sand storm is expected on Thursday 20 November.", "الخميس 20 نوفمبر"),
        ("pt", "The decision will be sent to you by post.", "será enviada a você pelo correio"),
    ],
)
def test_they_translate_what_they_were_made_for(
    store: ArgosStore, target: str, text: str, expected: str
) -> None:
    assert expected in translated(store, target, text)


def test_the_bytes_depend_on_the_content_only() -> None:
    one = archive("top", {"b": b"2", "a": b"1"})
    assert one == archive("top", {"a": b"1", "b": b"2"})
    assert one != archive("top", {"a": b"1", "b": b"3"})


def test_a_package_is_packed_from_a_model_and_a_vocabulary(tmp_path: Path) -> None:
    path = packed(tmp_path, weights=b"weights")
    assert path == tmp_path / "out" / f"{package_name(EN_ES)}.argosmodel"
    with ZipFile(path) as opened:
        assert opened.read(f"{package_name(EN_ES)}/model/model.bin") == b"weights"
        assert {info.compress_type for info in opened.infolist()} == {ZIP_STORED}
    assert list((tmp_path / "out").iterdir()) == [path]


def test_a_package_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackingError, match=r"en-es: 5,001,.* bytes, more than 5,000,000"):
        packed(tmp_path, weights=bytes(LARGEST))
    assert not (tmp_path / "out").exists()


def packed(folder: Path, *, weights: bytes) -> Path:
    (folder / "model").mkdir()
    (folder / "model" / "model.bin").write_bytes(weights)
    (folder / "vocabulary").write_bytes(b"pieces")
    return pack(EN_ES, folder / "model", folder / "vocabulary", folder / "out")


@needs_packages
@every_package
def test_the_figures_are_those_of_this_package_and_good_enough(direction: Direction) -> None:
    known = figures.read()[str(direction)]
    assert known["bytes"] == package_path(direction).stat().st_size
    assert known["sha256"] == figures.digest([package_path(direction)])
    assert known["unseen combinations"]["sentences"] >= 500
    assert known["unseen combinations"]["chrf"] >= 85
    assert known["hand-written notices"]["sentences"] >= 100


@needs_packages
def test_the_readme_quotes_the_figures(tmp_path: Path) -> None:
    text = figures.README.read_text(encoding="utf-8")
    copy = tmp_path / "README.md"
    copy.write_text(text, encoding="utf-8")
    figures.quote(figures.read(), copy)
    assert copy.read_text(encoding="utf-8") == text
