"""What `publish --due` does: the schedule's work, for a hub or for cron."""

from __future__ import annotations

from pathlib import Path

import typer

from workflow.cli.locking import publishing
from workflow.cli.output import Output
from workflow.cli.releasetables import show_left_out
from workflow.cli.tables import show_release
from workflow.steps.due import DueDone, publish_due


def publish_what_is_due(output: Output, root: Path, *, at: str | None) -> None:
    """Publish if a moment has passed at which an item comes or goes, and tell what became of it."""
    with publishing(root) as project, output.progress() as progress:
        done = publish_due(project, at=at, progress=progress)
    output.result(done)
    _show(output, done)
    output.failures(done.failures)
    if done.failures:
        raise typer.Exit(max(error.exit_code for error in done.failures))


def _show(output: Output, done: DueDone) -> None:
    for name, moment in done.due.items():
        output.say(f"due in {name}: {moment}")
    if not done.due:
        output.say("nothing is due" if done.serial else "nothing was published yet")
    elif done.publication:
        show_release(output, done.publication)
    else:
        show_left_out(output, done.left_out)
        told = "only what is over goes out, until somebody publishes"
        output.say(f"release {done.serial} is one that somebody went back to: {told}")
