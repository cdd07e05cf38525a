"""Rollback: what an older release showed goes live again, under a new serial number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

from workflow.bundle import Manifest, Release
from workflow.errors import BundleError, PolypressError
from workflow.steps.contents import read
from workflow.steps.deriving import LeftOut, derived
from workflow.steps.history import ROLLBACK, history, manifests_of
from workflow.steps.project import Project
from workflow.steps.publish import refuse_lost_collections
from workflow.steps.returning import Returning
from workflow.steps.switching import switch
from workflow.steps.timing import moment


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What is live now: `serial`, made from release `origin`; `changed` says whether it is new.

    `without` are locales that are live and were not in that release; `failures` are catalogs that
    could not be read, so that nobody knows what people said there.
    """

    serial: int
    origin: int
    changed: bool
    left_out: tuple[LeftOut, ...]
    without: tuple[str, ...] = ()
    failures: tuple[PolypressError, ...] = ()


def rollback(project: Project, serial: int | None = None, *, at: str | None = None) -> RolledBack:
    """Make the texts of a release live again (by default of the one before the live one).

    What is withdrawn, out of its time at `at` (UTC, by default now), recalled or doubted today
    stays out. Catalogs are read as they are, and nothing is written but the release. The caller
    holds the publish lock. Raises UsageError if there is no such release, BundleError if it is not
    whole or the content cannot be read, OutsideError if the disk refuses.
    """
    now = moment(at or project.clock.now(), UTC)
    found = history(project.bundles)
    target = found.before_live() if serial is None else found.release(serial)
    manifests = _manifests(project, target)
    contents = [read(project.root, one) for one in project.collections]
    refuse_lost_collections(contents)
    returning = Returning.of(project, contents, now)
    with _whole(target):
        made = derived(project, manifests, returning.rule(manifests))
    kind = found.live.kind if made.manifests == found.live.manifests else ROLLBACK
    switched = switch(project, found.live, made.manifests, kind=kind, at=now)
    return RolledBack(
        serial=switched.release.serial,
        origin=target.serial,
        changed=switched.changed,
        left_out=made.left_out,
        without=tuple(tag for tag in found.live.manifests if tag not in made.manifests),
        failures=tuple(returning.failures),
    )


def _manifests(project: Project, target: Release) -> dict[str, Manifest]:
    """Those of the project's locales. Raises BundleError if one is lost."""
    if target.source != project.source:
        what = f"release {target.serial} is of texts in {target.source}, not in {project.source}"
        raise BundleError(what, fix="choose a later release, or publish")
    wanted = (project.source, *project.locales)
    with _whole(target):
        found = manifests_of(project.bundles, target)
    return {tag: manifest for tag, manifest in found.items() if tag in wanted}


@contextmanager
def _whole(target: Release) -> Iterator[None]:
    """Say of which release something is lost."""
    try:
        yield
    except BundleError as error:
        what = f"release {target.serial} is not whole: {error.what}"
        fix = "choose another release; `polypress releases` lists them"
        raise BundleError(what, fix=fix, place=error.place) from None
