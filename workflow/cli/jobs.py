"""The commands about jobs: look at them, watch, cancel, resume and retry; no Redis is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.bootstrap import open_ledger, open_project
from workflow.cli.arguments import AsJson, Quiet
from workflow.cli.content import finish, told
from workflow.cli.jobtables import done_of
from workflow.cli.jobwatch import Desk, figures_of, watch_until_end
from workflow.cli.output import Output
from workflow.cli.queueing import planning, tell
from workflow.errors import UsageError
from workflow.jobs import JobFigures, JobState, Request
from workflow.settings import load
from workflow.steps.ingest import ingest
from workflow.steps.plan import Planning
from workflow.steps.project import Project


class _ShowByDefault(TyperGroup):
    """A group that takes `jobs 3 --watch` for `jobs show 3 --watch`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (Typer's own)
        own = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if args and args[0] in own else ["show", *args])


app = typer.Typer(
    cls=_ShowByDefault,
    help="What was left to the hub and its workers. Without a command: `show`, so"
    " `polypress jobs 3 --watch` watches job 3.",
)
MOST = 2**53
"""A number beyond this is no job's; SQLite takes none that is much larger."""
Number = Annotated[int, typer.Argument(metavar="ID", min=1, max=MOST, help="The job's number.")]


@app.command()
def show(
    context: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(metavar="ID", min=1, max=MOST, help="Only this job, and all of it."),
    ] = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Look until the job has ended.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show all jobs, or one: progress, pace, workers, failures, and what to do next.

    With `--watch` the exit code is 0 if the job was done, 1 if it was not. Ctrl-C ends the
    watching, not the job.
    """
    output = Output(as_json, quiet)
    desk = Desk(_ledger(context.obj), number)
    seen = desk.look()
    chosen = seen.chosen
    if watch:
        seen = watch_until_end(output, desk)
    output.result(seen.plain())
    output.show(seen.view())
    if watch and not seen.all_done(chosen):
        raise typer.Exit(1)


@app.command()
def cancel(
    context: typer.Context, number: Number, *, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Settle nothing more of a job; what is in the catalogs already stays there."""
    output = Output(as_json, quiet)
    ledger = _ledger(context.obj)
    before = figures_of(ledger, number)
    if not ledger.cancel(number):
        raise UsageError(f"job {number} is over ({before.state})", fix="there is nothing to cancel")
    after = figures_of(ledger, number)
    output.result(after)
    output.say(
        f"job {number} is cancelled: {done_of(before)} are in the catalogs, and stay there;"
        f" batches taken back: {before.batches - after.batches}"
    )


@app.command()
def resume(
    context: typer.Context, number: Number, *, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Plan the rest of a job whose planning was cut off."""
    states = {JobState.INTERRUPTED, JobState.PLANNING}
    _again(Output(as_json, quiet), context.obj, number, states, forget=False)


@app.command()
def retry(
    context: typer.Context, number: Number, *, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Ask again for what failed or was set aside, with the packages that are installed now."""
    states = {JobState.PARTIAL, JobState.CANCELLED}
    _again(Output(as_json, quiet), context.obj, number, states, forget=True)


def _again(output: Output, root: Path, number: int, states: set[JobState], *, forget: bool) -> None:
    """Plan a job anew from today's content, if it is in one of these states."""
    _allowed(figures_of(_ledger(root), number), states)
    project = open_project(root)
    ingested = ingest(project)
    with planning(project) as ledger, output.progress() as progress:
        job = figures_of(ledger, number)
        _allowed(job, states)  # who had the lock before may have planned it
        request = _possible(project, job.request)
        ledger.again(number, forget=forget)
        planned = Planning(project, ledger, number, progress).all(ingested, request)
    output.result({"ingested": told(ingested), "job": planned})
    tell(output, planned)
    finish(output, ingested, planned.failures)


def _allowed(job: JobFigures, states: set[JobState]) -> None:
    """Raises UsageError, which names the command that fits."""
    if job.state not in states:
        raise UsageError(f"job {job.id} is {job.state}", fix=_FIT[job.state].format(job.id))


_FIT = {
    JobState.PLANNING: "wait until it is planned; if that was cut off, `polypress jobs resume {0}`",
    JobState.INTERRUPTED: "`polypress jobs resume {0}` plans the rest",
    JobState.RUNNING: "wait until it has ended, or `polypress jobs cancel {0}` first",
    JobState.DONE: "all of it is done; `polypress translate --queue` asks for what is new",
    JobState.PARTIAL: "`polypress jobs retry {0}` asks again for what failed",
    JobState.CANCELLED: "`polypress jobs retry {0}` asks for what is missing",
}


def _possible(project: Project, request: Request) -> Request:
    """The request without locales that the project has no longer. Raises UsageError."""
    locales = tuple(one for one in request.locales if one in project.locales)
    if not locales:
        fix = "`polypress translate --queue` asks for those that are there"
        raise UsageError(f"none of {', '.join(request.locales)} is a locale any more", fix=fix)
    return Request(locales, request.items, request.urgent)


def _ledger(root: Path) -> SqliteLedger:
    load(root)  # a folder without a project gets no database
    return open_ledger(root)
