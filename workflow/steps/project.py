"""The project as the steps see it: collections, locales, and a port for each outside thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    Keys,
    Memory,
    MessageCompiler,
    NoKeys,
    SegmentCache,
)
from workflow.ports.traces import Lookout
from workflow.withdrawn import Withdrawal


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
class Publishing:
    """How bundles are made, besides the policy; see `[publish]` in docs/settings.md.

    `site` is the address of an item's page as a template, `labels` is `beside` or `required`,
    `derived` is `named` or `stored`, `timezone` an IANA name, `keep` a number of releases. `notes`
    maps locales to the visible notes by kind (machine, stale, source).
    """

    site: str = ""
    labels: str = "beside"
    derived: str = "named"
    timezone: str = "UTC"
    keep: int = 10
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `polypress.toml`, `content/` and `locales/`, and the ports to work on it.

    `pseudo` says that the engine makes pseudo text, which is wanted only where there is no text.
    `withdrawn` are the items that must not be published, by `<collection>:<item>`.
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
    publishing: Publishing = field(default_factory=Publishing)
    keys: Keys = field(default_factory=NoKeys)
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)

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
