"""What was measured, as JSON on disk and as the table that the README shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.demo_packages.corpus import HERE

FIGURES = HERE / "figures.json"
README = HERE / "README.md"
START, END = "<!-- figures -->", "<!-- end of figures -->"
HEADER = (
    "package",
    "MB",
    "measured on",
    "sentences",
    "chrF",
    "BLEU",
    "exact",
    "tokens kept",
    "in 4 best",
    "alignment",
)
RULE = "|---|---:|---|" + "---:|" * (len(HEADER) - 3)

ABOUT = {"bytes", "sha256"}

Known = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence, what the package made of it, and what a person or a template says."""

    source: str
    translation: str
    reference: str


@dataclass(frozen=True, slots=True)
class Figures:
    """One test: shares go from 0 to 1, chrF and BLEU to 100; None is what cannot be said there.

    `tokens_kept` is the share of sentences with protected tokens in which each came out once.
    """

    sentences: int
    chrf: float
    bleu: float
    exact: float
    tokens_kept: float | None
    tokens_kept_in_four: float | None
    alignment: float | None
    samples: list[Sample]


def read(path: Path = FIGURES) -> Known:
    """Read what the last measurement of each package said; nothing if there was none."""
    known: Known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return known


def record(
    name: str, packages: Sequence[Path], found: Mapping[str, Figures], path: Path = FIGURES
) -> Known:
    """Put the figures of a package, or of a chain of them, beside those of the others."""
    size = sum(package.stat().st_size for package in packages)
    rows: dict[str, Any] = {test: asdict(figures) for test, figures in found.items()}
    known = read(path) | {name: {"bytes": size, "sha256": digest(packages)} | rows}
    text = json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
    return known


def digest(packages: Sequence[Path]) -> str:
    """Say which packages were measured: their SHA-256, joined by `+`."""
    return "+".join(hashlib.sha256(package.read_bytes()).hexdigest() for package in packages)


def table(known: Known) -> str:
    """Show the figures as a Markdown table."""
    return "\n".join([f"| {' | '.join(HEADER)} |", RULE, *_rows(known)])


def _rows(known: Known) -> Iterator[str]:
    for name, tests in known.items():
        size = f"{tests['bytes'] / 1e6:.1f}"
        for test in sorted(tests.keys() - ABOUT, reverse=True):
            yield f"| {name} | {size} | {test} | {_cells(tests[test])} |"


def _cells(found: Mapping[str, Any]) -> str:
    shares = ("exact", "tokens_kept", "tokens_kept_in_four", "alignment")
    scores = (f"{found['chrf']:.1f}", f"{found['bleu']:.1f}")
    return " | ".join([str(found["sentences"]), *scores, *(_percent(found[key]) for key in shares)])


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def quote(known: Known, path: Path = README) -> None:
    """Put the table into the README, between its two marks."""
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n{table(known)}\n{END}{after}", encoding="utf-8")
