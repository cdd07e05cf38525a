"""Cuts sentences into SentencePiece pieces, and carries the word alignment over to the pieces."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

import numpy as np
import sentencepiece

from tools.demo_packages.alignment import WORD
from tools.demo_packages.pairs import Pair
from tools.demo_packages.protection import TOKENS
from tools.demo_packages.sampling import Sampler

UNKNOWN, START, END = 0, 1, 2
ARABIC = "".join(map(chr, [*range(0x621, 0x63B), *range(0x641, 0x653)])) + "ـ؟،؛٪"
LATIN = "".join(map(chr, [*range(0x21, 0x7F), *range(0xC0, 0x100)])) + "ªº€–—…«»“”‘’•·¿¡°²"  # noqa: RUF001 - quotation marks
SPACES = "\u00a0\u202f\u2009\u2007"
NORMAL = "".join(f"{ord(space):X}\t20\n" for space in SPACES) + "AD\t\n200B\t\nFEFF\t\n"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A pair as piece numbers; a row of `links` is a source piece and the target piece it means."""

    source: np.ndarray
    target: np.ndarray
    links: np.ndarray


def learn(sentences: Iterable[str], path: Path, *, size: int) -> None:
    """Learn a vocabulary in which a protection token is one piece and any text can be written."""
    rules = Path(os.path.relpath(path.with_suffix(".tsv")))  # SentencePiece keeps this path
    rules.write_text(NORMAL, encoding="utf-8")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=model,
        vocab_size=size,
        model_type="unigram",
        byte_fallback=True,
        character_coverage=1.0,
        split_digits=True,
        normalization_rule_tsv=str(rules),
        user_defined_symbols=list(TOKENS),
        required_chars=LATIN + ARABIC,
        num_threads=1,
        unk_id=UNKNOWN,
        bos_id=START,
        eos_id=END,
        minloglevel=1,
    )
    rules.unlink()
    path.write_bytes(model.getvalue())


class Pieces:
    """A learnt vocabulary."""

    def __init__(self, path: Path) -> None:
        """Load it."""
        self._model = sentencepiece.SentencePieceProcessor(model_file=str(path))
        usable = (n for n in range(END + 1, len(self)) if not self._model.is_byte(n))
        scores = {self._model.id_to_piece(n): self._model.get_score(n) for n in usable}
        self._sampler = Sampler.of(scores)

    def __len__(self) -> int:
        """Count the pieces."""
        return int(self._model.get_piece_size())

    def names(self) -> list[str]:
        """List the pieces in the order of their numbers."""
        return [self._model.id_to_piece(number) for number in range(len(self))]

    def cut(self, text: str) -> list[str]:
        """Cut a sentence."""
        return list(self._model.encode(text, out_type=str))

    def join(self, pieces: list[str]) -> str:
        """Put a sentence together again."""
        return str(self._model.decode(pieces))

    def encode(self, pair: Pair, *, rng: Random | None = None) -> Encoded:
        """Number the pieces of a pair; with `rng` the source is cut in a random way."""
        source = self._cut_with_words(pair.source, rng)
        target = self._cut_with_words(pair.target, None)
        return Encoded(
            np.array([number for number, _ in source] + [END], dtype=np.int16),
            np.array([number for number, _ in target] + [END], dtype=np.int16),
            _piece_links(pair, source, target),
        )

    def _cut_with_words(self, text: str, rng: Random | None) -> list[tuple[int, list[int]]]:
        """Give each piece with the numbers of the words that it is part of."""
        marked = "▁" + text.replace(" ", "▁")
        cut = (self._sampler.cut(marked, rng) if rng else None) or self.cut(text)
        numbers = self._model.piece_to_id(cut)
        if "".join(cut) != marked:
            return [(number, []) for number in numbers]
        owner = _owners(text)
        ends = list(accumulate(map(len, cut)))
        spans = zip([0, *ends], ends, strict=False)
        words = [sorted({*owner[start:end]} - {-1}) for start, end in spans]
        return list(zip(numbers, words, strict=True))


def _owners(text: str) -> list[int]:
    """Give the word of each letter, counting the space that SentencePiece puts first."""
    owner = [-1] * (len(text) + 1)
    for number, found in enumerate(WORD.finditer(text)):
        owner[found.start() + 1 : found.end() + 1] = [number] * len(found[0])
    return owner


def _piece_links(
    pair: Pair, source: list[tuple[int, list[int]]], target: list[tuple[int, list[int]]]
) -> np.ndarray:
    """Link all pieces of words that are linked, and the two ends of the sentence."""
    here, there = _by_word(source), _by_word(target)
    links = {
        (i, j) for one, other in pair.links for i in here.get(one, ()) for j in there.get(other, ())
    }
    links.add((len(source), len(target)))
    return np.array(sorted(links), dtype=np.int16)


def _by_word(pieces: list[tuple[int, list[int]]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for position, (_, words) in enumerate(pieces):
        for word in words:
            found.setdefault(word, []).append(position)
    return found
