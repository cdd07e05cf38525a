"""Unchanged: which collections a run can leave out, because the last one left nothing to do there.

Nothing of them is read but the names, sizes and times of their files. A collection is left out if
all that its catalogs and drafts depend on is what it was, down to the program itself; see ADR 23
for what that is, and why a file that changes at any moment of a run is never missed.
"""

from __future__ import annotations

import time
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflow.ports.traces import Trace
from workflow.signature import TICK
from workflow.steps.contents import Contents
from workflow.steps.inputs import Inputs
from workflow.steps.listing import Listing, listed
from workflow.steps.outcome import Done
from workflow.steps.project import Collection, Project
from workflow.steps.traced import Unchanged, content_told, left_told, told_again

Known = Mapping[tuple[str, str], Trace]
"""Traces by collection and locale."""


@dataclass(slots=True)
class Survey:
    """One run's look at all collections before it reads any, and what it found of those it read.

    `unchanged` are left out. `note` hears what was drafted, `keep` remembers for the next run what
    is done now.
    """

    project: Project
    unchanged: tuple[Unchanged, ...] = ()
    _inputs: Inputs | None = None
    _traces: Known = field(default_factory=dict)
    _listings: Mapping[str, Listing] = field(default_factory=dict)
    _done: dict[tuple[str, str], Done] = field(default_factory=dict)

    def note(self, done: Done) -> None:
        """A collection was drafted in a locale, and nothing failed."""
        self._done[done.collection, done.locale] = done

    def keep(self, contents: Iterable[Contents]) -> None:
        """Remember the collections that were read, as far as nothing failed or moved meanwhile.

        Nothing is remembered if the program or its packages changed. Raises OutsideError.
        """
        read = tuple(contents)
        traces: list[Trace] = []
        if self._inputs is not None and self._inputs.still_hold():
            sound = [one for one in read if not one.failures]
            traces = [trace for one in sound for trace in self._of(self._inputs, one)]
            known = self._asked_again(self._inputs)
            self._inputs.lookout.traces.keep([*known, *traces])
        self._traces = _renewed(self._traces, {one.collection.name for one in read}, traces)

    def inputs(self, collection: str) -> tuple[str, ...]:
        """What a collection's content and catalogs depend on, as its traces say; empty if unknown.

        That of a collection that was left out, and after `keep` of one that was read.
        """
        tags = ("", *self.project.locales)
        traces = [self._traces.get((collection, tag)) for tag in tags]
        return tuple(one.inputs for one in traces if one) if all(traces) else ()

    @property
    def traces(self) -> Known:
        """What earlier runs left, and after `keep` this one."""
        return self._traces

    def _of(self, inputs: Inputs, contents: Contents) -> Iterator[Trace]:
        collection = contents.collection
        listing = self._listings[collection.name]
        template = inputs.lookout.catalogs.verified("", collection.domain)
        if not listing.digest or template is None:
            return
        content = inputs.content(collection, listing, template)
        yield Trace(collection.name, "", content, told=content_told(contents))
        for locale in self.project.locales:
            found = inputs.lookout.catalogs.verified(locale, collection.domain)
            if found is not None:
                digest = inputs.catalog(content, locale, found)
                yield self._of_catalog(inputs, Trace(collection.name, locale, digest))

    def _of_catalog(self, inputs: Inputs, trace: Trace) -> Trace:
        """With what was drafted; what is known to be drafted stays so if nothing has changed."""
        place = trace.collection, trace.locale
        before, done = self._traces.get(place), self._done.get(place)
        if done is None:
            return before if before and before.inputs == trace.inputs else trace
        drafted = inputs.drafted(trace.inputs, trace.locale)
        return replace(trace, drafted=drafted, memory=done.memory, told=left_told(done.left))

    def _asked_again(self, inputs: Inputs) -> Iterator[Trace]:
        """Traces of collections that were left out, but for units that a newer memory might know.

        If it did, the catalog has changed; if it did not, the next run need not ask it again.
        """
        domains = {one.name: one.domain for one in self.project.collections}
        names = {one.collection for one in self.unchanged}
        for place, done in self._done.items():
            if done.collection not in names:
                continue
            trace = self._traces[place]
            found = inputs.lookout.catalogs.signature(done.locale, domains[done.collection])
            content = self._traces[done.collection, ""].inputs
            if found and inputs.catalog(content, done.locale, found) == trace.inputs:
                yield replace(trace, memory=done.memory, told=left_told(done.left))


def surveyed(project: Project, locales: Sequence[str], *, whole: bool = False) -> Survey:
    """Look at all collections; with `whole` none with a unit that has no fresh text is left out.

    Without a lookout everything is read.
    """
    if project.lookout is None:
        return Survey(project)
    project.lookout.catalogs.begin()
    inputs = Inputs(project, project.lookout, tuple(locales))
    traces = project.lookout.traces.all()
    listings = {one.name: listed(project.root, one) for one in project.collections}
    matching = _Matching(project, inputs, traces, whole=whole)
    found = {one.name: matching.one(one, listings[one.name]) for one in project.collections}
    listings |= _ripened(project, {name: listings[name] for name in found if not found[name]})
    unchanged = tuple(one for one in found.values() if one is not None)
    return Survey(project, unchanged, inputs, traces, listings)


def _ripened(project: Project, listings: Mapping[str, Listing]) -> dict[str, Listing]:
    """Those that are to be read, looked at once more if a file was saved within the last tick.

    If that does not help (the files' clock is coarse, or ahead), the listing is worth nothing.
    """
    early = max((one.ripe for one in listings.values()), default=0) - time.time_ns()
    if early <= 0:
        return {}
    time.sleep(min(early, TICK) / 1e9)
    read = [one for one in project.collections if one.name in listings]
    again = {one.name: listed(project.root, one) for one in read}
    now = time.time_ns()
    return {name: one if one.ripe <= now else Listing() for name, one in again.items()}


def _renewed(before: Known, read: Group[str], traces: Iterable[Trace]) -> Known:
    """Of collections that were read only what was found now: an old trace is of what was then."""
    others = {place: one for place, one in before.items() if place[0] not in read}
    return {**others, **{(one.collection, one.locale): one for one in traces}}


@dataclass(frozen=True, slots=True)
class _Matching:
    project: Project
    inputs: Inputs
    traces: Known
    whole: bool

    def one(self, collection: Collection, listing: Listing) -> Unchanged | None:
        """What the traces say of a collection, if they say that nothing is to be done."""
        known = self.traces.get((collection.name, ""))
        template = self.inputs.lookout.catalogs.signature("", collection.domain)
        if known is None or template is None or not listing.digest:
            return None
        content = self.inputs.content(collection, listing, template)
        if known.inputs != content:
            return None
        catalogs = []
        for locale in self.project.locales:
            trace = self.traces.get((collection.name, locale))
            if trace is None or not self._is_same(collection, content, trace):
                return None
            catalogs.append(trace)
        found = told_again(known, catalogs)
        return None if found and self.whole and any(found.left.values()) else found

    def _is_same(self, collection: Collection, content: str, trace: Trace) -> bool:
        found = self.inputs.lookout.catalogs.signature(trace.locale, collection.domain)
        if found is None or trace.inputs != self.inputs.catalog(content, trace.locale, found):
            return False
        return trace.locale not in self.inputs.locales or self._is_drafted(trace)

    def _is_drafted(self, trace: Trace) -> bool:
        drafted = self.inputs.drafted(trace.inputs, trace.locale)
        return bool(drafted) and trace.drafted == drafted
