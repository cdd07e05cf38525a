"""Argos packages with random weights: the real format at any size, without training anything.

A random model translates to nonsense, but it is nonsense of the real kind: it depends on every
piece of the source, costs what a trained model of its size costs, and is the same for every
program that decodes it. Tests and the decoding benchmark use these packages.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ctranslate2.specs import TransformerSpec
    from ctranslate2.specs.model_spec import LayerSpec

SHARPNESS = np.float32(4)  # makes a random model choose, as a trained one does
START_OF_TEXT = ("<unk>", "<s>", "</s>")
SYLLABLES = tuple(a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "ir"))


@dataclass(frozen=True, slots=True)
class Shape:
    """How big a model is: layers (as many in encoder and decoder), widths, vocabulary.

    `ending` is added to the logit of the end of the sentence: the greater, the shorter the output.
    """

    layers: int = 1
    width: int = 32
    heads: int = 4
    inside: int = 64
    pieces: int = 400
    ending: float = 10.0


TINY = Shape()
ARGOS = Shape(layers=6, width=512, heads=8, inside=2048, pieces=32_000, ending=0.0)


def words(count: int, *, seed: int) -> list[str]:
    """Give pronounceable words, all different, from a seed."""
    rng = np.random.default_rng(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choice(SYLLABLES, size=int(rng.integers(1, 5))))] = None
    return list(found)


def sentences(count: int, *, seed: int, vocabulary: int = 400, longest: int = 30) -> list[str]:
    """Give sentences of 2 to `longest` words, frequent words more often (Zipf)."""
    rng = np.random.default_rng(seed)
    known = words(vocabulary, seed=0)
    weight = 1 / np.arange(1, vocabulary + 1)
    weight /= weight.sum()
    lengths = rng.integers(2, longest + 1, size=count)
    return [" ".join(rng.choice(known, size=n, p=weight)).capitalize() + "." for n in lengths]


def build(  # noqa: PLR0913 - what tells one package from another
    folder: Path,
    *,
    source: str = "en",
    target: str = "es",
    version: str = "1.0",
    kind: str = "sentencepiece",
    target_prefix: str = "",
    shape: Shape = TINY,
    seed: int = 1,
) -> Path:
    """Write an installed package into `folder`: metadata, tokenizer (`kind`) and int8 model."""
    folder.mkdir(parents=True)
    tokens = (_sentencepiece if kind == "sentencepiece" else _bpe)(folder, shape.pieces)
    tokens += [target_prefix] * bool(target_prefix)
    tokens += [f"<unused{number}>" for number in range(shape.pieces - len(tokens))]
    _model(folder / "model", tokens, shape, seed)
    about = {
        "package_version": version,
        "argos_version": "1.9",
        "from_code": source,
        "from_name": source,
        "to_code": target,
        "to_name": target,
        "target_prefix": target_prefix,
    }
    (folder / "metadata.json").write_text(json.dumps(about), "utf-8")
    return folder


def _sentencepiece(folder: Path, pieces: int) -> list[str]:
    import sentencepiece as spm  # noqa: PLC0415 - needed by this kind only

    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(_training_text(pieces)),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=pieces,
        byte_fallback=True,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
    )
    (folder / "sentencepiece.vocab").unlink()
    processor = spm.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


def _training_text(pieces: int) -> Iterator[str]:
    known = words(max(400, 2 * pieces), seed=0)
    yield from ("0123456789 %(name)s {count} https://example.org/?q=1&r=2 çñéü “…” — '", *known)
    for start in range(0, len(known), 8):
        yield " ".join(known[start : start + 8]).capitalize() + "."


def _bpe(folder: Path, pieces: int) -> list[str]:
    merges = _learn_merges(words(400, seed=0), pieces)
    lines = ["#version: 0.2", *(f"{left} {right}" for left, right in merges)]
    (folder / "bpe.model").write_text("\n".join(lines) + "\n", "utf-8")
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?()&%'-"
    whole = ["".join(pair) for pair in merges]
    ends = [piece.removesuffix("</w>") for piece in whole if piece.endswith("</w>")]
    inner = [f"{piece}@@" for piece in [*letters, *whole] if not piece.endswith("</w>")]
    return list(dict.fromkeys([*START_OF_TEXT, *letters, *ends, *inner]))


def _learn_merges(known: list[str], count: int) -> list[tuple[str, str]]:
    """Learn byte-pair merges the plain way: join the most frequent neighbours, again and again."""
    split = [[*word[:-1], f"{word[-1]}</w>"] for word in known]
    merges: list[tuple[str, str]] = []
    while len(merges) < count:
        pairs = Counter(pair for word in split for pair in pairwise(word))
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        split = [_merged(word, best) for word in split]
    return merges


def _merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    for symbol in word:
        if out and (out[-1], symbol) == pair:
            out[-1] += symbol
        else:
            out.append(symbol)
    return out


def _model(folder: Path, tokens: list[str], shape: Shape, seed: int) -> None:
    from ctranslate2.specs import TransformerSpec  # noqa: PLC0415 - slow to import

    folder.mkdir()
    spec = TransformerSpec.from_config(shape.layers, shape.heads, pre_norm=True)
    _fill(spec, _Weights(np.random.default_rng(seed), shape, len(tokens)))
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))


@dataclass(frozen=True, slots=True)
class _Weights:
    """Draws weights so that activations neither vanish nor explode."""

    rng: np.random.Generator
    shape: Shape
    pieces: int

    def linear(self, layer: LayerSpec, rows: int, columns: int) -> None:
        layer.weight = self._normal(rows, columns, scale=1 / math.sqrt(columns))
        layer.bias = np.zeros(rows, dtype=np.float32)

    def norm(self, layer: LayerSpec) -> None:
        layer.gamma = np.ones(self.shape.width, dtype=np.float32)
        layer.beta = np.zeros(self.shape.width, dtype=np.float32)

    def embedding(self, layer: LayerSpec) -> None:
        scale = 1 / math.sqrt(self.shape.width)
        layer.weight = self._normal(self.pieces, self.shape.width, scale=scale)

    def positions(self, layer: LayerSpec, longest: int = 2048) -> None:
        half = self.shape.width // 2
        angle = np.arange(longest)[:, None] * np.exp(-math.log(10_000) * np.arange(half) / half)
        waves = np.concatenate([np.sin(angle), np.cos(angle)], axis=1)
        layer.encodings = waves.astype(np.float32)

    def attention(self, layer: LayerSpec) -> None:
        width = self.shape.width
        self.norm(layer.layer_norm)
        sizes = (3, 1) if len(layer.linear) == 2 else (1, 2, 1)
        for linear, times in zip(layer.linear, sizes, strict=True):
            self.linear(linear, times * width, width)

    def feed_forward(self, layer: LayerSpec) -> None:
        self.norm(layer.layer_norm)
        self.linear(layer.linear_0, self.shape.inside, self.shape.width)
        self.linear(layer.linear_1, self.shape.width, self.shape.inside)

    def _normal(self, rows: int, columns: int, *, scale: float) -> np.ndarray[Any, Any]:
        return self.rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(scale)


def _fill(spec: TransformerSpec, weights: _Weights) -> None:
    weights.embedding(spec.encoder.embeddings[0])
    weights.embedding(spec.decoder.embeddings)
    for side in (spec.encoder, spec.decoder):
        weights.positions(side.position_encodings)
        weights.norm(side.layer_norm)
        for layer in side.layer:
            weights.attention(layer.self_attention)
            weights.feed_forward(layer.ffn)
    for layer in spec.decoder.layer:
        weights.attention(layer.attention)
    weights.linear(spec.decoder.projection, weights.pieces, weights.shape.width)
    spec.decoder.projection.weight *= SHARPNESS
    spec.decoder.projection.bias[2] = weights.shape.ending
