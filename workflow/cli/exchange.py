"""The commands that send catalogs out and take them back: export, import, merge-driver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from workflow.adapters.files import write_atomically
from workflow.bootstrap import open_copies, open_exchange
from workflow.catalog import Key
from workflow.catalog.branches import Branched, branched
from workflow.cli.arguments import AsJson, Items, Locales, Quiet, chosen, tag
from workflow.cli.content import finish, told
from workflow.cli.output import Output
from workflow.cli.queueing import known_items
from workflow.errors import OutsideError, Place, PolypressError, UsageError
from workflow.ports.review import Copy
from workflow.steps.exchange import Exchange, Imported
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.review import review

LARGEST_FILE = 128 * 1024 * 1024
"""Bytes; as for catalogs."""


def export(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    locale: Locales = None,
    item: Items = None,
    top: Annotated[
        int | None, typer.Option(min=1, help="Only so many units, the riskiest first.")
    ] = None,
    output_folder: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write to.")
    ] = Path(),
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a small catalog for a translator: what needs a person, the riskiest first.

    One `<locale>.po` for each locale. With `--item` it holds all units of these items, reviewed
    or not. Its header names what it was made from: `polypress import` can merge it weeks later.
    """
    output = Output(as_json, quiet)
    exchange = open_exchange(context.obj)
    locales = chosen(exchange.project, locale)
    paths = {one: output_folder / f"{one}.po" for one in locales}
    _refuse_to_overwrite(paths.values(), force=force)
    ingested = ingest(exchange.project)
    items = known_items(ingested, item or ())
    counts, failures = {}, []
    for one, path in paths.items():
        try:
            wanted = units_to_review(exchange, ingested, one, items=items, top=top)
            write_atomically(path, exchange.exported(one, wanted))
        except PolypressError as error:
            failures.append(error)
            continue
        counts[one] = len({key for _, key in wanted})
        output.say(f"{path}: {counts[one]} units")
    written = {one: paths[one] for one in counts}
    output.result({"ingested": told(ingested), "files": written, "units": counts})
    finish(output, ingested, failures)


def import_(
    context: typer.Context,
    file: Annotated[list[Path], typer.Argument(help="Catalogs that came back.")],
    locale: Annotated[
        str | None, typer.Option("--locale", "-l", help="If a file's header does not say it.")
    ] = None,
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Merge catalogs that came back into those of the project, entry by entry.

    What only the translator changed is taken; what was changed here as well is kept beside it as a
    comment (`# conflict: …`) and counted by `polypress status`. A text for a source that has
    changed meanwhile goes to review. A file that `export` did not write is merged carefully:
    nothing that a person wrote is replaced by it.
    """
    output = Output(as_json, quiet)
    exchange = open_exchange(context.obj)
    copies, failures = _copies(exchange, file, locale)
    ingested = ingest(exchange.project)
    outcomes = {
        path: exchange.imported(ingested.contents, copy, wanted)
        for path, (copy, wanted) in copies.items()
    }
    output.result({"ingested": told(ingested), "files": outcomes})
    for path, outcome in outcomes.items():
        _show(output, path, outcome)
    failures += [error for outcome in outcomes.values() for error in outcome.failures]
    finish(output, ingested, failures)


def _copies(
    exchange: Exchange, files: Sequence[Path], locale: str | None
) -> tuple[dict[Path, tuple[Copy, str]], list[PolypressError]]:
    """Each file with its locale, and what is wrong with the others."""
    found: dict[Path, tuple[Copy, str]] = {}
    failures: list[PolypressError] = []
    for path in files:
        try:
            copy = exchange.copies.read(_body(path), str(path))
            wanted = tag(locale or copy.locale, fix=_NO_LOCALE)
            chosen(exchange.project, [wanted])
            found[path] = copy, wanted
        except PolypressError as error:
            failures.append(error)
    return found, failures


_NO_LOCALE = "name it with --locale: the header of the file has no Language"


def merge_driver(
    base: Annotated[Path, typer.Argument(help="The common ancestor (git's %O).")],
    ours: Annotated[Path, typer.Argument(help="Our version, which gets the result (%A).")],
    theirs: Annotated[Path, typer.Argument(help="Their version (%B).")],
    name: Annotated[str, typer.Argument(help="The path in the repository (%P).")] = "",
) -> None:
    """Merge two branches of a catalog for git, entry by entry instead of line by line.

    Put `*.po merge=polypress` into `.gitattributes`, and run once in each clone:
    `git config merge.polypress.driver "polypress merge-driver %O %A %B %P"`
    """
    output = Output()
    copies = open_copies()
    told_as = name or str(ours)
    bodies = [_body(path) for path in (base, ours, theirs)]
    sides = [copies.read(raw, told_as).messages if raw.strip() else () for raw in bodies]
    merged = branched(sides[0], sides[1], sides[2])
    raw = bodies[1] if bodies[1].strip() else bodies[2]
    write_atomically(ours, copies.spliced(raw, merged.messages, told_as))
    _tell_conflicts(output, told_as, merged)


def _tell_conflicts(output: Output, name: str, merged: Branched) -> None:
    for context, _ in merged.conflicts:
        output.warning(f"{name}: {context}: both texts are kept, one as a comment")


def _body(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        what = f"cannot read: {error.strerror}"
        raise OutsideError(what, fix="mend the path", place=Place(path=str(path))) from error


def _refuse_to_overwrite(paths: Iterable[Path], *, force: bool) -> None:
    there = [path for path in paths if path.exists()]
    if there and not force:
        fix = "move it away, name another folder with --output, or say --force"
        raise UsageError("this file is there already", fix=fix, place=Place(path=str(there[0])))


def _show(output: Output, path: Path, outcome: Imported) -> None:
    based = "against its base" if outcome.based else "carefully, since its base is not known"
    output.say(f"{path}: {outcome.taken} texts taken for {outcome.locale}, merged {based}")
    lines = (
        ("both texts are kept, one as a comment", outcome.conflicts),
        ("the source has changed since, to review", outcome.stale),
        ("the source is gone, kept as an obsolete entry", outcome.retired),
        ("belongs to no catalog of this project, left out", outcome.strange),
    )
    for what, contexts in lines:
        for one in contexts:
            output.say(f"  {one}: {what}")


def units_to_review(
    exchange: Exchange,
    ingested: Ingested,
    locale: str,
    *,
    items: Sequence[str],
    top: int | None,
) -> list[tuple[str, Key]]:
    """Which entries a copy shall hold, as collection and key: what waits, or whole items."""
    if items:
        units = [
            (one.collection.name, unit)
            for one in ingested.contents
            for unit in one.units
            if unit.item in items
        ]
        return [(name, (unit.context, unit.source)) for name, unit in units[:top]]
    queue = review(exchange.project, ingested.contents, locales=[locale])
    return [(one.collection, one.key) for one in queue.units[:top]]
