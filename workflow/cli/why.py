"""The command that says why an item is live as it is, and what the next publish makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from workflow.bootstrap import open_project
from workflow.cli.arguments import AsJson, Quiet, moment, tag
from workflow.cli.content import finish, told
from workflow.cli.output import Output, plain
from workflow.cli.whytables import explained
from workflow.errors import UsageError
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.naming import meanings, named
from workflow.steps.project import Project
from workflow.steps.why import Why, lost
from workflow.steps.why import why as why_step


def why(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    locale: Annotated[str, typer.Argument(help="A locale of the project, or its source.")],
    item: Annotated[
        str, typer.Argument(help="`collection:item`, an item's id, or the id of one unit.")
    ],
    at: Annotated[str | None, typer.Option(help="As of a publish at this time (ISO 8601).")] = None,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what is live of an item, what the next publish ships of it, and why.

    Each unit is shown with where its translation stands, what ships of it, the rule that says so,
    and what would make today's translation ship.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    wanted = _locale(project, locale)
    time = moment(at) if at else project.clock.now()
    ingested = ingest(project)
    found = _asked(project, ingested, item, wanted, time)
    output.result({"ingested": told(ingested), **plain(found), "ships": found.ships})
    for line in explained(found):
        output.say(line)
    finish(output, ingested, [found.failure] if found.failure else [])


def _locale(project: Project, locale: str) -> str:
    """A target, or the source. Raises UsageError."""
    known = (project.source, *project.locales)
    fix = f"this project's locales: {', '.join(known)}"
    wanted = tag(locale, fix=fix)
    if wanted not in known:
        raise UsageError(f"{wanted} is no locale of this project", fix=fix)
    return wanted


def _asked(project: Project, ingested: Ingested, name: str, locale: str, at: str) -> Why:
    """What is known of the item that is meant, also of one that is only live any more."""
    try:
        meant = named(ingested.contents, name)
    except UsageError:
        for one in meanings(ingested.contents, name):
            found = lost(project, ingested.contents, one, locale, at=at)
            if found is not None:
                return found
        raise
    found = why_step(project, meant.contents, meant.item, locale, at=at)
    wanted = [unit for unit in found.units if meant.unit in {"", unit.id}]
    return replace(found, units=tuple(wanted))
