"""The project as the steps see it: collections, locales, and a port for each outside thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workflow.glossary import Glossary
from workflow.locales import on_disk
from workflow.model import DecodeParameters
from workflow.policy import Policy
from workflow.ports import (
    BundleStore,
    CatalogStore,
    Clock,
    CollectionSpec,
    ContentFormat,
    Engine,
    Memory,
    MessageCompiler,
    SegmentCache,
)
from workflow.ports.traces import Lookout


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of items with one format and one gettext domain."""

    spec: CollectionSpec
    domain: str
    format: ContentFormat

    @property
    def name(self) -> str:
        """The collection's name, as in unit ids."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `polypress.toml`, `content/` and `locales/`, and the ports to work on it.

    `pseudo` says that the engine makes pseudo text, which is wanted only where there is no text.
    """

    root: Path
    name: str
    source: str
    locales: tuple[str, ...]
    collections: tuple[Collection, ...]
    policy: Policy
    parameters: DecodeParameters
    catalogs: CatalogStore
    compiler: MessageCompiler
    engine: Engine
    memory: Memory
    cache: SegmentCache
    bundles: BundleStore
    clock: Clock
    glossary: Glossary = field(default_factory=Glossary)
    pseudo: bool = False
    lookout: Lookout | None = None

    def names(self, locale: str) -> frozenset[str]:
        """The names that a locale does not translate."""
        terms = self.glossary.for_locale(locale)
        return frozenset(term.term for term in terms if term.translation is None)


def catalog_name(locale: str, domain: str) -> str:
    """A catalog's path relative to `locales/`, as reports name it."""
    return f"{on_disk(locale)}/LC_MESSAGES/{domain}.po"


Progress = Callable[[str, int, int], None]
"""Called with what is going on, how much of it is done, and how much there is in all."""


def silent(_what: str, _done: int, _total: int) -> None:
    """A Progress that tells nobody."""
