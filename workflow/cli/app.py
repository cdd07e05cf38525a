"""The program `polypress`: its options, its commands, and how errors become exit codes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from workflow.cli import (
    checking,
    content,
    exchange,
    jobs,
    keys,
    models,
    pulling,
    releasing,
    reviewing,
    serving,
    start,
    translating,
    why,
)
from workflow.errors import PolypressError

app = typer.Typer(
    name="polypress",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Offline translation and publishing: content in, gettext catalogs for review,"
    " a bundle per language out.",
    epilog="Exit codes: 0 done, 1 findings or items failed, 2 usage, 3 settings, 4 locked,"
    " 5 something outside (disk, network).",
)
app.command("init")(start.init)
app.command("translate")(translating.translate)
app.command("status")(content.status)
app.command("review")(reviewing.review)
app.command("approve")(reviewing.approve)
app.command("needs-work")(reviewing.needs_work)
app.command("check")(checking.check)
app.command("publish")(content.publish)
app.command("why")(why.why)
app.command("releases")(releasing.releases)
app.command("rollback")(releasing.rollback)
app.command("diff")(releasing.diff)
app.command("gc")(releasing.gc)
app.command("withdraw")(releasing.withdraw)
app.command("serve")(serving.serve)
app.command("unpack")(content.unpack)
app.command("pull")(pulling.pull)
app.command("export")(exchange.export)
app.command("import")(exchange.import_)
app.command("merge-driver")(exchange.merge_driver)
app.add_typer(jobs.app, name="jobs")
app.add_typer(models.app, name="models")
app.add_typer(keys.app, name="keys")


@app.callback()
def options(
    context: typer.Context,
    project: Annotated[
        Path, typer.Option("--project", "-p", help="The folder with polypress.toml.")
    ] = Path(),
) -> None:
    """Keep what all commands share."""
    context.obj = project


def run() -> None:
    """Run one command; an error becomes one message on standard error and its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8
    try:
        app()
    except PolypressError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has left: nobody to tell
        sys.exit(1)
