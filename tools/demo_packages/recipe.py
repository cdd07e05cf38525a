"""Which demo packages there are, and every number that their making starts from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.demo_packages.pairs import Direction

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "packages"
WORK = ROOT / "var" / "train"
VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many steps, pairs and pieces; the first `vocabulary` pairs make the pieces.

    A share `sampled` of the source sentences is cut into pieces in a random way, from a seed of
    its own, so that the network meets more than the one likeliest cut.
    """

    seed: int = 1
    steps: int = 2_400
    train: int = 170_000
    held_out: int = 600
    pieces: int = 2_000
    vocabulary: int = 60_000
    sampled: float = 0.2
    sampling_seed: int = 3


RECIPES = {
    Direction("en", "es"): Recipe(),
    Direction("en", "ar"): Recipe(),
    Direction("es", "pt"): Recipe(steps=1_800, train=130_000),
}
"""Portuguese is close to Spanish: it is learnt sooner."""
DIRECTIONS = tuple(RECIPES)


def package_name(direction: Direction) -> str:
    """Name a package's file and its one folder as Argos does, without suffix."""
    version = VERSION.replace(".", "_")
    return f"translate-{direction.source}_{direction.target}-{version}"


def package_path(direction: Direction, folder: Path = PACKAGES) -> Path:
    """Give the place of a packed package."""
    return folder / f"{package_name(direction)}.argosmodel"
