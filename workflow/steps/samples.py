"""Samples: sentences of the project's own content, to try packages with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from workflow.errors import RouteError
from workflow.segments import segmented
from workflow.steps.contents import read
from workflow.steps.project import Project

MOST = 4096
"""Sentences; more tell nothing new."""


def samples(project: Project) -> tuple[str, ...]:
    """Up to 4,096 different segments of the content, in the form in which the engine gets them.

    Nothing is written, and what cannot be read is left out.
    """
    return tuple(islice(dict.fromkeys(_segments(project)), MOST))


def _segments(project: Project) -> Iterator[str]:
    for collection in project.collections:
        for unit in read(project.root, collection).units:
            markup = collection.format.markup(unit.source)
            cut = segmented(unit.source, markup, language=project.source)
            yield from (segment.text for segment in cut.segments)


def source_codes(project: Project) -> frozenset[str]:
    """The engine's codes of the project's source language, by the packages that translate it."""
    return frozenset(_codes(project))


def _codes(project: Project) -> Iterator[str]:
    for locale in project.locales:
        try:
            yield project.engine.route(project.source, locale).hops[0].source
        except RouteError:
            continue
