"""The command `doctor`: looks at all that a project needs, and says what to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import typer

from workers import broker, doctor_machine
from workers.commands import PACKAGES
from workers.findings import Finding, Level, failed, ok
from workers.where import redis_url
from workflow.adapters.argos.models import Models
from workflow.adapters.argos.store import ArgosStore
from workflow.bootstrap import open_models, open_project
from workflow.cli.arguments import AsJson, Quiet
from workflow.cli.output import Output, table_of
from workflow.errors import OutsideError, PolypressError
from workflow.model import PackageRef
from workflow.settings import FILE_NAME, load
from workflow.steps.project import Project

START = f"start it, or mend {broker.VARIABLE}; hub and workers wait for it meanwhile"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to look at here: a project, packages, both or neither; `folders` hold them."""

    project: Project | None = None
    models: Models | None = None
    folders: tuple[Path, ...] = ()


def doctor_command(
    context: typer.Context, *, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Look at packages, catalogs, database, disk, Redis, hub and workers, and say what to do.

    The exit code is 1 if something is an error, 5 if Redis cannot be reached, else 0.
    """
    output = Output(as_json, quiet)
    found, unreachable = examined(context.obj)
    output.result(found)
    columns = ["what", "", "found", "what to do"]
    output.show(table_of("Doctor", columns, [_row(one) for one in found], figures=False))
    _tell(output, found)
    if unreachable:
        raise typer.Exit(OutsideError.exit_code)
    if any(one.level is Level.ERROR for one in found):
        raise typer.Exit(1)


def examined(root: Path) -> tuple[list[Finding], bool]:
    """All findings, and whether a Redis is in use that cannot be reached."""
    machine, found = _machine(root)
    found += [*doctor_machine.versions(), *_here(root, machine)]
    try:
        url = redis_url(root)
    except PolypressError as problem:
        return [*found, failed("Redis", problem)], False
    if not url:
        return [*found, ok("Redis", "no queue in use")], False
    from workers import doctor_redis  # noqa: PLC0415 (structlog is slow; all commands come by here)

    try:
        return [*found, *doctor_redis.look(url, _needed(machine))], False
    except OutsideError as problem:
        return [*found, _unreachable(problem)], True


def _unreachable(problem: OutsideError) -> Finding:
    found = failed("Redis", problem)
    return found if problem.what in broker.LASTING else replace(found, fix=START)


def _machine(root: Path) -> tuple[Machine, list[Finding]]:
    """What there is here; a machine for workers has packages and no project."""
    folder = os.environ.get(PACKAGES)
    if folder and not (root / FILE_NAME).exists():
        models = Models(ArgosStore(root / folder))
        told = ok("project", f"none here; packages in {folder}, as a worker needs them")
        return Machine(None, models, (root / folder,)), [told]
    try:
        settings = load(root)
        project, models = open_project(root, settings), open_models(root, settings)
    except PolypressError as problem:
        return Machine(), [failed("project", problem)]
    about = f"{project.name}: {project.source} to {', '.join(project.locales)}"
    machine = Machine(project, models, (root, root / settings.models.path))
    return machine, [ok("project", about)]


def _here(root: Path, machine: Machine) -> Iterator[Finding]:
    if machine.models:
        yield from _guarded("packages", doctor_machine.packages, machine.models)
    if machine.project:
        yield from _guarded("routes", doctor_machine.routes, machine.project)
        yield from _guarded("catalogs", doctor_machine.catalogs, machine.project)
        yield from doctor_machine.database(root)
    try:
        yield from doctor_machine.disks(*machine.folders)
    except OSError as problem:
        fix = "mend the folder or its permissions"
        yield failed("disk", OutsideError(f"cannot be looked at: {problem.strerror}", fix=fix))


def _guarded(name: str, check: Callable[[_T], Iterable[Finding]], thing: _T) -> Sequence[Finding]:
    try:
        return list(check(thing))
    except PolypressError as problem:
        return [failed(name, problem)]


def _needed(machine: Machine) -> list[PackageRef]:
    """The packages of all routes; a locale without a route has been told of already."""
    needed: dict[PackageRef, None] = {}
    project = machine.project
    if project is None:
        return []
    for locale in project.locales:
        with suppress(PolypressError):
            route = project.engine.route(project.source, locale)
            needed.update(dict.fromkeys(route.hops))
    return list(needed)


def _row(one: Finding) -> list[object]:
    return [one.name, str(one.level), one.found, one.fix]


def _tell(output: Output, found: Sequence[Finding]) -> None:
    worst = [one for one in found if one.level is not Level.OK]
    if not worst:
        output.say("Nothing to do.")
    for one in worst:
        if one.level is Level.ERROR and output.quiet:
            output.problem(f"error: {one.name}: {one.found} ({one.fix})")
