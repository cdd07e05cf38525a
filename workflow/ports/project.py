"""What the core needs to work on a project: formats, packages, catalogs, memory, bundles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workflow.memory import Lesson, MemoryMatch
from workflow.model import (
    UNPROBED,
    DecodeParameters,
    Hypothesis,
    Item,
    Markup,
    Message,
    PackageRef,
    Route,
    Traits,
)

Hypotheses = tuple[Hypothesis, ...]


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """What a format must know of its collection.

    `path` is the folder or file relative to the project; `fields` are the translatable fields in
    order; `notes` names the field whose text goes to translators. `formats` says of keys of the
    front matter how a locale writes them (date, number or list).
    """

    name: str
    path: str
    format: str
    fields: tuple[str, ...] = ("body",)
    notes: str = "note"
    formats: tuple[tuple[str, str], ...] = ()


class ContentFormat(Protocol):
    """Reads a source file to items and rebuilds an item with other texts."""

    suffixes: tuple[str, ...]

    def read(self, path: str, raw: bytes, spec: CollectionSpec) -> tuple[Item, ...]:
        """All items of one file; `path` is relative to the project. Raises ContentError."""
        ...

    def markup(self, source: str) -> tuple[Markup, ...]:
        """The inline markup of one unit's source text, in order, not overlapping."""
        ...

    def render(self, item: Item, texts: Mapping[tuple[str, str], str], spec: CollectionSpec) -> str:
        """The item in its own format; `texts` maps (field, source) to what stands there instead."""
        ...

    def html(
        self,
        item: Item,
        texts: Mapping[tuple[str, str], str],
        marks: Mapping[tuple[str, str], Mapping[str, str]],
        spec: CollectionSpec,
    ) -> str:
        """The item as HTML that can run nothing: what stands within its article.

        `texts` are as in `render`; `marks` maps (field, source) to the attributes that the element
        round this text carries (its language, where it comes from).
        """
        ...


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """A package in the store: which it is, and the folder with `metadata.json` and `model/`."""

    ref: PackageRef
    folder: Path
    source_name: str = ""
    target_name: str = ""
    size: int = 0
    traits: Traits = UNPROBED


class PackageStore(Protocol):
    """The installed Argos packages."""

    def installed(self) -> tuple[InstalledPackage, ...]:
        """All installed packages, sorted by languages and version; does not hash their files."""
        ...

    def verify(self, package: InstalledPackage) -> None:
        """Compare every file with what was recorded at installation. Raises PackageError."""
        ...


class Engine(Protocol):
    """A machine translator over installed packages."""

    def route(self, source: str, target: str) -> Route:
        """The packages from one language to another (BCP 47). Raises RouteError."""
        ...

    def traits(self, package: PackageRef) -> Traits:
        """What the package was found to keep when it was installed; the default if unknown."""
        ...

    def detour(self, route: Route) -> Route | None:
        """Another route between the languages of a route, None if there is none."""
        ...

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        """Hypotheses for each segment, best first, through one package.

        The segments are pooled, sorted by length and decoded in token-budgeted batches;
        `progress` is called with the number of segments that have just been decoded.
        Raises PackageError for a package that is not there or not what was recorded.
        """
        ...


class CatalogStore(Protocol):
    """The catalogs of a project on disk."""

    def read(self, locale: str, domain: str) -> tuple[Message, ...]:
        """All entries in file order, without the header; empty if there is no file yet.

        Raises CatalogError (with the line) for a file that is not sound.
        """
        ...

    def lines(self, locale: str, domain: str) -> Mapping[tuple[str | None, str], int]:
        """The line (from 1) at which each active entry starts, by context and msgid.

        Raises CatalogError.
        """
        ...

    def update(
        self,
        locale: str,
        domain: str,
        change: Callable[[tuple[Message, ...]], Iterable[Message]],
        *,
        settled: Callable[[], None] = ...,
    ) -> bool:
        """Under the catalog's lock: read again, apply `change`, write what differs.

        Entries that `change` returns unchanged keep their bytes. True if the file was written,
        False if nothing differed. `change` may be called again if somebody saved in between;
        `settled` is called once, still under the lock, when its last result stands there.
        Raises CatalogError, LockedError or OutsideError; the old file then stands untouched.
        """
        ...

    def read_template(self, domain: str) -> tuple[Message, ...]:
        """The entries of `locales/<domain>.pot`; empty if there is none. Raises CatalogError."""
        ...

    def write_template(self, domain: str, messages: Sequence[Message]) -> bool:
        """Write `locales/<domain>.pot`; True if its bytes changed."""
        ...


class MessageCompiler(Protocol):
    """Makes compiled gettext catalogs."""

    def compile(self, locale: str, texts: Sequence[tuple[str, str, str]]) -> bytes:
        """The bytes of a `.mo` file for (context, source, translation) triples; they repeat."""
        ...


class Memory(Protocol):
    """Approved text only, by locale: whole units, and sentences whose translation is certain.

    A place is `<collection>:<item>#<field>`; see `workflow.memory` for how matches rank.
    """

    def exact(self, locale: str, sources: Sequence[tuple[str, str]]) -> dict[int, MemoryMatch]:
        """The first of the exact matches for (place, source) pairs; the key is the index."""
        ...

    def targets(self, locale: str, sources: Iterable[str]) -> dict[str, frozenset[str]]:
        """All approved translations of each text that has any."""
        ...

    def similar(
        self, locale: str, sources: Sequence[tuple[str, str]], *, least: float = ...
    ) -> dict[int, tuple[MemoryMatch, ...]]:
        """Up to three texts with a likeness of `least` or more for (place, source) pairs.

        Best first; the key is the index. Found is what shares one of the query's four rarest
        words (`workflow.memory.rarest`), as long as no more than 16 texts do; else those with
        most of them in common. An exact match counts as similar.
        """
        ...

    def news(self, locale: str, collection: str, lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
        """Those of a collection's lessons whose texts differ from what is held."""
        ...

    def learn(self, locale: str, lessons: Iterable[Lesson]) -> int:
        """Take over lessons; a target of None is forgotten. How many made a difference."""
        ...

    def version(self, locale: str) -> int:
        """A number that grows whenever lessons make a difference in a locale, from 0."""
        ...


class SegmentCache(Protocol):
    """What a package answered with given parameters, so that it is never asked twice."""

    def get(self, package: PackageRef, key: str, segments: Sequence[str]) -> dict[str, Hypotheses]:
        """The known answers, by segment text."""
        ...

    def put(self, package: PackageRef, key: str, answers: Mapping[str, Hypotheses]) -> None:
        """Keep answers for good; the package's hash and the parameters' key are part of the key."""
        ...


class Clock(Protocol):
    """Time as an input, so that a build can be repeated."""

    def now(self) -> str:
        """The present as ISO 8601 with offset, whole seconds."""
        ...
