"""Finding the sizes of batches with which a package is fastest on this machine, by trying."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, cycle, islice
from statistics import median
from typing import TYPE_CHECKING

from workflow.adapters.argos.devices import AskedDevice, Device, chosen, cuda_cards, usable_cores
from workflow.adapters.argos.heap import give_back, share_one
from workflow.adapters.argos.probetexts import probe_texts
from workflow.adapters.argos.sizes import Sizes, on_card, on_processor
from workflow.adapters.argos.store import ArgosStore
from workflow.adapters.argos.tuning import Tuned, TuningFile
from workflow.model import DecodeParameters
from workflow.ports import InstalledPackage

if TYPE_CHECKING:
    from workflow.adapters.argos.decoder import Decoder, LoadTranslator

WORTH = 1.03
"""Less than that is within what two runs of the same differ by: the default stays."""
FINALS = 3
"""Runs of the best and of the default in turns, which decide."""
LONGEST_TEXT = 400
"""Characters; longer texts are left out, so that a sample is like another."""
FEWEST, MOST = 24, 4096
"""Segments of a sample."""
SHORTEST, LONGEST = 3, 22
"""Words of an invented text."""

Tried = Callable[[int, int], None]
"""Gets how many runs are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Sizes that were tried, and their segments a second."""

    sizes: Sizes
    pace: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one package: all trials, the default first, and which sizes it gets.

    `gain` is by what share the best beat the default when they took turns; if that is not worth
    it, `best` is the default.
    """

    package: InstalledPackage
    device: Device
    cores: int
    trials: tuple[Trial, ...]
    best: Sizes
    gain: float


@dataclass(frozen=True, slots=True)
class Tuner:
    """Tries packages of a store; `load` and `cards` are those of the engine."""

    store: ArgosStore
    file: TuningFile
    parameters: DecodeParameters
    device: AskedDevice = "auto"
    load: LoadTranslator | None = None
    cards: Callable[[], int] = field(default=cuda_cards)

    def tune(
        self, package: InstalledPackage, texts: Sequence[str], seconds: float, tried: Tried
    ) -> Finding:
        """Try some sizes for about so many seconds; loading comes on top.

        `texts` are segments as the engine gets them; without any, the sentences of the probe are
        taken, or words of the package's vocabulary. Raises PackageError or SettingsError.
        """
        self.store.verify(package)
        try:
            return self._tried(package, texts, seconds, tried)
        finally:
            give_back()

    def record(self, finding: Finding) -> None:
        """Have every run from now on use what was found. Raises OutsideError or LockedError.

        It may have to wait for an installation to end (`tuning.PATIENCE`).
        """
        self.file.record(_record(finding))

    def _tried(
        self, package: InstalledPackage, texts: Sequence[str], seconds: float, tried: Tried
    ) -> Finding:
        device, cores = chosen(self.device, self.cards), usable_cores()
        default = on_card() if device == "cuda" else on_processor(cores)
        bench = _Bench(partial(self._opened, package, device), self.parameters, default)
        bench.prepare(_fitting(texts, package), seconds, tried)
        trials = [bench.trial(sizes) for sizes in (default, *batches(default))]
        shape = max(trials, key=lambda one: one.pace).sizes
        trials += [bench.trial(sizes) for sizes in others(shape)]
        best = max(trials, key=lambda one: one.pace).sizes
        gain = bench.gain(best)
        kept = best if gain >= WORTH - 1 else default
        return Finding(package, device, cores, tuple(trials), kept, gain)

    def _opened(self, package: InstalledPackage, device: Device, sizes: Sizes) -> Decoder:
        """CTranslate2 is imported here: half a second, for this alone."""
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the engine sets it
        from workflow.adapters.argos.decoder import load_translator, open_decoder  # noqa: PLC0415

        share_one()
        load = self.load or partial(load_translator, device=device)
        return open_decoder(package, sizes=sizes, load=load)


