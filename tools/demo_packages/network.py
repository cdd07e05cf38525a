"""The Transformer that the demo packages hold, laid out as CTranslate2 expects it.

Pre-norm, sinusoidal positions from 1, embeddings scaled and tied with the output layer. Head 0 of
the last decoder layer's cross attention is taught the word alignment, so that it can be trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a network."""

    pieces: int
    width: int = 192
    heads: int = 6
    inside: int = 768
    encoder_layers: int = 3
    decoder_layers: int = 2
    dropout: float = 0.0


def positions(length: int, width: int) -> Tensor:
    """Write sines and cosines of the positions 1, 2, 3, … as CTranslate2 does."""
    step = math.log(10000.0) / (width // 2 - 1)
    scale = torch.exp(torch.arange(width // 2) * -step)
    angles = torch.arange(1, length + 1).unsqueeze(1) * scale
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention with its norm; `fused` projects query, key and value in one."""

    def __init__(self, shape: Shape, *, fused: bool) -> None:
        """Make the projections."""
        super().__init__()
        self.heads, self.dropout = shape.heads, shape.dropout
        self.norm = nn.LayerNorm(shape.width)
        sizes = [3] if fused else [1, 2]
        self.project = nn.ModuleList(nn.Linear(shape.width, n * shape.width) for n in sizes)
        self.out = nn.Linear(shape.width, shape.width)

    def forward(
        self, state: Tensor, memory: Tensor | None, allowed: Tensor, *, taught: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Add what is attended to; `taught` also returns the log weights of head 0."""
        query, key, value = self._projected(self.norm(state), memory)
        rate = self.dropout if self.training else 0.0
        log_weights = _log_weights(query[:, 0], key[:, 0], allowed) if taught else None
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=allowed, dropout_p=rate
        )
        merged = seen.transpose(1, 2).flatten(2)
        return state + functional.dropout(self.out(merged), rate), log_weights

    def _projected(self, state: Tensor, memory: Tensor | None) -> list[Tensor]:
        if memory is None:
            parts = self.project[0](state).chunk(3, dim=-1)
        else:
            parts = (self.project[0](state), *self.project[1](memory).chunk(2, dim=-1))
        return [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts]


def _log_weights(query: Tensor, key: Tensor, allowed: Tensor) -> Tensor:
    scores = query.float() @ key.float().transpose(1, 2) / math.sqrt(query.shape[-1])
    return scores.masked_fill(~allowed[:, 0], -1e9).log_softmax(dim=-1)


class FeedForward(nn.Module):
    """Two linear layers with their norm."""

    def __init__(self, shape: Shape) -> None:
        """Make the layers."""
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.first = nn.Linear(shape.width, shape.inside)
        self.second = nn.Linear(shape.inside, shape.width)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, state: Tensor) -> Tensor:
        """Add the result to the state."""
        inside: Tensor = self.dropout(functional.relu(self.first(self.norm(state))))
        added: Tensor = state + self.dropout(self.second(inside))
        return added


class EncoderLayer(nn.Module):
    """Self attention, then feed forward."""

    def __init__(self, shape: Shape) -> None:
        """Make the parts."""
        super().__init__()
        self.attention = Attention(shape, fused=True)
        self.feed_forward = FeedForward(shape)

    def forward(self, state: Tensor, allowed: Tensor) -> Tensor:
        """Run the layer."""
        state, _ = self.attention(state, None, allowed)
        result: Tensor = self.feed_forward(state)
        return result


class DecoderLayer(nn.Module):
    """Self attention, attention to the source, then feed forward."""

    def __init__(self, shape: Shape) -> None:
        """Make the parts."""
        super().__init__()
        self.attention = Attention(shape, fused=True)
        self.source = Attention(shape, fused=False)
        self.feed_forward = FeedForward(shape)

    def forward(
        self, state: Tensor, memory: Tensor, earlier: Tensor, allowed: Tensor, *, taught: bool
    ) -> tuple[Tensor, Tensor | None]:
        """Run the layer."""
        state, _ = self.attention(state, None, earlier)
        state, log_weights = self.source(state, memory, allowed, taught=taught)
        return self.feed_forward(state), log_weights


class Network(nn.Module):
    """Encoder and decoder with one table of embeddings for both languages and the output."""

    def __init__(self, shape: Shape) -> None:
        """Make the layers and start them off."""
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.pieces, shape.width)
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.encoder_norm = nn.LayerNorm(shape.width)
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.decoder_norm = nn.LayerNorm(shape.width)
        self.bias = nn.Parameter(torch.zeros(shape.pieces))
        self._start()

    def _start(self) -> None:
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        nn.init.normal_(self.embedding.weight, std=self.shape.width**-0.5)

    def embed(self, ids: Tensor) -> Tensor:
        """Look pieces up and add their positions."""
        width = self.shape.width
        embedded = self.embedding(ids) * width**0.5 + positions(ids.shape[1], width)
        return functional.dropout(embedded, self.shape.dropout, self.training)

    def encode(self, source: Tensor, real: Tensor) -> Tensor:
        """Read the source; `real` is false for padding."""
        state, allowed = self.embed(source), real[:, None, None, :]
        for layer in self.encoder:
            state = layer(state, allowed)
        result: Tensor = self.encoder_norm(state)
        return result

    def decode(self, target: Tensor, memory: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """Score the next piece at every position; also give head 0's log attention."""
        state, length = self.embed(target), target.shape[1]
        earlier = torch.ones(length, length, dtype=torch.bool).tril()[None, None]
        allowed = real[:, None, None, :].expand(-1, 1, length, -1)
        for index, layer in enumerate(self.decoder, start=1):
            taught = index == len(self.decoder)
            state, log_weights = layer(state, memory, earlier, allowed, taught=taught)
        logits = functional.linear(self.decoder_norm(state), self.embedding.weight, self.bias)
        return logits, log_weights
