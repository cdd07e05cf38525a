"""Trains the network of one package; can be stopped and goes on from its last checkpoint."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from torch.nn import functional

from tools.demo_packages.batches import Batch, batches
from tools.demo_packages.network import Network, Shape
from tools.demo_packages.pieces import Encoded

REPORT_EVERY, SAVE_EVERY = 50, 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    steps: int = 2400
    warm_up: int = 300
    rate: float = 3e-3
    budget: int = 4096
    smoothing: float = 0.1
    alignment: float = 0.1
    threads: int = 2
    half: bool = False


def train(pairs: list[Encoded], *, pieces: int, seed: int, plan: Plan, checkpoint: Path) -> Network:
    """Learn from the pairs and give the network."""
    torch.manual_seed(seed)
    torch.set_num_threads(plan.threads)
    network = Network(Shape(pieces))
    learner = torch.optim.Adam(network.parameters(), lr=plan.rate, betas=(0.9, 0.98), eps=1e-9)
    done = _resume(network, learner, checkpoint)
    network.train()
    clock = time.monotonic()
    for step, batch in _from(
        done + 1, plan, batches(pairs, budget=plan.budget, rng=Random(seed + done))
    ):
        loss, taught = _learn(network, learner, batch, rate=_rate(step, plan), plan=plan)
        if step % REPORT_EVERY == 0:
            speed = (time.monotonic() - clock) / REPORT_EVERY
            print(
                f"step {step} loss {loss:.3f} attention {taught:.3f} {speed:.2f} s/step", flush=True
            )
            clock = time.monotonic()
        if step % SAVE_EVERY == 0 or step == plan.steps:
            _save(network, learner, step, checkpoint)
    return network.eval()


def _from(first: int, plan: Plan, source: Iterator[Batch]) -> Iterator[tuple[int, Batch]]:
    return zip(range(first, plan.steps + 1), source, strict=False)


def _rate(step: int, plan: Plan) -> float:
    """Rise in a line, then fall along a cosine to nothing."""
    if step < plan.warm_up:
        return plan.rate * step / plan.warm_up
    left = (step - plan.warm_up) / max(1, plan.steps - plan.warm_up)
    return plan.rate * 0.5 * (1 + math.cos(math.pi * left))


def _learn(
    network: Network, learner: torch.optim.Adam, batch: Batch, *, rate: float, plan: Plan
) -> tuple[float, float]:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
        memory = network.encode(batch.source, batch.source_real)
        logits, log_weights = network.decode(batch.given, memory, batch.source_real)
    loss = _loss(logits, batch, plan.smoothing)
    taught = _alignment_loss(log_weights, batch)
    for group in learner.param_groups:
        group["lr"] = rate
    learner.zero_grad(set_to_none=True)
    (loss + plan.alignment * taught).backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    learner.step()
    return loss.item(), taught.item()


def _loss(logits: Tensor, batch: Batch, smoothing: float) -> Tensor:
    real = batch.wanted_real
    return functional.cross_entropy(
        logits[real].float(), batch.wanted[real], label_smoothing=smoothing
    )


def _alignment_loss(log_weights: Tensor, batch: Batch) -> Tensor:
    """Measure how far head 0 is from the alignment, over the target pieces that have one."""
    aligned = batch.teaching.sum()
    return -(batch.teaching * log_weights).sum() / aligned


def _save(network: Network, learner: torch.optim.Adam, step: int, path: Path) -> None:
    state = {"step": step, "network": network.state_dict(), "learner": learner.state_dict()}
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _resume(network: Network, learner: torch.optim.Adam, path: Path) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    learner.load_state_dict(state["learner"])
    return int(state["step"])


def steps_done(checkpoint: Path) -> int:
    """Say how far a checkpoint is; 0 if there is none."""
    if not checkpoint.exists():
        return 0
    return int(torch.load(checkpoint, weights_only=True)["step"])


def restored(checkpoint: Path, *, pieces: int) -> Network:
    """Give the network of a checkpoint, ready to translate."""
    network = Network(Shape(pieces))
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["network"])
    return network.eval()
