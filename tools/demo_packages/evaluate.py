"""Measures the packed packages: chrF, BLEU, tokens that survive, attention as alignment.

`python -m tools.demo_packages.evaluate [--pair en-es]` prints a table, and writes `figures.json`
and the table in README.md.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sacrebleu.metrics import BLEU, CHRF

from tools.demo_packages import figures
from tools.demo_packages.alignment import WORD
from tools.demo_packages.corpus import Corpus, read_corpus
from tools.demo_packages.figures import Figures, Sample
from tools.demo_packages.notices import CLOSE, nearest, produced, read_notices
from tools.demo_packages.packed import Answer, translate
from tools.demo_packages.pairs import Direction, Pair, split
from tools.demo_packages.recipe import RECIPES, package_path

TOKEN = re.compile(r"⟦\d+⟧")
SAMPLES = 10
PIVOT = (Direction("en", "es"), Direction("es", "pt"))
UNSEEN, NOTICES = "unseen combinations", "hand-written notices"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all packages that are there, or one; exit code 1 if a template makes a notice."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [str(direction) for direction in RECIPES]
    parser.add_argument("--pair", choices=names, help="measure one package only")
    options = parser.parse_args(arguments)
    corpus, rows = read_corpus(), read_notices()
    same = list(_compared(corpus, rows))
    for direction in RECIPES:
        if options.pair in {None, str(direction)} and package_path(direction).exists():
            _measure(corpus, rows, direction)
    if all(package_path(step).exists() for step in PIVOT):
        _measure_pivot(rows)
    known = figures.read()
    print(figures.table(known))
    figures.quote(known)
    return 1 if same else 0


def _compared(corpus: Corpus, rows: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Print how close templates come to the notices, and yield those that a template produces."""
    for lang in sorted({direction.source for direction in RECIPES}):
        texts = [row[lang] for row in rows]
        for notice, template in produced(corpus, texts, lang):
            print(f"produced by {template}: {notice}")
            yield notice, template
        for one in nearest(corpus, texts, lang):
            if one.likeness >= CLOSE:
                print(f"{one.likeness:.2f} like {one.template}: {one.notice} / {one.expansion}")


def _measure(corpus: Corpus, rows: list[dict[str, str]], direction: Direction) -> None:
    recipe, package = RECIPES[direction], package_path(direction)
    drawn = split(corpus, direction, seed=recipe.seed, train=0, held_out=recipe.held_out)
    found = {
        UNSEEN: on_held_out(package, drawn.held_out),
        NOTICES: on_notices([package], rows, direction),
    }
    figures.record(str(direction), [package], found)


def _measure_pivot(rows: list[dict[str, str]]) -> None:
    steps = [package_path(step) for step in PIVOT]
    found = on_notices(steps, rows, Direction("en", "pt"))
    figures.record("en-pt by way of es", steps, {NOTICES: found})


def on_held_out(package: Path, pairs: list[Pair]) -> Figures:
    """Measure on unseen fillings of known templates, where the word alignment is known too."""
    sources = [pair.source for pair in pairs]
    answers = translate(package, sources)
    both = zip(pairs, answers, strict=True)
    alignment = [hit for pair, answer in both for hit in _hits(pair, answer)]
    return _figures(sources, answers, [pair.target for pair in pairs], alignment)


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
    samples = [Sample(*three) for three in zip(sources, texts, references, strict=True)]
    return Figures(
        sentences=len(texts),
        chrf=round(CHRF().corpus_score(texts, [references]).score, 1),
        bleu=round(BLEU().corpus_score(texts, [references]).score, 1),
        exact=_share([text == reference for text, reference in both]) or 0.0,
        tokens_kept=_share(_kept(sources, [[text] for text in texts])),
        tokens_kept_in_four=_share(_kept(sources, [[one.text, *one.others] for one in answers])),
        alignment=_share(alignment),
        samples=samples[:: max(1, len(samples) // SAMPLES)][:SAMPLES],
    )


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _kept(sources: Sequence[str], texts: Sequence[Iterable[str]]) -> list[bool]:
    """Say for each sentence with tokens whether one of its texts has every token once."""
    return [
        any(_tokens(text) == _tokens(source) for text in some)
        for source, some in zip(sources, texts, strict=True)
        if TOKEN.search(source)
    ]


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


if __name__ == "__main__":
    raise SystemExit(main())
