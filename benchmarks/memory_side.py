"""The engine with many threads at once, as the process whose memory is measured.

Run as `python -m benchmarks.memory_side < request.json`: `folder` (an installed package), `threads`
(as many replicas, and as many threads that call `translate`) and `batches` (lists of segments,
taken by whichever thread is free). Lengths are forced (`benchmarks.forced`). The answer on standard
output has `seconds` of decoding.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.decoding_sides import OnePackage
from benchmarks.forced import ForcedLengths
from workflow.adapters.argos.engine import ArgosEngine
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import InstalledPackage

if TYPE_CHECKING:
    from collections.abc import Sequence


def forced(model: Path, replicas: int) -> ForcedLengths:
    """The translator as the engine loads it, but for the lengths."""
    from workflow.adapters.argos.decoder import load_translator  # noqa: PLC0415 - as the engine does

    return ForcedLengths(load_translator(model, replicas))


def decode(engine: ArgosEngine, ref: PackageRef, texts: Sequence[str]) -> None:
    """One batch, as a worker's thread decodes it."""
    engine.translate(ref, texts, DecodeParameters(), lambda _: None)


def run(request: dict[str, Any]) -> dict[str, float]:
    """Decode all batches; `seconds` is without loading."""
    package = InstalledPackage(PackageRef("en", "es", "1.0", "0" * 64), Path(request["folder"]))
    engine = ArgosEngine(OnePackage(package), replicas=request["threads"], load=forced)
    decode(engine, package.ref, ["Warm."])
    start = time.perf_counter()
    with ThreadPoolExecutor(request["threads"]) as pool:
        list(pool.map(partial(decode, engine, package.ref), request["batches"]))
    return {"seconds": time.perf_counter() - start}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
