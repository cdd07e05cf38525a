"""Reuse: the live sections of collections that would be published just so again.

A trace of the last publish says what a collection's sections were made from, and what they were. If
all of that still holds, none of it is read, so that publishing costs what changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.bundle import Manifest, Section
from workflow.ports.traces import Trace
from workflow.steps.building import Built
from workflow.steps.project import Project
from workflow.steps.switching import section_of
from workflow.steps.traced import Unchanged
from workflow.steps.unchanged import Survey

PUBLISHED = "publish"
"""What stands in a trace in place of a locale."""
FORM = 1


@dataclass(frozen=True, slots=True)
class Reuse:
    """What of the live release (its manifests by locale) stands at a time (UTC)."""

    survey: Survey
    live: Mapping[str, Manifest]
    at: str

    def unchanged(self) -> tuple[Unchanged, ...]:
        """The collections that need not be read."""
        return tuple(one for one in self.survey.unchanged if self._stands(one.collection))

    def sections(self, collection: str) -> dict[str, Section]:
        """The live sections of a collection by locale."""
        tags = (self._project.source, *self._project.locales)
        found = ((tag, section_of(self.live, tag, collection)) for tag in tags)
        return {tag: section for tag, section in found if section}

    def keep(self, built: Iterable[Built]) -> None:
        """Remember what was published, as far as nothing failed. Raises OutsideError."""
        lookout = self._project.lookout
        if lookout is not None:
            whole = [one for one in built if not one.failures]
            lookout.traces.keep(filter(None, map(self._trace, whole)))

    @property
    def _project(self) -> Project:
        return self.survey.project

    def _stands(self, collection: str) -> bool:
        trace = self.survey.traces.get((collection, PUBLISHED))
        sections = self.sections(collection)
        if trace is None or trace.inputs != self._inputs(collection):
            return False
        return (
            trace.drafted == _told(sections)
            and _holds(trace.told, self.at)
            and all(self._project.bundles.has(one) for one in _named(sections))
        )

    def _trace(self, built: Built) -> Trace | None:
        inputs = self._inputs(built.collection)
        if not inputs:
            return None
        told = json.dumps([built.since, built.until])
        return Trace(built.collection, PUBLISHED, inputs, _told(built.sections), told=told)

    def _inputs(self, collection: str) -> str:
        """All that the sections of a collection depend on; empty if that cannot be said."""
        project = self._project
        read = self.survey.inputs(collection)
        if not read:
            return ""
        withdrawn = sorted(key for key in project.withdrawn if key.startswith(f"{collection}:"))
        return _digest(FORM, read, project.locales, project.policy, project.publishing, withdrawn)


def _named(sections: Mapping[str, Section]) -> Iterable[str]:
    return (shard for section in sections.values() for shard in section.shards)


def _told(sections: Mapping[str, Section]) -> str:
    return _digest(sorted((tag, _plain(section)) for tag, section in sections.items()))


def _plain(section: Section) -> str:
    """A section as a text that does not depend on the order of its mappings."""
    told = [section.revision, section.packages, section.shards, section.derived, section.counts]
    return json.dumps(told, sort_keys=True)


def _holds(told: str, at: str) -> bool:
    since, until = json.loads(told)
    return since <= at and (not until or at < until)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()
