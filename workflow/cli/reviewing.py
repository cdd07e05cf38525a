"""The commands about review: review, approve, needs-work."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from workflow.bootstrap import open_project, open_reviews
from workflow.cli.arguments import AsJson, Items, Locales, Quiet, chosen, chosen_collections
from workflow.cli.content import finish, told
from workflow.cli.output import Output, plain
from workflow.cli.queueing import known_items
from workflow.cli.reviewtables import as_told, show_outcome, show_unit
from workflow.errors import UsageError
from workflow.model import Origin, Review
from workflow.risk import TOLD
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.review import review as review_step
from workflow.steps.reviewed import Filter, Reviewed, Word, asked
from workflow.steps.reviewing import Reviewing

AT_ONCE = 20
"""Units that are shown unless somebody asks for more or fewer."""
LONGEST_NAME = 80

Collections = Annotated[
    list[str] | None,
    typer.Option("--collection", "-c", help="Only this collection; may be given several times."),
]
Origins = Annotated[
    list[Origin] | None,
    typer.Option("--origin", help="Only texts of this origin; may be given several times."),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID@REV", help="Units as `polypress review` names them."),
]
By = Annotated[str | None, typer.Option("--by", help="Who says so; you, by default.")]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which texts a command is about: names, or a filter."""

    names: Sequence[str]
    locales: Sequence[str] | None
    collections: Sequence[str] | None
    items: Sequence[str] | None
    origins: Sequence[Origin] | None

    def check(self) -> None:
        """Refuse both at once, and neither. Raises UsageError."""
        filters = self.collections or self.items or self.origins
        if self.names and filters:
            raise UsageError("texts are both named and filtered", fix="do one of both")
        if not (self.names or self.locales or filters):
            fix = "name them as ID@REV, or filter by --locale, --collection, --item or --origin"
            raise UsageError("nothing says which texts are meant", fix=fix)


def review(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    locale: Locales = None,
    collection: Collections = None,
    item: Items = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, help="How many units; 0 for all of them.")
    ] = AT_ONCE,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show what needs a person, the riskiest and most visible first.

    First come conflicts, texts with errors, recalled texts and those that somebody left
    unfinished; then everything else by risk times visibility. Each is named by its id and the
    revision of its text: that is what `polypress approve` and `polypress needs-work` take.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    locales, collections = chosen(project, locale), chosen_collections(project, collection)
    ingested = ingest(project)
    items = known_items(ingested, item or ())
    queue = review_step(
        project, ingested.contents, locales=locales, collections=collections, items=items
    )
    shown = queue.units[: limit or None]
    output.result(
        {
            "ingested": told(ingested),
            "risk": TOLD,
            "waiting": len(queue.units),
            "units": [as_told(one) for one in shown],
        }
    )
    for one in shown:
        show_unit(output, one)
    output.say(f"{len(shown)} of {len(queue.units)} units that wait; risk: {TOLD}")
    finish(output, ingested, queue.failures)


def approve(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    name: Names = None,
    locale: Locales = None,
    collection: Collections = None,
    item: Items = None,
    *,
    origin: Origins = None,
    by: By = None,
    despite_findings: Annotated[
        bool, typer.Option("--despite-findings", help="Approve texts in which checks find errors.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Approve texts: those that are named, or all waiting drafts that a filter takes.

    A text that was changed since it was shown is refused, and the others go on. Where an id stands
    in several locales, the revision tells which is meant.
    """
    word = Word(Review.APPROVED, _name(by), despite=despite_findings)
    wanted = _Wanted(name or (), locale, collection, item, origin)
    _say(context, wanted, word, Output(as_json, quiet))


def needs_work(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    name: Names = None,
    locale: Locales = None,
    collection: Collections = None,
    item: Items = None,
    *,
    origin: Origins = None,
    by: By = None,
    why: Annotated[str, typer.Option("--why", help="The reason, for whoever works on it.")] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say that texts need work: they are not published, and no run replaces them.

    Takes an approval back, too. What holds for `polypress approve` holds here.
    """
    wanted = _Wanted(name or (), locale, collection, item, origin)
    word = Word(Review.NEEDS_WORK, _name(by), why=why)
    _say(context, wanted, word, Output(as_json, quiet))


def _say(context: typer.Context, wanted: _Wanted, word: Word, output: Output) -> None:
    """Say a word on texts, and tell what became of each."""
    wanted.check()
    project = open_project(context.obj)
    locales = chosen(project, wanted.locales)
    asks = [asked(name) for name in wanted.names]
    collections = chosen_collections(project, wanted.collections)
    ingested = ingest(project)
    items = known_items(ingested, wanted.items or ())
    meant = Filter(collections, items, wanted.origins or ())
    reviewing = Reviewing(project, open_reviews(project.root), word)
    done = reviewing.named(asks, locales) if asks else reviewing.filtered(meant, locales)
    output.result({"ingested": told(ingested), "by": word.by, **plain(done)})
    for one in done.units:
        show_outcome(output, one)
    _end(output, ingested, done)


def _end(output: Output, ingested: Ingested, done: Reviewed) -> None:
    """The exit code is that of the gravest error, 1 if a text was refused."""
    finish(output, ingested, done.failures)
    if done.refused:
        raise typer.Exit(1)


def _name(by: str | None) -> str:
    """Who speaks: as they say, else as the system knows them."""
    try:
        name = by if by is not None else getpass.getuser()
    except (KeyError, OSError):
        name = ""
    name = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not name:
        raise UsageError("nobody knows who you are", fix="say it with --by NAME")
    return name[:LONGEST_NAME]
