"""The console script `polypress`: the core's commands, and those that need the queue."""

from __future__ import annotations

from workers import alive, commands, doctor, up
from workflow.cli import app, run

app.command("hub")(commands.hub_command)
app.command("worker")(commands.worker_command)
app.command("up")(up.up_command)
app.command("alive")(alive.alive_command)
app.command("doctor")(doctor.doctor_command)


def main() -> None:
    """Run one command and end with its exit code."""
    run()


if __name__ == "__main__":
    main()
