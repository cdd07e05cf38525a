"""The console script `polypress`: the core's commands, and later those that need the queue."""

from __future__ import annotations

from workflow.cli import run


def main() -> None:
    """Run one command and end with its exit code."""
    run()
