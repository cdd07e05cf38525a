"""Polypress and bare CTranslate2 as sides of the decoding benchmark, each in its own process.

Run as `python -m benchmarks.decoding_sides NAME < request.json`; the request is that of
`benchmarks.argos_peer`, with `batch` (segments a batch) for the bare side. The answer on standard
output has `seconds` without loading, and for Polypress `outside`: the processor seconds of the
calling thread, which does everything but decoding (that is done in CTranslate2's own threads).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.forced import ForcedLengths, forced
from workflow.adapters.argos.engine import ArgosEngine
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import InstalledPackage

Answer = dict[str, float]


@dataclass(frozen=True, slots=True)
class OnePackage:
    """A package store that holds the benchmark's package and nothing else."""

    package: InstalledPackage

    def installed(self) -> tuple[InstalledPackage, ...]:
        """The one package."""
        return (self.package,)

    def verify(self, package: InstalledPackage) -> None:
        """Nothing was recorded, the benchmark has just made it."""


def polypress(request: dict[str, Any]) -> Answer:
    """The engine as every command uses it, but for the forced lengths."""
    package = InstalledPackage(PackageRef("en", "es", "1.0", "0" * 64), Path(request["folder"]))
    engine = ArgosEngine(OnePackage(package), replicas=request["replicas"], load=forced)
    parameters = DecodeParameters(num_hypotheses=request["hypotheses"])
    engine.translate(package.ref, ["Warm."], parameters, lambda _: None)
    start, busy = time.perf_counter(), time.thread_time()
    engine.translate(package.ref, request["texts"], parameters, lambda _: None)
    seconds, outside = time.perf_counter() - start, time.thread_time() - busy
    return {"seconds": seconds, "outside": outside}


def bare(request: dict[str, Any]) -> Answer:
    """CTranslate2 alone on pieces that are there already, sorted, in batches of one size."""
    import ctranslate2  # noqa: PLC0415 - this side only
    import sentencepiece  # noqa: PLC0415 - the same

    folder = Path(request["folder"])
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    segments = sorted(pieces.encode(request["texts"], out_type=str), key=len, reverse=True)
    translator = ForcedLengths(
        ctranslate2.Translator(
            str(folder / "model"),
            inter_threads=request["replicas"],
            intra_threads=1,
            compute_type="auto",
            max_queued_batches=-1,
        )
    )
    options = {
        "beam_size": 4,
        "num_hypotheses": request["hypotheses"],
        "length_penalty": 0.2,
        "replace_unknowns": True,
        "asynchronous": True,
    }
    _decode(translator, [["Warm"]], 1, options)
    start = time.perf_counter()
    _decode(translator, segments, request["batch"], options)
    return {"seconds": time.perf_counter() - start}


def _decode(
    translator: ForcedLengths, segments: Sequence[Any], size: int, options: dict[str, Any]
) -> None:
    batches = [segments[start : start + size] for start in range(0, len(segments), size)]
    waiting = [translator.translate_batch(batch, **options) for batch in batches]
    for answers in waiting:
        for answer in answers:
            answer.result()


if __name__ == "__main__":
    side = {"polypress": polypress, "bare": bare}[sys.argv[1]]
    json.dump(side(json.load(sys.stdin)), sys.stdout)
