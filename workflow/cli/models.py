"""The commands about packages: list, install, remove, verify, probe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from workflow.adapters.argos.install import Progress, Report
from workflow.adapters.argos.models import Outcome
from workflow.bootstrap import open_models
from workflow.cli import tuning
from workflow.cli.arguments import AsJson, Quiet
from workflow.cli.output import Output
from workflow.model import UNPROBED, Traits
from workflow.ports import InstalledPackage
from workflow.segments import FORMS

app = typer.Typer(no_args_is_help=True, help="The Argos packages that translate.")
app.command("tune")(tuning.tune)
MEGABYTE = 1_000_000
COLUMNS = ("package", "from", "to", "MB", "keeps", "aligns", "SHA-256")
UNKNOWN = "-"


@app.command("list")
def list_packages(context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Show the installed packages."""
    output = Output(as_json, quiet)
    packages = open_models(context.obj).list()
    output.result(packages)
    output.table("Packages", COLUMNS, [_row(one) for one in packages])
    if not packages:
        output.say("No package is installed: `polypress models install FILE` brings one.")


@app.command()
def install(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(help="`.argosmodel` files, folders of them, or pairs such as en-es."),
    ],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Exchange a package that has other content.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Install packages from files, from folders, or by language pair from an Argos index.

    The index is `[models] index` in polypress.toml or POLYPRESS_INDEX. Every archive is checked
    before anything is written, and its SHA-256 is recorded.
    """
    output = Output(as_json, quiet)
    outcomes: list[Outcome] = []
    with _reported(output) as report:
        for outcome in open_models(context.obj).install(what, replace=replace, report=report):
            outcomes.append(outcome)
            _tell(output, outcome)
    _end(output, outcomes)


@app.command()
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A name as `models list` shows it: en_es@1.0.")],
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Remove an installed package."""
    output = Output(as_json, quiet)
    package = open_models(context.obj).remove(name)
    output.result(package)
    output.say(f"removed {package.ref}")


@app.command()
def verify(context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Compare every file of every package with what was recorded at installation."""
    output = Output(as_json, quiet)
    checked = list(open_models(context.obj).verify())
    output.result(checked)
    for one in checked:
        output.say(f"{one.package.ref}: {'damaged' if one.error else 'as installed'}")
    errors = [one.error for one in checked if one.error]
    output.failures(errors)
    if errors:
        raise typer.Exit(1)


@app.command()
def probe(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="A name as `models list` shows it; without one, all packages.")
    ] = "",
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find out again what packages keep: forms of protection tokens, and the places of words.

    Installing does that, too; this is for packages that an older Polypress has installed.
    """
    output = Output(as_json, quiet)
    outcomes: list[Outcome] = []
    for outcome in open_models(context.obj).probe(name):
        outcomes.append(outcome)
        if not outcome.error:
            _tell(output, outcome)
    _end(output, outcomes)


def _row(package: InstalledPackage) -> list[object]:
    size = f"{package.size / MEGABYTE:.1f}"
    names = package.source_name, package.target_name
    traits = package.traits
    return [
        package.ref.name,
        *names,
        size,
        _keeps(traits),
        _aligns(traits),
        package.ref.sha256[:16],
    ]


def _keeps(traits: Traits) -> str:
    """The token 1 in each form that comes through."""
    if traits is UNPROBED:
        return UNKNOWN
    return ", ".join(FORMS[name].sent("⟦1⟧") for name in traits.forms) or "nothing"


def _aligns(traits: Traits) -> str:
    return UNKNOWN if traits.alignment is None else f"{traits.alignment:.0%}"


def _tell(output: Output, outcome: Outcome) -> None:
    if outcome.package:
        output.say(f"{outcome.state}: {outcome.package.ref}")
    if outcome.warning:
        output.warning(outcome.warning)


def _end(output: Output, outcomes: list[Outcome]) -> None:
    """The results and errors of some packages, and the exit code."""
    output.result(outcomes)
    errors = [one.error for one in outcomes if one.error]
    output.failures(errors)
    if errors:
        raise typer.Exit(max(error.exit_code for error in errors))


@contextmanager
def _reported(output: Output) -> Iterator[Report]:
    with output.progress() as progress:

        def report(now: Progress) -> None:
            progress(f"{now.step} {now.name}", now.done, now.total)

        yield report
