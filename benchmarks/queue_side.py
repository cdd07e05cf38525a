"""A worker with an engine of the benchmark's, as a process of its own.

Run as `python -m benchmarks.queue_side < request.json`: `url`, `name`, `threads`, and either
`seconds` (an engine that takes so long for each batch) or `folder` (a package with forced lengths)
with `replicas`.
Ends with SIGTERM, as every worker.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.decoding_sides import OnePackage
from benchmarks.forced import forced
from workers import logs, worker
from workflow.adapters.argos.engine import ArgosEngine
from workflow.model import DecodeParameters, Hypothesis, PackageRef, Route, Traits
from workflow.ports import Hypotheses, InstalledPackage

REF = PackageRef("en", "es", "1.0", "0" * 63 + "1")
"""The one package of these benchmarks; a SHA-256 of zeros would not be served."""


@dataclass(frozen=True, slots=True)
class FixedEngine:
    """Takes a fixed time for each batch, and gives back what it got."""

    seconds: float = 0.0

    def route(self, _source: str, _target: str) -> Route:
        """The one package."""
        return Route((REF,))

    def traits(self, _package: PackageRef) -> Traits:
        """Nobody probed it."""
        return Traits()

    def detour(self, _route: Route) -> Route | None:
        """There is no other."""
        return None

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        """The texts themselves, after a while."""
        del package, parameters
        time.sleep(self.seconds)
        progress(len(segments))
        return [(Hypothesis(text),) for text in segments]


def package(folder: str) -> InstalledPackage:
    """The package in a folder, under the name that the benchmarks plan with."""
    return InstalledPackage(REF, Path(folder))


def real_engine(folder: str, replicas: int) -> ArgosEngine:
    """The engine that a worker has, but for the forced lengths."""
    return ArgosEngine(OnePackage(package(folder)), replicas=replicas, load=forced)


def main() -> None:
    """Serve until told to end."""
    request: dict[str, Any] = json.load(sys.stdin)
    logs.configure(level="warning")
    folder, threads = request.get("folder", ""), request["threads"]
    engine = real_engine(folder, request["replicas"]) if folder else FixedEngine(request["seconds"])
    store = OnePackage(package(folder))
    setup = worker.Setup(request["url"], engine, store, request["name"], concurrency=threads)
    sys.exit(worker.serve(setup))


if __name__ == "__main__":
    main()
