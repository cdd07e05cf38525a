"""Items, units, entries and the three facts of a translation, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from workflow.model.hashes import digest_of


class Origin(StrEnum):
    """Who made a translation (design, section 4)."""

    HUMAN = "human"
    MEMORY = "memory"
    MACHINE = "machine"
    MIXED = "mixed"
    NONE = "none"


class Freshness(StrEnum):
    """Whether a translation was made from today's source text."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"


class Review(StrEnum):
    """What a person has said about a translation."""

    NONE = "none"
    APPROVED = "approved"
    NEEDS_WORK = "needs-work"


class Severity(StrEnum):
    """How bad a finding is: an error must not be published, a warning may."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding as a value: which check, how bad, what, and where."""

    check: str
    severity: Severity
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One translatable block of a field: one PO entry.

    `source` is the block's raw inline text (the msgid), `line` counts from 1 in the source file.
    """

    collection: str
    item: str
    field: str
    source: str
    line: int = 0
    notes: tuple[str, ...] = ()

    @property
    def context(self) -> str:
        """The `msgctxt`: `<item id>#<field>`."""
        return f"{self.item}#{self.field}"

    @property
    def id(self) -> str:
        """The unit id: `<collection>:<item>#<field>@<first 10 hex of SHA-256(msgid)>`."""
        return f"{self.collection}:{self.context}@{digest_of(self.source)[:10]}"


COMES, GOES = "publish_at", "expires_at"
"""The names in an item's `meta` that say when it comes and goes; no format may pass over them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One page, notice or post.

    `path` is relative to the project with `/`; `raw` is the part of the file that the item's
    format needs to rebuild it (the whole file for Markdown, the paragraph for a digest);
    `meta` maps names to what a site may want to know and nobody translates (a date); `warnings`
    are what the reader found and could live with.
    """

    collection: str
    id: str
    path: str
    raw: str
    units: tuple[Unit, ...]
    meta: tuple[tuple[str, str], ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a unit's source that the engine must not touch: `source[start:end]`.

    `kind` is `open` or `close` for the two ends of an inline span, `atom` for a whole thing
    (placeholder, code, image, link address). Ends of one span carry the same `pair` (from 1).
    """

    start: int
    end: int
    kind: str
    pair: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """The three facts of a unit's translation, and which packages and risk stand behind it.

    `packages` is `str(Route)` or empty; `risk` is in [0,1], None when unknown; `withheld` says
    that the engine's answer failed its checks (the translation is then empty).
    """

    origin: Origin
    freshness: Freshness
    review: Review
    packages: str = ""
    risk: float | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One PO entry, whatever the codec: texts as the program sees them (unescaped).

    `translations` has one element without plural; `comments` are translator comments (`# `),
    `notes` extracted ones (`#. `), one line each; `flags` includes `fuzzy`.
    """

    context: str | None
    source: str
    translations: tuple[str, ...] = ("",)
    plural: str | None = None
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    flags: frozenset[str] = field(default_factory=frozenset)
    previous_context: str | None = None
    previous_source: str | None = None
    previous_plural: str | None = None
    obsolete: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        """What makes an entry unique in its file: context and msgid."""
        return (self.context, self.source)

    @property
    def translation(self) -> str:
        """The msgstr (the first form of a plural)."""
        return self.translations[0] if self.translations else ""

    @property
    def fuzzy(self) -> bool:
        """Whether every gettext tool keeps this entry out of a compiled catalog."""
        return "fuzzy" in self.flags
