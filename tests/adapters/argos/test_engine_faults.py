"""Damaged packages are refused by name, and the others stay usable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.folder_store import FolderStore
from workflow.adapters.argos.engine import ArgosEngine
from workflow.errors import PackageError
from workflow.model import DecodeParameters

PARAMETERS = DecodeParameters(beam_size=1)
Damage = Callable[[Path], object]


@pytest.fixture
def root(packages: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(packages, tmp_path / "packages"))


def translate(engine: ArgosEngine, store: FolderStore, target: str) -> int:
    return len(engine.translate(store.ref("en", target), ["Bote."], PARAMETERS, lambda _: None))


def flip_a_byte(folder: Path) -> None:
    path = folder / "model" / "model.bin"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def cut_in_half(folder: Path) -> None:
    path = folder / "model" / "model.bin"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_a_model_with_one_bit_changed_is_refused_and_the_others_go_on(root: Path) -> None:
    store = FolderStore(root)
    engine = ArgosEngine(store, replicas=1)
    flip_a_byte(root / "en_es")
    with pytest.raises(PackageError, match=r"en_es@1\.0 is not what was installed"):
        translate(engine, store, "es")
    assert translate(engine, store, "ar") == 1


def test_a_repaired_package_is_usable_without_a_restart(root: Path) -> None:
    store = FolderStore(root)
    engine = ArgosEngine(store, replicas=1)
    flip_a_byte(root / "en_es")
    with pytest.raises(PackageError):
        translate(engine, store, "es")
    flip_a_byte(root / "en_es")
    assert translate(engine, store, "es") == 1


@pytest.mark.parametrize(
    "damage",
    [
        cut_in_half,
        lambda folder: shutil.rmtree(folder / "model"),
        lambda folder: (folder / "sentencepiece.model").write_bytes(b"no model"),
        lambda folder: (folder / "sentencepiece.model").unlink(),
        lambda folder: (folder / "metadata.json").write_text("{"),
        lambda folder: (folder / "metadata.json").write_text('{"target_prefix": 3}'),
        lambda folder: (folder / "model" / "shared_vocabulary.json").write_bytes(b"\xff"),
    ],
    ids=["cut", "no model", "bad tokenizer", "no tokenizer", "not JSON", "bad prefix", "not UTF-8"],
)
def test_what_cannot_be_loaded_is_a_package_error_with_a_way_out(
    root: Path, damage: Damage
) -> None:
    store = FolderStore(root, checks=False)
    engine = ArgosEngine(store, replicas=1)
    damage(root / "en_es")
    with pytest.raises(PackageError) as caught:
        translate(engine, store, "es")
    assert "en_es" in str(caught.value)
    assert caught.value.fix
    assert translate(engine, store, "ar") == 1


def test_a_package_is_verified_when_it_is_loaded_and_only_then(packages: Path) -> None:
    store = FolderStore(packages)
    engine = ArgosEngine(store, replicas=1)
    assert store.verified == []
    translate(engine, store, "es")
    translate(engine, store, "es")
    assert store.verified == ["en_es@1.0"]
