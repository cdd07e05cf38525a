"""Text to pieces and back, exactly as argostranslate does it.

Its two tokenizer classes are used as they are. `argostranslate.tokenizer` is the one module of it
that this needs: unlike `argostranslate.package` it neither makes folders in the home directory nor
reads settings nor touches the environment when it is imported, and it needs no stanza.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argostranslate.tokenizer import BPETokenizer, SentencePieceTokenizer

from workflow.model import PackageRef

WORD_START = "\N{LOWER ONE EIGHTH BLOCK}"
CONTINUED = "@@"
PAIR = 2


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """A package's tokenizer; `subword_nmt` tells the notation of pieces (`a@@ b`, else `▁a b`)."""

    argos: Any
    subword_nmt: bool

    def encode(self, text: str) -> list[str]:
        """The pieces of a text."""
        return list(self.argos.encode(text))

    def decode(self, pieces: Sequence[str]) -> str:
        """The text of pieces; a sentencepiece package turns every `_` into a space."""
        return str(self.argos.decode(list(pieces)))

    def word_starts(self, pieces: Sequence[str]) -> list[int]:
        """Where each word begins: the numbers of its first pieces, from 0; the first is 0."""
        if self.subword_nmt:
            ends = [CONTINUED, *pieces]
            return [at for at in range(len(pieces)) if not at or ends[at][-2:] != CONTINUED]
        return [at for at, piece in enumerate(pieces) if not at or piece[0] == WORD_START]


def open_tokenizer(folder: Path, ref: PackageRef) -> Tokenizer:
    """Load the tokenizer of an installed package: `sentencepiece.model`, else `bpe.model`.

    Raises OSError, RuntimeError or ValueError if there is neither, or it cannot be loaded.
    """
    pieces = folder / "sentencepiece.model"
    if pieces.exists():
        sentencepiece = SentencePieceTokenizer(pieces)
        sentencepiece.lazy_processor()
        return Tokenizer(argos=sentencepiece, subword_nmt=False)
    _refuse_odd_lines(folder / "bpe.model")
    moses = BPETokenizer(folder / "bpe.model", ref.source, ref.target)
    try:
        moses.lazy_load()
    except SystemExit:  # so its reader ends with what it does not like
        raise ValueError("bpe.model cannot be read") from None
    return Tokenizer(argos=moses, subword_nmt=True)


def _refuse_odd_lines(path: Path) -> None:
    """Raise ValueError for a line that is no pair.

    argostranslate's reader would print such a line as it is, with whatever steers a terminal, and
    end the program.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            version = number == 1 and line.startswith("#version:")
            if not version and len(line.strip("\r\n ").split(" ")) != PAIR:
                raise ValueError(f"bpe.model, line {number}: no pair of pieces")
