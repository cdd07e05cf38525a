"""The command `check`: every finding with its place, for people and for CI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from workflow.bootstrap import open_project
from workflow.cli.arguments import AsJson, Items, Locales, Quiet, chosen, chosen_collections
from workflow.cli.content import finish, told
from workflow.cli.output import Output
from workflow.cli.queueing import known_items
from workflow.model import Severity
from workflow.steps.check import CatalogFindings, annotate
from workflow.steps.check import check as check_step
from workflow.steps.ingest import ingest


def check(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    locale: Locales = None,
    item: Items = None,
    collection: Annotated[
        list[str] | None,
        typer.Option("--collection", help="Only this collection; may be given several times."),
    ] = None,
    *,
    notes: Annotated[
        bool | None,
        typer.Option("--notes/--clear-notes", help="Write findings into the catalogs, or none."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check every current translation and all that people are at work on; tell what is found.

    Stale translations are not checked. With `--notes` each finding becomes a comment of its entry
    in the catalog, in place of those of the last run; `--clear-notes` takes them away. Nothing
    else is changed. The exit code is 1 if there is an error, 0 for mere warnings.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    locales, names = chosen(project, locale), chosen_collections(project, collection)
    ingested = ingest(project)
    items = known_items(ingested, item or ())
    contents = [one for one in ingested.contents if not names or one.collection.name in names]
    found = check_step(project, contents, locales=locales, items=items)
    if notes is not None:
        found = annotate(project, contents, found, clear=not notes, items=items)
    output.result({"ingested": told(ingested), "catalogs": found})
    _show(output, found)
    finish(output, ingested, [failure for one in found for failure in one.failures])
    if any(one.count(Severity.ERROR) for one in found):
        raise typer.Exit(1)


def _show(output: Output, found: Sequence[CatalogFindings]) -> None:
    """A line for each finding, then how many of each there are in each locale."""
    for one in found:
        for unit in one.units:
            for finding in unit.findings:
                output.say(
                    f"{unit.place}: {one.locale}: {unit.unit} ({unit.review}):"
                    f" {finding.severity}: {finding.check}: {finding.message}"
                )
    output.table("Checks", ["locale", "checked", "errors", "warnings", "most often"], _rows(found))


def _rows(found: Sequence[CatalogFindings]) -> list[list[object]]:
    rows: list[list[object]] = []
    for locale in dict.fromkeys(one.locale for one in found):
        here = [one for one in found if one.locale == locale]
        often = Counter(
            finding.check for one in here for unit in one.units for finding in unit.findings
        ).most_common(3)
        rows.append(
            [
                locale,
                sum(one.checked for one in here),
                *(sum(one.count(severity) for one in here) for severity in Severity),
                ", ".join(f"{name} {times}" for name, times in often) or "–",
            ]
        )
    return rows
