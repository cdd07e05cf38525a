"""Makes the demo packages from one seed: pairs, pieces, training, conversion, check, package.

`python -m tools.demo_packages.build [--pair en-es] [--steps N]` goes on where it was stopped: a
vocabulary and a checkpoint under `var/train` are used as they are. Remove them to start anew.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tools.demo_packages import evaluate
from tools.demo_packages.convert import agreement, convert
from tools.demo_packages.corpus import Corpus, read_corpus
from tools.demo_packages.network import Network
from tools.demo_packages.pack import pack
from tools.demo_packages.pairs import Direction, Pair, split
from tools.demo_packages.pieces import Encoded, Pieces, learn
from tools.demo_packages.recipe import DIRECTIONS, PACKAGES, RECIPES, WORK, Recipe, package_path
from tools.demo_packages.train import Plan, restored, steps_done, train

CHECKED = 50
LEAST_AGREEMENT = 0.98


class BuildError(RuntimeError):
    """Raised when the corpus has mistakes, or the converted model answers otherwise."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What one package is made with; its files lie under `var/train`, named after the pair."""

    corpus: Corpus
    direction: Direction
    recipe: Recipe
    start: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """Print a line of progress with the minutes that have passed."""
        minutes = (time.monotonic() - self.start) / 60
        print(f"{self.direction} {minutes:5.1f} min  {text}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [str(direction) for direction in DIRECTIONS]
    parser.add_argument("--pair", choices=names, help="make one package only")
    parser.add_argument("--steps", type=int, help="steps of training, if not the recipe's own")
    options = parser.parse_args(arguments)
    corpus = _sound_corpus()
    for direction, recipe in RECIPES.items():
        if options.pair in {None, str(direction)}:
            steps = options.steps or recipe.steps
            build(Bench(corpus, direction, replace(recipe, steps=steps)))
    if all(package_path(direction).exists() for direction in DIRECTIONS):
        return evaluate.main([])
    return 0


def _sound_corpus() -> Corpus:
    corpus = read_corpus()
    if corpus.errors:
        raise BuildError(f"{corpus.errors[0]} (all: python -m tools.demo_packages.corpus --check)")
    return corpus


def build(bench: Bench) -> None:
    """Make one package, from whatever of it exists. Raises BuildError."""
    network, pieces = _trained(bench)
    _check(bench, network, pieces)
    model = WORK / f"{bench.direction}-int8"
    convert(network, pieces, model)
    path = pack(bench.direction, model, WORK / f"{bench.direction}.spm", PACKAGES)
    bench.say(f"packed {path.name}: {path.stat().st_size:,} bytes")


def _trained(bench: Bench) -> tuple[Network, Pieces]:
    vocabulary, checkpoint = (WORK / f"{bench.direction}{end}" for end in (".spm", ".pt"))
    if not vocabulary.exists():
        checkpoint.unlink(missing_ok=True)
    if steps_done(checkpoint) < bench.recipe.steps:
        pairs = _pairs(bench)
        pieces = _pieces(bench, pairs)
        encoded = _encoded(bench, pairs, pieces)
        seed, plan = bench.recipe.seed, Plan(steps=bench.recipe.steps)
        train(encoded, pieces=len(pieces), seed=seed, plan=plan, checkpoint=checkpoint)
    pieces = Pieces(vocabulary)
    bench.say(f"trained for {steps_done(checkpoint)} steps")
    return restored(checkpoint, pieces=len(pieces)), pieces


def _pairs(bench: Bench) -> list[Pair]:
    bench.say("drawing pairs")
    recipe = bench.recipe
    drawn = split(
        bench.corpus,
        bench.direction,
        seed=recipe.seed,
        train=recipe.train,
        held_out=recipe.held_out,
    )
    bench.say(f"{len(drawn.train):,} pairs to learn from, {len(drawn.held_out)} held out")
    return drawn.train


def _pieces(bench: Bench, pairs: list[Pair]) -> Pieces:
    path = WORK / f"{bench.direction}.spm"
    if not path.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        first = pairs[: bench.recipe.vocabulary]
        texts = [text for pair in first for text in (pair.source, pair.target)]
        learn(texts, path, size=bench.recipe.pieces)
    pieces = Pieces(path)
    bench.say(f"a vocabulary of {len(pieces):,} pieces")
    return pieces


def _encoded(bench: Bench, pairs: list[Pair], pieces: Pieces) -> list[Encoded]:
    rng = Random(bench.recipe.sampling_seed)
    share = bench.recipe.sampled
    encoded = [pieces.encode(pair, rng=rng if rng.random() < share else None) for pair in pairs]
    lengths = sum(len(pair.source) + len(pair.target) for pair in encoded)
    bench.say(f"cut into {lengths / len(encoded):.0f} pieces a pair")
    return encoded


def _check(bench: Bench, network: Network, pieces: Pieces) -> None:
    """Compare CTranslate2 with PyTorch on held-out sentences, before any rounding."""
    drawn = split(
        bench.corpus,
        bench.direction,
        seed=bench.recipe.seed,
        train=0,
        held_out=bench.recipe.held_out,
    )
    sentences = [pair.source for pair in drawn.held_out[:CHECKED]]
    same = agreement(network, pieces, sentences, WORK / f"{bench.direction}-float32")
    bench.say(f"CTranslate2 says what PyTorch says on {same:.0%} of {len(sentences)} sentences")
    if same < LEAST_AGREEMENT:
        raise BuildError(f"{bench.direction}: the converted model answers otherwise")


if __name__ == "__main__":
    raise SystemExit(main())
