"""What the decoding benchmark decodes, and who takes part: subjects with their sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.random_package import ARGOS, build, sentences
from workflow.adapters.argos.install import Installer
from workflow.adapters.argos.store import ArgosStore
from workflow.bootstrap import open_project
from workflow.presets import PRESETS
from workflow.segments import split
from workflow.steps.samples import samples

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "packages" / "translate-en_es-1_0.argosmodel"
HELD_OUT = ROOT / "tools" / "demo_packages" / "heldout" / "notices.tsv"

POLYPRESS, DRAFT, BARE, LOOP = "Polypress", "Polypress, draft", "bare ctranslate2", "the loop"
DEFAULTS = f"{LOOP}, its defaults"
ONE, PARAGRAPHS, REAL = "one sentence", "paragraphs", "demo package"
OURS, PEER = "benchmarks.decoding_sides", "benchmarks.argos_peer"


@dataclass(frozen=True, slots=True)
class Side:
    """One program with its settings; `share` says that it decodes every `share`-th text."""

    name: str
    module: tuple[str, ...]
    settings: dict[str, Any]
    share: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """Texts for a package in `folder`; `runs` is how often each side decodes them at a time."""

    name: str
    folder: Path
    texts: Sequence[str]
    sides: Sequence[Side]
    runs: int = 1
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: sentences, rounds, and the shares of the two slow kinds of side.

    Not `every` side takes part in a quick run. `runs` is how often the demo package decodes its
    sentences at a time; `patience` how many seconds may be lost to other programs.
    """

    sentences: int
    rounds: int
    loop: int
    defaults: int
    runs: int = 1
    patience: float = 0.0
    every: bool = True


def subjects(folder: Path, cores: int, scale: Scale) -> Iterator[Subject]:
    """The three subjects, with their packages made in a folder."""
    made = build(folder / "made", shape=ARGOS)
    texts = sentences(scale.sentences, seed=5, longest=16)
    forced = {"forced": True}
    everybody = [*_ours(), *_bare(scale), *_loops(cores, scale)]
    yield Subject(ONE, made, texts, everybody, settings=forced)
    units = paragraphs(sentences(scale.sentences, seed=6, longest=16))
    settings = forced | {"units": True}
    some = [*_ours()[:1], *_loops(cores, scale)[:-1]]
    yield Subject(PARAGRAPHS, made, units, some, settings=settings)
    demo = Installer(ArgosStore(folder / "store")).from_file(DEMO).package.folder
    small = replace(scale, loop=1, defaults=4)
    everybody = [*_ours()[:1], *_bare(scale), *_loops(cores, small)]
    yield Subject(REAL, demo, real_sentences(), everybody, runs=scale.runs)


def paragraphs(texts: Sequence[str]) -> list[str]:
    """Units of three sentences of about one length.

    The forced length is that of a call's longest sentence, and the loop calls once for each unit:
    with sentences of different lengths it would have to decode more than a real translation has.
    """
    ordered = sorted(texts, key=len)
    return [" ".join(ordered[at : at + 3]) for at in range(0, len(ordered) - 2, 3)]


def real_sentences() -> list[str]:
    """The held-out notices and the sample project's sentences, those that nobody cuts further."""
    rows = [line.split("\t") for line in HELD_OUT.read_text("utf-8").splitlines()]
    texts = [row[0] for row in rows[1:]] + list(samples(open_project(ROOT)))
    return [text for text in dict.fromkeys(texts) if len(split(text, "en")) == 1]


def _ours() -> list[Side]:
    return [
        Side(name, (OURS, "polypress"), {"beam": one.beam_size, "hypotheses": one.num_hypotheses})
        for name, one in ((POLYPRESS, PRESETS["standard"]), (DRAFT, PRESETS["draft"]))
    ]


def _bare(scale: Scale) -> list[Side]:
    sizes = (8, 12, 16) if scale.every else (12,)
    return [Side(f"{BARE}, batches of {n}", (OURS, "bare"), {"batch": n}) for n in sizes]


def _loops(cores: int, scale: Scale) -> list[Side]:
    """The loop in three settings of threads, and last with its defaults."""
    threads = {(1, 1), (cores, 1), (1, cores)} if scale.every else {(cores, 1)}
    loops = [
        Side(
            f"{LOOP}, inter {inter}, intra {intra}",
            (PEER,),
            {"replicas": inter, "threads": intra},
            scale.loop if intra == 1 else scale.defaults,
        )
        for inter, intra in sorted(threads, reverse=True)
    ]
    return [*loops, Side(DEFAULTS, (PEER,), {"replicas": None, "threads": None}, scale.defaults)]
