"""Polypress and bare CTranslate2 as sides of the decoding benchmark, each in its own process.

Run as `python -m benchmarks.decoding_sides NAME < request.json`; the request is that of
`benchmarks.argos_peer`, with `beam`, with `batch` (segments a batch) for the bare side, and with
`units` if Polypress shall cut the texts into sentences first. The answer on standard output has
`seconds` (one number for each run, without loading) and `peak` (bytes of resident memory at its
highest); from Polypress also `texts` (the first hypotheses) and `outside`: the processor seconds of
the calling thread in the last run, which does everything but decoding (that is done in
CTranslate2's own threads).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.forced import ForcedLengths, forced
from workflow.adapters.argos.engine import ArgosEngine
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import Hypotheses, InstalledPackage
from workflow.segments import segmented

Answer = dict[str, Any]


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
    """The engine as every command uses it, but for lengths that are forced."""
    package = InstalledPackage(PackageRef("en", "es", "1.0", "0" * 64), Path(request["folder"]))
    load = forced if request["forced"] else None
    engine = ArgosEngine(OnePackage(package), replicas=request["replicas"], load=load)
    parameters = DecodeParameters(request["beam"], num_hypotheses=request["hypotheses"])

    def translate(texts: Sequence[str]) -> list[Hypotheses]:
        cut = [segmented(text, language="en") for text in texts] if request["units"] else None
        segments = [one.text for each in cut for one in each.segments] if cut else texts
        return engine.translate(package.ref, segments, parameters, lambda _: None)

    translate(["Warm."])
    busy = time.thread_time()
    seconds, found = timed(lambda: translate(request["texts"]), request["runs"])
    outside = (time.thread_time() - busy) / request["runs"]
    texts = [best.text for best, *_ in found]
    return {"seconds": seconds, "outside": outside, "peak": peak(), "texts": texts}


def bare(request: dict[str, Any]) -> Answer:
    """CTranslate2 alone on pieces that are there already, sorted, in batches of one size."""
    import ctranslate2  # noqa: PLC0415 - this side only
    import sentencepiece  # noqa: PLC0415 - the same

    folder = Path(request["folder"])
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    segments = sorted(pieces.encode(request["texts"], out_type=str), key=len, reverse=True)
    translator: Any = ctranslate2.Translator(
        str(folder / "model"),
        inter_threads=request["replicas"],
        intra_threads=1,
        compute_type="auto",
        max_queued_batches=-1,
    )
    if request["forced"]:
        translator = ForcedLengths(translator)
    options = {
        "beam_size": request["beam"],
        "num_hypotheses": request["hypotheses"],
        "length_penalty": 0.2,
        "replace_unknowns": True,
        "asynchronous": True,
    }
    _decode(translator, [["Warm"]], 1, options)
    size = request["batch"]
    seconds, _ = timed(lambda: _decode(translator, segments, size, options), request["runs"])
    return {"seconds": seconds, "peak": peak()}


def timed(work: Callable[[], Any], runs: int) -> tuple[list[float], Any]:
    """The seconds of each run, and what the last one gave."""
    seconds, found = [], None
    for _ in range(runs):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    return seconds, found


def peak() -> int:
    """The most resident memory that this process had, in bytes.

    Not `getrusage`: what the benchmark itself had in memory when it started this process counts
    there.
    """
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    (line,) = (line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _decode(translator: Any, segments: Sequence[Any], size: int, options: dict[str, Any]) -> None:  # noqa: ANN401 - CTranslate2 has no types
    batches = [segments[start : start + size] for start in range(0, len(segments), size)]
    waiting = [translator.translate_batch(batch, **options) for batch in batches]
    for answers in waiting:
        for answer in answers:
            answer.result()


if __name__ == "__main__":
    side = {"polypress": polypress, "bare": bare}[sys.argv[1]]
    json.dump(side(json.load(sys.stdin)), sys.stdout)
