"""The commands about content: translate, status, publish, unpack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.files import write_atomically
from workflow.bootstrap import open_project
from workflow.cli.arguments import AsJson, Locales, Quiet, chosen
from workflow.cli.output import Output
from workflow.errors import PolypressError
from workflow.locales import canonical
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.publish import LocaleReport, Release
from workflow.steps.publish import publish as publish_step
from workflow.steps.status import LocaleStatus
from workflow.steps.status import status as status_step
from workflow.steps.translate import translate as translate_step
from workflow.steps.unpack import unpack as unpack_step

NOTHING = "–"


def translate(
    context: typer.Context,
    locale: Locales = None,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read the content and give every unit without a fresh translation a draft.

    The memory of approved texts comes first, then the machine. Drafts are written to
    `locales/` for people to review; what a person wrote is never touched. Running it again with
    nothing changed decodes nothing and writes nothing.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    locales = chosen(project, locale)
    ingested = ingest(project)
    with output.progress() as progress:
        outcomes = translate_step(project, ingested, locales=locales, progress=progress)
    output.result({"ingested": _told(ingested), "locales": outcomes})
    _show_outcomes(output, outcomes)
    _finish(output, ingested, [one for outcome in outcomes for one in outcome.failures])


def status(context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Show where the units stand in each locale: origin, review and freshness."""
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    ingested = ingest(project)
    standing = status_step(project, ingested.contents)
    output.result({"ingested": _told(ingested), "locales": standing})
    show_status(output, standing)
    _finish(output, ingested, [one for each in standing for one in each.failures])


def publish(
    context: typer.Context,
    at: Annotated[
        str | None, typer.Option(help="The time to write into the release (ISO 8601).")
    ] = None,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Build a bundle for every locale and make them live together, in one switch.

    Approved text comes first, then machine text with its label, then the source text. With
    nothing changed no new release is made.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    ingested = ingest(project)
    with output.progress() as progress:
        release = publish_step(project, ingested.contents, at=at, progress=progress)
    output.result({"ingested": _told(ingested), "release": release})
    _show_release(output, release)
    _finish(output, ingested, release.failures)


def unpack(
    context: typer.Context,
    locale: Annotated[str, typer.Argument(help="Whose bundle.")],
    folder: Annotated[Path, typer.Argument(help="Where to write it.")],
    *,
    quiet: Quiet = False,
) -> None:
    """Write the live bundle of a locale as plain files, each compared with its digest."""
    project = open_project(context.obj)
    files = list(unpack_step(project.bundles, canonical(locale)))
    for file in files:
        write_atomically(folder / file.path, file.body)
    Output(quiet=quiet).say(f"{len(files)} files in {folder}")


def _told(ingested: Ingested) -> dict[str, object]:
    return {
        "items": sum(len(one.items) for one in ingested.contents),
        "units": sum(len(one.units) for one in ingested.contents),
        "written": ingested.written,
        "failures": ingested.failures,
        "warnings": [warning for one in ingested.contents for warning in one.warnings],
    }


def _finish(output: Output, ingested: Ingested, failures: Sequence[PolypressError]) -> None:
    """Tell what went wrong; the exit code is that of the gravest error."""
    for one in ingested.contents:
        for warning in one.warnings:
            output.problem(f"warning: {warning.place}: {warning.message}")
    errors = [*ingested.failures, *failures]
    output.failures(errors)
    if errors:
        raise typer.Exit(max(error.exit_code for error in errors))


def _show_outcomes(output: Output, outcomes: Sequence[LocaleOutcome]) -> None:
    output.table(
        "Translated",
        ["locale", "memory", "machine", "withheld", "segments", "decoded", "score", "fallback",
         "coverage", "files"],
        [_outcome_row(one) for one in outcomes],
    )  # fmt: skip
    for outcome in outcomes:
        for unit in outcome.withheld:
            why = "; ".join(finding.message for finding in unit.findings)
            output.say(f"withheld in {outcome.locale}: {unit.unit}: {why}")
        _doubt(output, outcome)


def _outcome_row(one: LocaleOutcome) -> list[object]:
    told = one.figures
    return [
        one.locale, one.memory, one.machine, len(one.withheld), told.segments, one.decoded,
        _figure(told.score), _percent(told.fallback), _percent(told.coverage), len(one.written),
    ]  # fmt: skip


FALLBACK_LIMIT = 0.05
COVERAGE_LIMIT = 0.7
SCORE_LIMIT = -0.8
"""Beyond these a text counts as unlike the packages' own: a rule of thumb, not calibrated."""


def _doubt(output: Output, outcome: LocaleOutcome) -> None:
    """Say in words when the text is unlike what the packages were made for."""
    told = outcome.figures
    strange = (told.fallback or 0.0) > FALLBACK_LIMIT
    thin = told.coverage is not None and told.coverage < COVERAGE_LIMIT
    unsure = told.score is not None and told.score < SCORE_LIMIT
    if strange or thin or unsure:
        output.say(
            f"{outcome.locale}: this text is unlike what {outcome.route} was trained on"
            f" (score {_figure(told.score)}, fallback pieces {_percent(told.fallback)},"
            f" coverage {_percent(told.coverage)}):"
            " expect poor drafts, review every one"
        )


def show_status(output: Output, standing: Sequence[LocaleStatus]) -> None:
    """The table locale × units × origin × review."""
    columns = ["locale", "units", "human", "machine", "memory", "approved", "needs work", "stale",
               "missing", "withheld"]  # fmt: skip
    output.table("Units", columns, [_status_row(one) for one in standing])


def _status_row(one: LocaleStatus) -> list[object]:
    origins = [one.origin.get(name, 0) for name in ("human", "machine", "memory")]
    reviews = [one.review.get(name, 0) for name in ("approved", "needs-work")]
    fresh = [one.freshness.get(name, 0) for name in ("stale", "missing")]
    return [one.locale, one.units, *origins, *reviews, *fresh, one.withheld]


def _show_release(output: Output, release: Release) -> None:
    output.table(
        f"Release {release.serial}" + ("" if release.changed else " (live already)"),
        ["locale", "items", "left out", "human", "machine", "memory", "source text", "approved"],
        [_report_row(one) for one in release.locales],
    )


def _report_row(one: LocaleReport) -> list[object]:
    origin, review = one.counts.get("origin", {}), one.counts.get("review", {})
    origins = [origin.get(name, 0) for name in ("human", "machine", "memory", "source")]
    return [one.locale, one.items, one.left_out, *origins, review.get("approved", 0)]


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0%}"
