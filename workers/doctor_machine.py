"""What `polypress doctor` looks at without Redis: versions, packages, catalogs, database, disk."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from workers.findings import Finding, error, failed, ok, warning
from workflow.adapters.argos.models import Models
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.schema import VERSION
from workflow.bootstrap import DATABASE
from workflow.errors import PolypressError
from workflow.steps.project import Project

GIGABYTE, MEGABYTE = 1_000_000_000, 1_000_000
GIBIBYTE, MEBIBYTE = 2**30, 2**20
LITTLE, TOO_LITTLE = GIBIBYTE, 100 * MEBIBYTE
"""Bytes free below which there is a warning, and an error."""
LITTLE_SHARE = 0.05


def versions() -> Iterator[Finding]:
    """Which programs these are."""
    yield ok("Polypress", version("polypress"))
    yield ok("Python", f"{platform.python_version()} on {platform.system()}")


def packages(models: Models) -> Iterator[Finding]:
    """The installed packages, each file compared with its hash."""
    checked = list(models.verify())
    good = [str(one.package.ref) for one in checked if one.error is None]
    for one in checked:
        if one.error:
            yield failed(f"package {one.package.ref.name}", one.error)
    if good:
        yield ok("packages", f"{len(good)} as installed: {', '.join(good)}")
    if not checked:
        yield warning("packages", "none is installed", "`polypress models install FILE` brings one")


def routes(project: Project) -> Iterator[Finding]:
    """A chain of installed packages to each locale."""
    for locale in project.locales:
        try:
            route = project.engine.route(project.source, locale)
        except PolypressError as problem:
            yield failed(f"route to {locale}", problem)
        else:
            yield ok(f"route to {locale}", str(route))


def catalogs(project: Project) -> Iterator[Finding]:
    """Every catalog can be read."""
    sound = 0
    for collection in project.collections:
        for locale in project.locales:
            try:
                sound += bool(project.catalogs.read(locale, collection.domain))
            except PolypressError as problem:
                yield failed(f"catalog {locale}/{collection.domain}", problem)
    yield ok("catalogs", f"{sound} can be read")


def database(root: Path) -> Iterator[Finding]:
    """The database is whole and of a version that is known."""
    name, path = "database", root / DATABASE
    if not path.exists():
        yield ok(name, "not made yet")
        return
    try:
        damage = Database(path).check()
    except PolypressError as problem:
        yield failed(name, problem)
        return
    if damage:
        fix = "stop the hub and move the file away: it is made again, only history is lost"
        yield error(name, f"{path} is damaged: {damage}", fix)
    else:
        yield ok(name, f"whole, schema {VERSION}, {path.stat().st_size / MEGABYTE:.1f} MB")


def disks(*folders: Path) -> Iterator[Finding]:
    """Room on the disks of these folders, each disk once."""
    seen = set()
    for folder in folders:
        there = _there(folder.resolve())
        disk = there.stat().st_dev
        if disk not in seen:
            seen.add(disk)
            usage = shutil.disk_usage(there)
            yield room(str(folder), free=usage.free, total=usage.total)


def room(where: str, *, free: int, total: int) -> Finding:
    """A disk with so many bytes free."""
    name, found = "disk", f"{free / GIGABYTE:.1f} GB of {total / GIGABYTE:.0f} GB free for {where}"
    fix = "free some space: catalogs and the database grow with the content"
    if free < TOO_LITTLE:
        return error(name, found, fix)
    if free < LITTLE or free < total * LITTLE_SHARE:
        return warning(name, found, fix)
    return ok(name, found)


def _there(folder: Path) -> Path:
    """The nearest folder above that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())
