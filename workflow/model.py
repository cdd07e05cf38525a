"""The words of the system as values: items, units, packages, hypotheses and the three facts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


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


def digest_of(text: str | bytes) -> str:
    """SHA-256 of a text (as UTF-8) or of bytes, in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def hash8(text: str) -> str:
    """The first 8 hex digits of the SHA-256 of a text, as the facts in a catalog use it."""
    return digest_of(text)[:8]


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
class PackageRef:
    """Which package: languages in Argos' codes, its version, and the SHA-256 of its archive."""

    source: str
    target: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """Language pair and version, e.g. `en_es@1.0`."""
        return f"{self.source}_{self.target}@{self.version}"

    def __str__(self) -> str:
        """The form in catalogs and manifests: `en_es@1.0#<hash8>`."""
        return f"{self.name}#{self.sha256[:8]}"


def answer_key(package: PackageRef, parameters: str, text: str) -> bytes:
    """What names an answer wherever it is kept or sent: 32 bytes.

    The SHA-256 of the package's own, the parameters' key and the segment's text, so the same
    question has the same name on every machine.
    """
    return hashlib.sha256(f"{package.sha256}\x00{parameters}\x00{text}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Route:
    """A chain of packages from a source to a target language (more than one hop: a pivot)."""

    hops: tuple[PackageRef, ...]

    def __str__(self) -> str:
        """One package as it is; a pivot joined by `+`, its archives hashed together."""
        if len(self.hops) == 1:
            return str(self.hops[0])
        names = "+".join(hop.name for hop in self.hops)
        return f"{names}#{hash8('+'.join(hop.sha256 for hop in self.hops))}"


@dataclass(frozen=True, slots=True)
class DecodeParameters:
    """How the engine decodes; the defaults are argostranslate's own.

    `beam_size` and `num_hypotheses` count hypotheses; `length_penalty` is the exponent.
    """

    beam_size: int = 4
    num_hypotheses: int = 1
    length_penalty: float = 0.2
    replace_unknowns: bool = True

    @property
    def key(self) -> str:
        """A stable text that names these parameters in caches and messages."""
        unknowns = "u" if self.replace_unknowns else "-"
        return f"b{self.beam_size}n{self.num_hypotheses}p{self.length_penalty:g}{unknowns}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One candidate of the engine for one segment.

    `score` is the mean log-probability of a target piece (natural logarithm, 0 is certainty);
    `fallback` the share of source pieces that are single bytes (text unlike the training data);
    `coverage` the share of source words that the decoder's attention visited. Shares are in [0,1].
    What follows is None where nobody measured it: `focus`, the share of attention that a target
    piece gives to the one source word it looks at most; `source_piece` and `target_piece`, how many
    letters a piece of either side has; `spread`, by how much the score of the next hypothesis lies
    below this one's; `alignment`, for each word of `text` (between blanks) the number from 0 of the
    source word on which the attention rests, -1 where it rests on none.
    """

    text: str
    score: float = 0.0
    fallback: float = 0.0
    coverage: float = 1.0
    focus: float | None = None
    source_piece: float | None = None
    target_piece: float | None = None
    spread: float | None = None
    alignment: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What a package was found to do with text that must survive, when it was installed.

    `forms` names the forms of protection tokens that come through it, the best first; `alignment`
    is the share in [0,1] of known words that its attention puts right. Without a probe (None) the
    brackets are tried, and no alignment is trusted.
    """

    forms: tuple[str, ...] = ("brackets",)
    alignment: float | None = None


UNPROBED = Traits()


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
