"""The commands about content: status, publish, unpack; and what all that read it tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.files import write_atomically
from workflow.bootstrap import open_project
from workflow.cli.arguments import AsJson, Quiet, moment, tag
from workflow.cli.duties import publish_what_is_due
from workflow.cli.explaining import explained
from workflow.cli.locking import publishing
from workflow.cli.output import Output
from workflow.cli.tables import show_release, show_status
from workflow.errors import PolypressError, UsageError
from workflow.model import Diagnostic
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.publish import publish as publish_step
from workflow.steps.status import status as status_step
from workflow.steps.unpack import unpack as unpack_step


def status(context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Show where the units stand in each locale: origin, review and freshness."""
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    ingested = ingest(project)
    standing = status_step(project, ingested.contents)
    output.result({"ingested": told(ingested), "locales": standing})
    show_status(output, standing)
    finish(output, ingested, [one for each in standing for one in each.failures])


def publish(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    at: Annotated[
        str | None, typer.Option(help="The time that counts, and is written down (ISO 8601).")
    ] = None,
    *,
    whole: Annotated[
        bool, typer.Option("--all", help="Build all anew, and mend objects that are damaged.")
    ] = False,
    pseudo: Annotated[
        bool, typer.Option("--pseudo", help="Let pseudo text ship, to try a site out.")
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only if an item comes or goes since the last release.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Build a bundle for every locale and make them live together, in one switch.

    The policy in `polypress.toml` decides what ships; `polypress why` explains it for an item.
    Collections that have not changed are left as they are; with nothing changed no new release is
    made. Pseudo text counts as no text, unless `--pseudo` is given. With `--due` nothing is done
    unless a time in a front matter has passed since the last release: a hub does so every minute.
    """
    output = Output(as_json, quiet)
    time = moment(at) if at else None
    if due:
        if whole or pseudo:
            raise UsageError("--due goes with neither --all nor --pseudo", fix="leave out --due")
        publish_what_is_due(output, context.obj, at=time)
        return
    with publishing(context.obj) as opened, output.progress() as progress:
        project = replace(opened, policy=replace(opened.policy, pseudo=pseudo))
        ingested, release = publish_step(project, at=time, whole=whole, progress=progress)
    output.result({"ingested": told(ingested), "release": release})
    show_release(output, release)
    if pseudo:
        output.say("this release may hold pseudo text: publish without --pseudo before people read")
    finish(output, ingested, release.failures)


def unpack(
    context: typer.Context,
    locale: Annotated[str, typer.Argument(help="Whose bundle.")],
    folder: Annotated[Path, typer.Argument(help="Where to write it.")],
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the live bundle of a locale as plain files, each compared with its digest."""
    output = Output(as_json, quiet)
    wanted = tag(locale)
    project = open_project(context.obj)
    files = list(unpack_step(project.bundles, project.compiler, wanted))
    for file in files:
        write_atomically(folder / file.path, file.body)
    output.result({"locale": wanted, "folder": folder, "files": [file.path for file in files]})
    output.say(f"{len(files)} files in {folder}")


def told(ingested: Ingested) -> dict[str, object]:
    """What reading the content gave, for machines; what was left out is told as it was."""
    read, known = ingested.contents, ingested.unchanged
    return {
        "items": sum(len(one.items) for one in read) + sum(len(one.items) for one in known),
        "units": sum(len(one.units) for one in read) + sum(one.units for one in known),
        "written": ingested.written,
        "failures": ingested.failures,
        "warnings": _warnings(ingested),
        "changes": explained(ingested),
    }


def _warnings(ingested: Ingested) -> list[Diagnostic]:
    read = [warning for one in ingested.contents for warning in one.warnings]
    return read + [warning for one in ingested.unchanged for warning in one.warnings]


def finish(output: Output, ingested: Ingested, failures: Sequence[PolypressError]) -> None:
    """Tell what went wrong; the exit code is that of the gravest error."""
    for warning in _warnings(ingested):
        output.warning(f"{warning.place}: {warning.message}")
    errors = [*ingested.failures, *failures]
    output.failures(errors)
    if errors:
        raise typer.Exit(max(error.exit_code for error in errors))
