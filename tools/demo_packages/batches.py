"""Puts encoded pairs of like length together, up to a number of pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from torch import Tensor

from tools.demo_packages.pieces import END, START, Encoded


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors: `wanted` is the target moved by one, `teaching` the alignment as weights."""

    source: Tensor
    source_real: Tensor
    given: Tensor
    wanted: Tensor
    wanted_real: Tensor
    teaching: Tensor


def batches(pairs: list[Encoded], *, budget: int, rng: Random) -> Iterator[Batch]:
    """Yield batches for ever, in a new order each time round."""
    while True:
        order = list(range(len(pairs)))
        rng.shuffle(order)
        order.sort(key=lambda i: (len(pairs[i].target) + len(pairs[i].source)) // 4)
        groups = list(_groups([pairs[i] for i in order], budget))
        rng.shuffle(groups)
        yield from map(batch, groups)


def _groups(pairs: list[Encoded], budget: int) -> Iterator[list[Encoded]]:
    group: list[Encoded] = []
    width = 0
    for pair in pairs:
        width = max(width, len(pair.source) + len(pair.target))
        if group and width * (len(group) + 1) > budget:
            yield group
            group, width = [], len(pair.source) + len(pair.target)
        group.append(pair)
    if group:
        yield group


def batch(pairs: list[Encoded]) -> Batch:
    """Pad the pairs to one length."""
    source, source_real = _padded([pair.source for pair in pairs])
    wanted, wanted_real = _padded([pair.target for pair in pairs])
    given = torch.cat([torch.full((len(pairs), 1), START), wanted[:, :-1]], dim=1)
    return Batch(source, source_real, given, wanted, wanted_real, _teaching(pairs, wanted, source))


def _padded(rows: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(row) for row in rows])
    padded = torch.full((len(rows), int(lengths.max())), END)
    for index, row in enumerate(rows):
        padded[index, : len(row)] = torch.from_numpy(row.astype(np.int64))
    return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]


def _teaching(pairs: list[Encoded], wanted: Tensor, source: Tensor) -> Tensor:
    """Spread one unit of attention over the source pieces that a target piece translates."""
    weights = np.zeros((*wanted.shape, source.shape[1]), dtype=np.float32)
    for index, pair in enumerate(pairs):
        weights[index, pair.links[:, 1], pair.links[:, 0]] = 1.0
    weights /= np.maximum(weights.sum(axis=2, keepdims=True), 1.0)
    return torch.from_numpy(weights)
