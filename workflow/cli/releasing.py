"""The commands about releases: releases, rollback, diff, gc, withdraw."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.bootstrap import open_project
from workflow.bootstrap_publishing import open_withdrawals
from workflow.cli.arguments import AsJson, Quiet, moment
from workflow.cli.locking import publishing
from workflow.cli.output import Output
from workflow.cli.releasetables import (
    show_cleared,
    show_difference,
    show_left_out,
    show_releases,
    show_withdrawn,
)
from workflow.errors import UsageError
from workflow.steps.clearing import clear
from workflow.steps.compare import compare
from workflow.steps.history import history
from workflow.steps.releases import releases as releases_step
from workflow.steps.rollback import rollback as rollback_step
from workflow.steps.withdraw import undo as undo_step
from workflow.steps.withdraw import withdraw as withdraw_step

Serial = Annotated[int | None, typer.Argument(help="A release, as `releases` lists them.")]


def releases(context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """List the releases that were live, the latest first, with what they held."""
    output = Output(as_json, quiet)
    found = releases_step(open_project(context.obj))
    output.result(found)
    show_releases(output, found)


def rollback(
    context: typer.Context,
    serial: Serial = None,
    *,
    at: Annotated[
        str | None, typer.Option(help="The time that counts, and is written down (ISO 8601).")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make the texts of an older release live again, by default those of the one before.

    It becomes a new release with a new serial number. Left out is what is withdrawn, out of its
    time, recalled by a change of its source text since, or doubted by a person; each item is told
    with the reason. The next `polypress publish` ends a rollback.
    """
    output = Output(as_json, quiet)
    time = moment(at) if at else None
    with publishing(context.obj) as project:
        done = rollback_step(project, serial, at=time)
    output.result(done)
    show_left_out(output, done.left_out)
    for tag in done.without:
        output.warning(f"release {done.origin} had nothing in {tag}: it is not published now")
    what = f"release {done.serial} shows what release {done.origin} did"
    output.say(what if done.changed else f"{what}; it is live already")
    output.failures(done.failures)
    if done.failures:
        raise typer.Exit(max(error.exit_code for error in done.failures))


def diff(
    context: typer.Context,
    before: Serial = None,
    after: Serial = None,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show what of two releases differs: items that came, went or changed, and their texts.

    Of one release what the live one shows otherwise; of none, what the live one shows otherwise
    than the one before it.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    found = history(project.bundles)
    old = found.before_live() if before is None else found.release(before)
    new = found.live if after is None else found.release(after)
    difference = compare(project.bundles, old, new)
    output.result(difference)
    show_difference(output, difference)


def gc(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many releases stay (default: the settings).")
    ] = None,
    *,
    purge: Annotated[
        bool, typer.Option("--purge", help="Remove withdrawn items from older releases, too.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Remove objects that none of the last releases names, and the records of older ones.

    What the live release shows always stays. After `--purge` a release that showed a withdrawn
    item can still go live again, without it.
    """
    output = Output(as_json, quiet)
    with publishing(context.obj) as project:
        keep = keep or project.publishing.keep
        done = clear(project, keep=keep, purge=purge, dry_run=dry_run)
    output.result(done)
    show_cleared(output, done, dry_run=dry_run)
    if done.problems or (purge and done.held):
        raise typer.Exit(1)


def withdraw(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="`collection:item`, or an item's id.")],
    why: Annotated[str, typer.Option("--why", help="The reason, for those who come later.")] = "",
    *,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take it off the list: the next publish brings it back.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Take an item off the sites in every locale at once, and keep it off.

    It is listed in locales/withdrawn.csv, which publish and rollback obey; put that into git. The
    live release is made anew without it, and tells sites that it is withdrawn.
    """
    output = Output(as_json, quiet)
    if undo and why:
        raise UsageError("--undo takes no reason", fix="leave out one of both")
    with publishing(context.obj) as project:
        table = open_withdrawals(context.obj)
        if undo:
            name = undo_step(table, item)
            output.result({"item": name, "undone": True})
            output.say(f"{name} is no longer withdrawn: the next publish brings it back")
            return
        done = withdraw_step(project, table, item, why=why)
    output.result(done)
    show_withdrawn(output, done)
