"""The command `models tune`: which sizes of batches are fastest on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from workflow.adapters.argos.tuner import Finding, Trial
from workflow.bootstrap import open_project, open_tuner
from workflow.cli.arguments import AsJson, Quiet
from workflow.cli.output import Output
from workflow.errors import PolypressError
from workflow.steps.samples import samples, source_codes

COLUMNS = ("", "replicas", "rows", "pieces", "segments", "segments/s", "of the default")
SECONDS = 20.0


def tune(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="A name as `models list` shows it; without one, all packages.")
    ] = "",
    *,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=3600, help="How long to try each package.")
    ] = SECONDS,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Try batches of several sizes with each package, and record which are fastest here.

    Sentences of the project are decoded, for other source languages those of the probe. The result
    lies beside the packages, for this number of cores alone; from then on every run uses it. Let
    nothing else run meanwhile.
    """
    output = Output(as_json, quiet)
    project = open_project(context.obj)
    tuner = open_tuner(context.obj, project.parameters)
    packages = [tuner.store.find(name)] if name else tuner.store.installed()
    texts, codes = samples(project), source_codes(project)
    findings, errors = [], []
    for package in packages:
        try:
            with output.progress() as progress:
                tried = partial(progress, f"tune {package.ref.name}")
                ours = texts if package.ref.source in codes else ()
                findings.append(tuner.tune(package, ours, seconds, tried))
            _show(output, findings[-1])
            tuner.record(findings[-1])
        except PolypressError as error:
            errors.append(error)
        else:
            _say(output, findings[-1])
    _end(output, findings, errors)


def _show(output: Output, finding: Finding) -> None:
    """What was tried; before it is recorded, since it took long and recording may fail."""
    rows = [_row(trial, finding) for trial in finding.trials]
    title = f"{finding.package.ref.name}, {finding.cores} cores, {finding.device}"
    output.table(title, COLUMNS, rows)


def _say(output: Output, finding: Finding) -> None:
    """What comes of it."""
    default, name = finding.trials[0], finding.package.ref.name
    if finding.best == default.sizes:
        output.say(f"{name}: nothing is worth a change, the default stays")
    else:
        output.say(f"{name}: {finding.gain:.0%} faster than the default from now on")


def _row(trial: Trial, finding: Finding) -> list[object]:
    sizes, default = trial.sizes, finding.trials[0]
    names = ["default"] * (trial is default) + ["chosen"] * (sizes == finding.best)
    shown = sizes.replicas, sizes.rows, sizes.pieces, sizes.segments
    share = f"{trial.pace / default.pace:.0%}"
    return [", ".join(names), *shown, f"{trial.pace:.1f}", share]


def _end(output: Output, findings: Sequence[Finding], errors: Sequence[PolypressError]) -> None:
    if not (findings or errors):
        output.say("No package is installed: `polypress models install FILE` brings one.")
    output.result(findings)
    output.failures(errors)
    if errors:
        raise typer.Exit(max(error.exit_code for error in errors))
