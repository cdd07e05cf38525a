"""Opens a packed demo package and translates with it, as Argos would."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ctranslate2

from tools.demo_packages.pieces import Pieces

BEAM, LENGTH_PENALTY, BATCH = 4, 0.2, 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A translation with the pieces of both sides and the attention between them.

    `others` are the next best translations of the beam.
    """

    text: str
    source: list[str]
    target: list[str]
    attention: list[list[float]]
    others: tuple[str, ...] = ()


def translate(package: Path, sentences: Sequence[str]) -> list[Answer]:
    """Translate sentences with a package file."""
    with TemporaryDirectory() as folder:
        top = _unpacked(package, Path(folder))
        pieces = Pieces(top / "sentencepiece.model")
        translator = ctranslate2.Translator(str(top / "model"), inter_threads=2, intra_threads=1)
        cut = [pieces.cut(sentence) for sentence in sentences]
        results = translator.translate_batch(
            cut,
            beam_size=BEAM,
            num_hypotheses=BEAM,
            length_penalty=LENGTH_PENALTY,
            max_batch_size=BATCH,
            batch_type="tokens",
            return_attention=True,
        )
        both = zip(cut, results, strict=True)
        return [_answer(pieces, source, result) for source, result in both]


def _unpacked(package: Path, folder: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return next(folder.iterdir())


def _answer(pieces: Pieces, source: list[str], result: ctranslate2.TranslationResult) -> Answer:
    best, *others = (pieces.join(hypothesis) for hypothesis in result.hypotheses)
    return Answer(best, source, result.hypotheses[0], result.attention[0], tuple(others))
