"""The console script `polypress`: the core's commands, and those that need the queue."""

from __future__ import annotations

from workers import commands
from workflow.cli import app, run

app.command("hub")(commands.hub_command)
app.command("worker")(commands.worker_command)


def main() -> None:
    """Run one command and end with its exit code."""
    run()


if __name__ == "__main__":
    main()
