"""Opens a packed demo package and translates with it, as Argos would."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ctranslate2

from tools.demo_packages.pieces import Pieces

BEAM, LENGTH_PENALTY, BATCH = 4, 0.2, 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A translation with the pieces of both sides and the attention between them."""

    text: str
    source: list[str]
    target: list[str]
    attention: list[list[float]]


def translate(package: Path, sentences: list[str]) -> list[Answer]:
    """Translate sentences with a package file."""
    with TemporaryDirectory() as folder:
        top = _unpacked(package, Path(folder))
        pieces = Pieces(top / "sentencepiece.model")
        translator = ctranslate2.Translator(str(top / "model"), inter_threads=2, intra_threads=1)
        cut = [pieces.cut(sentence) for sentence in sentences]
        results = translator.translate_batch(
            cut,
            beam_size=BEAM,
            length_penalty=LENGTH_PENALTY,
            max_batch_size=BATCH,
            batch_type="tokens",
            return_attention=True,
        )
        return [_answer(source, result) for source, result in zip(cut, results, strict=True)]


def _unpacked(package: Path, folder: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return next(folder.iterdir())


def _answer(source: list[str], result: ctranslate2.TranslationResult) -> Answer:
    target = result.hypotheses[0]
    text = "".join(target).replace("▁", " ").strip()
    return Answer(text, source, target, result.attention[0])