class _Bench:
    """One package on one machine, a sample of texts, and decoders by their replicas."""

    def __init__(
        self, opened: Callable[[Sizes], Decoder], parameters: DecodeParameters, default: Sizes
    ) -> None:
        self._opened = opened
        self._parameters = parameters
        self._default = default
        self._decoder = opened(default)
        self._sample: list[str] = []
        self._runs = 0
        self._tried: Tried = lambda _done, _of: None

    def prepare(self, texts: Sequence[str], seconds: float, tried: Tried) -> None:
        """Choose a sample that takes its share of the seconds, by the pace of a small one."""
        self._tried = tried
        texts = texts or list(islice(invented(self._decoder.known), 200))
        self._sample = list(islice(cycle(texts), FEWEST))
        self._pace(self._default)  # what is slow the first time
        fitting = int(self._pace(self._default) * seconds / self._of)
        self._sample = list(islice(cycle(texts), max(FEWEST, min(MOST, fitting))))
        self._runs = 0

    def trial(self, sizes: Sizes) -> Trial:
        """One run."""
        return Trial(sizes, self._pace(sizes))

    def gain(self, best: Sizes) -> float:
        """By what share the best beats the default, by medians of runs in turns."""
        if best == self._default:
            return 0.0
        pairs = [(self._pace(best), self._pace(self._default)) for _ in range(FINALS)]
        return median(ours for ours, _ in pairs) / median(default for _, default in pairs) - 1.0

    @property
    def _of(self) -> int:
        """How many runs there are at most."""
        shapes = [self._default, *batches(self._default)]
        return len(shapes) + len(list(others(self._default))) + 2 * FINALS

    def _pace(self, sizes: Sizes) -> float:
        from workflow.adapters.argos.pooling import pooled  # noqa: PLC0415 - see Tuner._opened

        if sizes.replicas != self._decoder.sizes.replicas:
            self._decoder = self._opened(sizes)
        decoder = replace(self._decoder, sizes=sizes)
        start = time.perf_counter()
        done = sum(1 for _ in pooled(decoder, self._sample, self._parameters))
        pace = done / (time.perf_counter() - start)
        self._runs += 1
        self._tried(self._runs, self._of)
        return pace


def _fitting(texts: Sequence[str], package: InstalledPackage) -> list[str]:
    probes = probe_texts(package.ref.source)
    probed = [one.text for one in probes.tokened] + [one.text for one in probes.anchored]
    return [text for text in texts or probed if text.strip() and len(text) <= LONGEST_TEXT]


def batches(default: Sizes) -> Iterator[Sizes]:
    """Smaller and larger batches than the default's."""
    for numerator, denominator in ((1, 2), (2, 1), (4, 1)):
        scaled = (
            size * numerator // denominator
            for size in (default.rows, default.pieces, default.segments)
        )
        yield Sizes(default.replicas, *scaled)


def others(sizes: Sizes) -> Iterator[Sizes]:
    """The same batches with half and with twice as many pieces, and with other replicas."""
    yield replace(sizes, pieces=max(1, sizes.pieces // 2))
    yield replace(sizes, pieces=sizes.pieces * 2)
    if sizes.replicas > 1:
        yield replace(sizes, replicas=sizes.replicas // 2)
    yield replace(sizes, replicas=sizes.replicas + 1)


def invented(known: frozenset[str]) -> Iterator[str]:
    """Texts of whole words of a vocabulary, always the same ones; the words mean nothing."""
    words = sorted(word for piece in known if (word := piece.strip("\u2581")).isalpha()) or ["a"]
    for number in count():
        length = SHORTEST + number * 7 % (LONGEST - SHORTEST)
        chosen = (words[(number * 31 + at * 17) % len(words)] for at in range(length))
        yield " ".join(chosen).capitalize() + "."


def _record(finding: Finding) -> Tuned:
    paces = {trial.sizes: trial.pace for trial in reversed(finding.trials)}
    sizes = finding.best
    return Tuned(
        sha256=finding.package.ref.sha256,
        device=finding.device,
        cores=finding.cores,
        replicas=sizes.replicas,
        rows=sizes.rows,
        pieces=sizes.pieces,
        segments=sizes.segments,
        pace=round(paces[sizes], 1),
        default_pace=round(finding.trials[0].pace, 1),
    )
