"""The command that drafts: translate, at once or through the queue."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from workflow.bootstrap import open_project
from workflow.cli.arguments import AsJson, AskedPreset, Items, Locales, Quiet, chosen
from workflow.cli.content import finish, told
from workflow.cli.explaining import show_changes
from workflow.cli.output import Output
from workflow.cli.queueing import known_items, queued
from workflow.cli.tables import show_outcomes
from workflow.errors import PolypressError, UsageError
from workflow.jobs import Request
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.translate import translate as translate_step
from workflow.steps.unchanged import Survey, surveyed


class Engines(StrEnum):
    """What may draft."""

    ARGOS = "argos"
    PSEUDO = "pseudo"


def translate(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    locale: Locales = None,
    item: Items = None,
    *,
    queue: Annotated[
        bool, typer.Option("--queue", help="Leave the work to the hub and its workers.")
    ] = False,
    engine: Annotated[
        Engines, typer.Option("--engine", help="What drafts; pseudo: text to try a site out with.")
    ] = Engines.ARGOS,
    preset: AskedPreset = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how source texts changed, and what that means.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read the content and give every unit without a fresh translation a draft.

    The memory of approved texts comes first, then the machine. Drafts are written to
    `locales/` for people to review; what a person wrote is never touched. Running it again with
    nothing changed decodes nothing and writes nothing. With `--queue` a job is planned and the
    command ends: `polypress jobs` shows how far it is. Single items overtake whole jobs.

    With `--engine pseudo` what has no text yet gets pseudo text: the source with accents, longer
    and in brackets. No package is needed. The next run without it replaces all of that.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj, preset=preset, pseudo=_wants_pseudo(engine, queue=queue))
    locales = chosen(project, locale)
    survey = surveyed(project, locales, whole=queue)
    ingested = ingest(project, unchanged=survey.unchanged)
    if explain:
        show_changes(output, ingested)
    items = known_items(ingested, item or ())
    request = Request(locales, items, urgent=bool(items))
    failures = (_queued if queue else _translated)(output, survey, ingested, request)
    finish(output, ingested, [*failures, *_kept(survey, ingested)])


def _kept(survey: Survey, ingested: Ingested) -> Sequence[PolypressError]:
    """Remember what the run did; if that fails it is told after all else, and all is read again."""
    try:
        survey.keep(ingested.contents)
    except PolypressError as error:
        return (error,)
    return ()


def _wants_pseudo(engine: Engines, *, queue: bool) -> bool:
    """Whether pseudo text is wanted. Raises UsageError if the queue shall make it."""
    if queue and engine is Engines.PSEUDO:
        fix = "leave --queue out: it is made here in a moment"
        raise UsageError("no worker makes pseudo text, so none can be queued", fix=fix)
    return engine is Engines.PSEUDO


def _queued(
    output: Output, survey: Survey, ingested: Ingested, request: Request
) -> Sequence[PolypressError]:
    planned = queued(output, survey.project, ingested, request, survey.note)
    output.result({"ingested": told(ingested), "job": planned})
    return planned.failures


def _translated(
    output: Output, survey: Survey, ingested: Ingested, request: Request
) -> Sequence[PolypressError]:
    with output.progress() as progress:
        outcomes = translate_step(
            survey.project,
            ingested,
            locales=request.locales,
            items=request.items,
            progress=progress,
            note=survey.note,
        )
    output.result({"ingested": told(ingested), "locales": outcomes})
    show_outcomes(output, outcomes)
    if ingested.unchanged:
        known, count = len(ingested.unchanged), len(survey.project.collections)
        output.say(f"{known} of {count} collections are as the last run left them")
    return [one for outcome in outcomes for one in outcome.failures]
