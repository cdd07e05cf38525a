"""Inputs: digests of all that a collection's catalogs and drafts depend on, nothing of it read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field

from workflow.errors import PolypressError, RouteError
from workflow.model import Route
from workflow.ports.traces import Lookout
from workflow.steps.listing import Listing
from workflow.steps.project import Collection, Project

FORM = 1
"""The form of the traces."""


@dataclass(slots=True)
class Inputs:
    """Digests as one run sees them, taken before it reads anything.

    `locales` are those that the run drafts.
    """

    project: Project
    lookout: Lookout
    locales: tuple[str, ...]
    _rules: str = field(init=False)
    _terms: dict[str, str] = field(init=False)
    _engines: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Look at what holds for all collections."""
        glossary = self.project.glossary
        self._rules = _digest(self.lookout.rules())
        self._terms = {tag: _digest(*glossary.for_locale(tag)) for tag in self.project.locales}
        self._engines = {tag: self._engine(tag) for tag in self.locales}

    def still_hold(self) -> bool:
        """Whether the rules are still what they were at the start of the run."""
        return self._rules == _digest(self.lookout.rules())

    def content(self, collection: Collection, listing: Listing, template: str) -> str:
        """All that the units and the template depend on, and the template."""
        project = self.project
        return _digest(
            FORM, self._rules, os.geteuid(), project.name, project.source,
            collection.spec, collection.domain, type(collection.format).__name__,
            listing.digest, template,
        )  # fmt: skip

    def catalog(self, content: str, locale: str, signature: str) -> str:
        """All that reading back and merging a catalog depends on, and the catalog."""
        return _digest(content, locale, self._terms[locale], signature)

    def drafted(self, inputs: str, locale: str) -> str:
        """All that drafting depends on but the memory; empty if that cannot be said."""
        engine = self._engines[locale]
        return _digest(inputs, engine) if engine else ""

    def _engine(self, locale: str) -> str:
        """Who drafts and how, or that nobody can."""
        project = self.project
        try:
            route: Route | str = project.engine.route(project.source, locale)
        except RouteError as error:
            route = str(error)
        except PolypressError:
            return ""  # the run will say what is wrong
        return _digest(route, project.parameters, project.pseudo)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()
