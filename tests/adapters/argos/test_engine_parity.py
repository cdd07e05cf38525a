"""The same text as argostranslate's own code gives, on the same packages and sentences."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sentencex

from benchmarks.random_package import sentences
from tests.folder_store import FolderStore
from workflow.adapters.argos.engine import ArgosEngine
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import Engine, InstalledPackage

ROOT = Path(__file__).parents[3]
DEMO = sorted((ROOT / "packages").glob("*.argosmodel"))
NOTICES = ROOT / "tools" / "demo_packages" / "heldout" / "notices.tsv"
ODD = [
    "Call 112 now!",
    "Ünïcode 漢字 and “quotes” — here…",
    "%(user_name)s has {count} new items & more",
    "x_y_z  two  spaces ",
    "It's 5 o'clock; don't wait.",
]


def peers(folder: Path, sources: list[str], **more: object) -> list[list[str]]:
    request = json.dumps({"folder": str(folder), "texts": sources, **more})
    command = [sys.executable, "-m", "benchmarks.argos_peer"]
    done = subprocess.run(
        command, input=request, capture_output=True, text=True, cwd=ROOT, check=True
    )
    texts: list[list[str]] = json.loads(done.stdout)["texts"]
    return texts


def ours(
    engine: Engine, ref: PackageRef, texts: list[str], parameters: DecodeParameters
) -> list[list[str]]:
    found = engine.translate(ref, texts, parameters, lambda _: None)
    return [[hypothesis.text for hypothesis in hypotheses] for hypotheses in found]


def compare(
    root: Path, package: InstalledPackage, texts: list[str], count: int = 1, endless: int = 0
) -> float:
    """Assert identity at batch size 1; gives the share that is identical when pooled.

    A few (`endless`) answers of a random package do not end: ours leaves them out.
    """
    engine = ArgosEngine(FolderStore(root), replicas=2)
    parameters = DecodeParameters(num_hypotheses=count)
    theirs = peers(package.folder, texts, hypotheses=count, replicas=2, threads=1)
    assert len({found[0] for found in theirs}) > len(texts) / 4
    single = [ours(engine, package.ref, [text], parameters)[0] for text in texts]
    cut = [at for at, found in enumerate(single) if found == [""] != theirs[at]]
    assert all(len(theirs[at][0]) > 5 * len(texts[at]) for at in cut)
    assert len(cut) <= endless
    theirs = [[""] if at in cut else found for at, found in enumerate(theirs)]
    assert single == theirs
    pooled = ours(engine, package.ref, texts, parameters)
    return sum(a == b for a, b in zip(pooled, theirs, strict=True)) / len(texts)


@pytest.mark.parametrize(("pair", "count"), [("en_es", 1), ("es_pt", 1), ("en_ar", 3)])
def test_random_packages_of_both_tokenizers_and_with_a_prefix(
    packages: Path, pair: str, count: int
) -> None:
    texts = [*sentences(45, seed=7, longest=9), *ODD]
    store = FolderStore(packages)
    (package,) = (one for one in store.installed() if one.folder.name == pair)
    assert compare(packages, package, texts, count, endless=2) >= 0.995


@pytest.mark.parametrize("archive", DEMO, ids=lambda path: path.stem)
def test_demo_packages_on_handwritten_notices(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as unpacked:
        unpacked.extractall(tmp_path)
    (package,) = FolderStore(tmp_path).installed()
    texts = list(dict.fromkeys(notices(package.ref.source)))[:60]
    assert compare(tmp_path, package, texts) >= 0.995


def notices(language: str) -> list[str]:
    rows = [line.split("\t") for line in NOTICES.read_text("utf-8").splitlines()]
    column = rows[0].index(language)
    texts = [row[column] for row in rows[1:]]
    return [text for text in texts if len(list(sentencex.segment("en", text))) == 1]
