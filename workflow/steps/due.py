"""Due: whether a moment has passed since the live release at which an item comes or goes.

Cheap enough to be asked every minute: of a collection whose files are as they were, nothing is read
but their names, sizes and times. What was asked once stands in the traces of the project.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC

from workflow.bundle import Release
from workflow.errors import PolypressError
from workflow.model import digest_of
from workflow.ports.traces import Trace
from workflow.steps.contents import read
from workflow.steps.deriving import LeftOut, derived
from workflow.steps.history import ROLLBACK, entries_of, manifests_of
from workflow.steps.lifetimes import Lifetimes, items_of
from workflow.steps.listing import listed
from workflow.steps.project import Collection, Progress, Project, silent
from workflow.steps.publish import Publication, publish, refuse_lost_collections
from workflow.steps.shipping import boundaries
from workflow.steps.switching import live_release, switch
from workflow.steps.timing import moment

DUE = "due"
"""What stands in a trace in place of a locale."""
FORM = 1
_Known = Mapping[tuple[str, str], Trace]


@dataclass(frozen=True, slots=True)
class DueDone:
    """What was due, by collection with a moment that passed, and what became of it.

    `serial` is the live release, 0 if nothing was published yet. After a rollback only what is over
    goes out (`left_out`); else all was published (`publication`).
    """

    due: Mapping[str, str]
    serial: int
    changed: bool = False
    left_out: tuple[LeftOut, ...] = ()
    publication: Publication | None = None
    failures: tuple[PolypressError, ...] = field(default_factory=tuple)


def due(project: Project, at: str | None = None) -> dict[str, str]:
    """The collections of which something is due at a time, each with a moment that passed.

    Nothing is, before the first release. Raises BundleError if the live release is damaged,
    OutsideError.
    """
    now = moment(at or project.clock.now(), UTC)
    return _due(project, live_release(project), now)


def publish_due(project: Project, *, at: str | None = None, progress: Progress = silent) -> DueDone:
    """Publish if something is due; after a rollback only take out what is over.

    The caller holds the publish lock. Raises what `publish` raises.
    """
    now = moment(at or project.clock.now(), UTC)
    live = live_release(project)
    found = _due(project, live, now)
    if not found:
        return DueDone(found, live.serial)
    if live.kind == ROLLBACK:
        done = _over(project, live, found, now)
    else:
        ingested, made = publish(project, at=now, progress=progress)
        failures = (*ingested.failures, *made.failures)
        done = DueDone(found, made.serial, made.changed, (), made, failures)
    if not done.failures:
        _keep(project, Trace("", DUE, _of_release(project), told=json.dumps([now, ""])))
    return done


def _due(project: Project, live: Release, now: str) -> dict[str, str]:
    if not live.serial:
        return {}
    known = project.lookout.traces.all() if project.lookout else {}
    after = max(live.released, _asked(project, known, now))
    passed = {one.name: _passed(project, one, known, after, now) for one in project.collections}
    found = {name: one.moment for name, one in passed.items()}
    unsure = {name for name, one in passed.items() if not one.is_all}
    if unsure or live.kind == ROLLBACK:
        for name, until in _ends(project, live, now).items():
            if name in unsure or live.kind == ROLLBACK:
                found[name] = max(found.get(name, ""), until)
    return {name: passed for name, passed in sorted(found.items()) if passed > after}


def _asked(project: Project, known: _Known, now: str) -> str:
    """When what was due was last published; a release need not have come of it.

    Only if what is live now was live then: the folder may be another one, or one of a backup.
    """
    asked, _ = _told(known.get(("", DUE)), _of_release(project)) or ("", "")
    return asked if asked <= now else ""


def _of_release(project: Project) -> str:
    return digest_of(project.bundles.release() or b"")


@dataclass(frozen=True, slots=True)
class _Passed:
    """A moment of a collection, empty if there is none.

    `is_all` is False if files cannot be read: then only the live release knows when items end.
    """

    moment: str
    is_all: bool = True


def _passed(
    project: Project, collection: Collection, known: _Known, after: str, now: str
) -> _Passed:
    """A moment of a collection since then, if there is one up to now; else the last one before.

    What is known stands from one moment to the next, as the files do.
    """
    listing = listed(project.root, collection)
    told = [FORM, listing.digest, collection.spec, project.publishing.timezone]
    inputs = hashlib.sha256(repr(told).encode(errors="surrogatepass")).hexdigest()
    reliable = bool(listing.digest) and listing.ripe <= time.time_ns()
    stands = _told(known.get((collection.name, DUE)), inputs) if reliable else None
    if stands and stands[0] <= now:
        since, until = stands
        if not until or now < until:
            return _Passed(since)
        if until > after:
            return _Passed(until)
    contents = read(project.root, collection)
    since, until = boundaries(project, contents, now)
    if contents.failures:
        return _Passed(since, is_all=False)
    if reliable:
        _keep(project, Trace(collection.name, DUE, inputs, told=json.dumps([since, until])))
    return _Passed(since)


def _told(trace: Trace | None, inputs: str) -> tuple[str, str] | None:
    """The two moments in a trace of these inputs, None if it is of others or not ours."""
    if trace is None or trace.inputs != inputs:
        return None
    try:
        since, until = json.loads(trace.told)
    except (ValueError, TypeError):
        return None
    return (since, until) if isinstance(since, str) and isinstance(until, str) else None


def _ends(project: Project, live: Release, now: str) -> dict[str, str]:
    """The last end of an entry of each collection up to now, as the live release has it."""
    found: dict[str, str] = {}
    for manifest in manifests_of(project.bundles, live).values():
        for name, section in manifest.collections.items():
            ends = [one.until for one in entries_of(project.bundles, section) if one.until]
            found[name] = max([found.get(name, ""), *(end for end in ends if end <= now)])
    return found


def _over(project: Project, live: Release, found: Mapping[str, str], now: str) -> DueDone:
    """The live release without what is over; nothing else of it changes."""
    contents = [read(project.root, one) for one in project.collections]
    refuse_lost_collections(contents)
    manifests = manifests_of(project.bundles, live)
    ending = Lifetimes(project, items_of(contents), now).ending
    made = derived(project, manifests, ending)
    switched = switch(project, live, made.manifests, kind=ROLLBACK, at=now)
    failures = tuple(error for one in contents for error in one.failures)
    return DueDone(
        found, switched.release.serial, switched.changed, made.left_out, failures=failures
    )


def _keep(project: Project, trace: Trace) -> None:
    if project.lookout:
        project.lookout.traces.keep([trace])
