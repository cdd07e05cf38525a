"""What every benchmark is as a command: measure, print tables, write the figures as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from workflow.adapters.files import write_atomically

RESULTS = Path(__file__).parent / "results"
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark: its module's docstring, the name of its file, how it measures and shows.

    `run` gets `full` or `quick`, whichever was asked for.
    """

    about: str | None
    name: str
    full: Any
    quick: Any
    run: Callable[[Any, Console], Report]
    show: Callable[[Report, Console], None]

    def parser(self) -> argparse.ArgumentParser:
        """The options that all of them have."""
        parser = argparse.ArgumentParser(description=self.about)
        parser.add_argument("--quick", action="store_true", help="one short round")
        file = RESULTS / f"{self.name}.json"
        parser.add_argument("--json", type=Path, default=file, help="where to write the figures")
        return parser

    def main(self, chosen: argparse.Namespace | None = None) -> None:
        """Measure, print, write; `chosen` are the options, those of the command line if None."""
        chosen = chosen or self.parser().parse_args()
        console = Console()
        report = self.run(self.quick if chosen.quick else self.full, console)
        self.show(report, console)
        write_atomically(chosen.json, (json.dumps(report, indent=2) + "\n").encode())
        console.print(f"written to {chosen.json}")
