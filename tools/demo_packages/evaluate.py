"""Measures the packed packages: chrF, protected tokens that survive, attention as alignment.

`python -m tools.demo_packages.evaluate [--pair en-es]` prints a table and writes `figures.json`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sacrebleu.metrics import CHRF

from tools.demo_packages.alignment import WORD
from tools.demo_packages.corpus import HERE, read_corpus
from tools.demo_packages.notices import read_notices
from tools.demo_packages.packed import Answer, translate
from tools.demo_packages.pairs import Direction, Pair, split
from tools.demo_packages.recipe import DIRECTIONS, Recipe, package_path

TOKEN = re.compile(r"⟦\d+⟧")
SAMPLES = 8
FIGURES = HERE / "figures.json"
PIVOT = (Direction("en", "es"), Direction("es", "pt"))


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence with what the package made of it and what a person wrote."""

    source: str
    translation: str
    reference: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a package is: rates are shares from 0 to 1, chrF goes to 100."""

    sentences: int
    chrf: float
    exact: float
    tokens_kept: float | None
    alignment: float | None
    samples: list[Sample]


def on_held_out(package: Path, pairs: list[Pair]) -> Figures:
    """Measure on unseen fillings of known templates, where the word alignment is known too."""
    answers = translate(package, [pair.source for pair in pairs])
    both = zip(pairs, answers, strict=True)
    alignment = [hit for pair, answer in both for hit in _hits(pair, answer)]
    sources, references = [pair.source for pair in pairs], [pair.target for pair in pairs]
    return _figures(sources, answers, references, alignment)


def on_notices(packages: list[Path], rows: list[dict[str, str]], direction: Direction) -> Figures:
    """Measure on notices that people wrote; several packages translate one after the other."""
    sources = [row[direction.source] for row in rows]
    texts, answers = sources, list[Answer]()
    for package in packages:
        answers = translate(package, texts)
        texts = [answer.text for answer in answers]
    return _figures(sources, answers, [row[direction.target] for row in rows], [])


def _figures(
    sources: list[str], answers: list[Answer], references: list[str], alignment: list[bool]
) -> Figures:
    texts = [answer.text for answer in answers]
    both = list(zip(texts, references, strict=True))
    kept = [
        _tokens(source) == _tokens(text)
        for source, text in zip(sources, texts, strict=True)
        if TOKEN.search(source)
    ]
    samples = [Sample(*three) for three in zip(sources, texts, references, strict=True)]
    return Figures(
        sentences=len(texts),
        chrf=round(CHRF().corpus_score(texts, [references]).score, 1),
        exact=_share([text == reference for text, reference in both]) or 0.0,
        tokens_kept=_share(kept),
        alignment=_share(alignment),
        samples=samples[:: max(1, len(samples) // SAMPLES)][:SAMPLES],
    )


def _share(hits: list[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _tokens(text: str) -> list[str]:
    return sorted(TOKEN.findall(text))


def _hits(pair: Pair, answer: Answer) -> Iterator[bool]:
    """Say for each aligned word of a right translation whether attention points to its source."""
    if answer.text != pair.target:
        return
    right = set(pair.links)
    source, target = _word_of(answer.source, pair.source), _word_of(answer.target, pair.target)
    for word in sorted({j for _, j in pair.links}):
        rows = [row for row, owner in zip(answer.attention, target, strict=False) if owner == word]
        best = _strongest(rows, source)
        yield (best, word) in right


def _word_of(pieces: list[str], text: str) -> list[int]:
    """Give for each piece the word that its last letter belongs to, -1 for a space."""
    owner = [-1] * (len(text) + 1)
    for number, found in enumerate(WORD.finditer(text)):
        owner[found.start() : found.end()] = [number] * len(found[0])
    owners, position = list[int](), -1
    for piece in pieces:
        position += len(piece)
        owners.append(owner[min(position - 1, len(text))] if piece != "▁" else -1)
    return owners


def _strongest(rows: list[list[float]], source: list[int]) -> int:
    """Give the source word that gets most attention from the pieces of a target word."""
    weights: dict[int, float] = {}
    for row in rows:
        for weight, word in zip(row, source, strict=False):
            weights[word] = weights.get(word, 0.0) + (weight if word >= 0 else 0.0)
    return max(weights, key=lambda word: weights[word], default=-1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all packages that are there, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [str(direction) for direction in DIRECTIONS]
    parser.add_argument("--pair", choices=names, help="measure one package only")
    options = parser.parse_args(arguments)
    for direction in DIRECTIONS:
        if options.pair in {None, str(direction)} and package_path(direction).exists():
            _record(str(direction), _measured(direction), [package_path(direction)])
    steps = [package_path(step) for step in PIVOT]
    if all(step.exists() for step in steps):
        found = on_notices(steps, read_notices(), Direction("en", "pt"))
        _record("en-pt by way of es", {"hand-written notices": found}, steps)
    return 0


def _measured(direction: Direction) -> dict[str, Figures]:
    recipe = Recipe()
    drawn = split(read_corpus(), direction, seed=recipe.seed, train=0, held_out=recipe.held_out)
    package = package_path(direction)
    return {
        "unseen combinations": on_held_out(package, drawn.held_out),
        "hand-written notices": on_notices([package], read_notices(), direction),
    }


def _record(name: str, figures: dict[str, Figures], packages: list[Path]) -> None:
    """Print the figures, and put them into the file beside those of the other packages."""
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    size = sum(package.stat().st_size for package in packages)
    known[name] = {"bytes": size} | {test: asdict(found) for test, found in figures.items()}
    text = json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True)
    FIGURES.write_text(text + "\n", encoding="utf-8")
    for test, found in figures.items():
        print(_line(name, test, found), flush=True)


def _line(name: str, test: str, found: Figures) -> str:
    rates = (found.exact, found.tokens_kept, found.alignment)
    exact, kept, aligned = ("-" if rate is None else f"{rate:.1%}" for rate in rates)
    return (
        f"{name:20} {test:22} {found.sentences:4} sentences  chrF {found.chrf:5.1f}  "
        f"exact {exact:>6}  tokens kept {kept:>6}  alignment {aligned:>6}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
