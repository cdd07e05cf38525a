"""Fills a trained network into CTranslate2's own form, and checks that both say the same."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import numpy as np
import torch
from ctranslate2.specs import TransformerSpec
from torch import Tensor, nn

from tools.demo_packages.network import Attention, FeedForward, Network
from tools.demo_packages.pieces import END, START, Pieces

LONGEST = 200


def convert(
    network: Network, pieces: Pieces, folder: Path, *, quantization: str | None = "int8"
) -> None:
    """Write `model.bin`, `config.json` and the vocabulary into a folder."""
    shape = network.shape
    layers = (shape.encoder_layers, shape.decoder_layers)
    spec = TransformerSpec.from_config(layers, shape.heads, pre_norm=True)
    _fill_encoder(spec.encoder, network)
    _fill_decoder(spec.decoder, network)
    spec.register_source_vocabulary(pieces.names())
    spec.register_target_vocabulary(pieces.names())
    spec.config.add_source_eos = True
    spec.config.decoder_start_token = pieces.names()[START]
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))


def _fill_encoder(spec: object, network: Network) -> None:
    spec.scale_embeddings = True
    spec.embeddings[0].weight = _array(network.embedding.weight)
    _norm(spec.layer_norm, network.encoder_norm)
    for part, layer in zip(spec.layer, network.encoder, strict=True):
        _attention(part.self_attention, layer.attention)
        _feed_forward(part.ffn, layer.feed_forward)


def _fill_decoder(spec: object, network: Network) -> None:
    spec.scale_embeddings = True
    spec.embeddings.weight = _array(network.embedding.weight)
    spec.projection.weight = spec.embeddings.weight
    spec.projection.bias = _array(network.bias)
    _norm(spec.layer_norm, network.decoder_norm)
    for part, layer in zip(spec.layer, network.decoder, strict=True):
        _attention(part.self_attention, layer.attention)
        _attention(part.attention, layer.source)
        _feed_forward(part.ffn, layer.feed_forward)


def _attention(spec: object, attention: Attention) -> None:
    _norm(spec.layer_norm, attention.norm)
    linears = (*attention.project, attention.out)
    for part, linear in zip(spec.linear, linears, strict=True):
        _linear(part, linear)


def _feed_forward(spec: object, feed_forward: FeedForward) -> None:
    _norm(spec.layer_norm, feed_forward.norm)
    _linear(spec.linear_0, feed_forward.first)
    _linear(spec.linear_1, feed_forward.second)


def _linear(spec: object, linear: nn.Module) -> None:
    spec.weight, spec.bias = _array(linear.weight), _array(linear.bias)


def _norm(spec: object, norm: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = _array(norm.weight), _array(norm.bias)


def _array(parameter: Tensor) -> np.ndarray:
    return parameter.detach().float().numpy()


@torch.no_grad()
def greedy(network: Network, source: list[int]) -> list[int]:
    """Translate one sentence with PyTorch, always taking the likeliest piece."""
    ids = torch.tensor([[*source, END]])
    real = torch.ones_like(ids, dtype=torch.bool)
    memory = network.encode(ids, real)
    written = [START]
    while written[-1] != END and len(written) < LONGEST:
        logits, _ = network.decode(torch.tensor([written]), memory, real)
        written.append(int(logits[0, -1].argmax()))
    return [number for number in written[1:] if number != END]


def agreement(network: Network, pieces: Pieces, sentences: list[str], folder: Path) -> float:
    """Convert without rounding and give the share of sentences on which both engines agree."""
    convert(network, pieces, folder, quantization=None)
    translator = ctranslate2.Translator(str(folder), compute_type="float32", intra_threads=1)
    cut = [pieces.cut(sentence) for sentence in sentences]
    answers = translator.translate_batch(cut, beam_size=1, max_decoding_length=LONGEST)
    names = pieces.names()
    number = {name: index for index, name in enumerate(names)}
    ours = [[names[i] for i in greedy(network, [number[piece] for piece in one])] for one in cut]
    same = [answer.hypotheses[0] == mine for answer, mine in zip(answers, ours, strict=True)]
    return sum(same) / len(same)
