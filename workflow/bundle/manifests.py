"""Manifests: what a bundle holds and what its texts are, locale by locale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import Field

from workflow.bundle.forms import SCHEMA, Digest, FileName, Name, Tag, encoded, parsed
from workflow.policy import Label

Counts = Mapping[str, Mapping[str, Annotated[int, Field(ge=0)]]]
"""How many by kind: `items` published and left-out; units by origin, review, freshness, risk and
fallback."""
LOW, HIGH = 0.3, 0.6
"""Risks below the first are low, from the second on high."""


@dataclass(frozen=True, slots=True)
class Section:
    """One collection of one locale.

    `revision` is the SHA-256 of the collection's source text, `packages` are those that a machine's
    text came from, `derived` maps the names of files that are made from all items to digests.
    """

    revision: Digest
    counts: Counts
    packages: tuple[str, ...]
    shards: tuple[Digest, ...]
    derived: Mapping[FileName, Digest]


@dataclass(frozen=True, slots=True)
class Source:
    """The source locale, and the SHA-256 over the revisions of all collections."""

    locale: Tag
    revision: Digest


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a release says of one locale.

    `site` is the address of an item's page as a template, or empty; `labels` is `required` where
    files without labels hold approved text alone.
    """

    locale: Tag
    direction: Literal["ltr", "rtl"]
    project: str
    site: str
    labels: Literal["beside", "required"]
    source: Source
    counts: Counts
    packages: tuple[str, ...]
    collections: Mapping[Name, Section]

    def to_bytes(self) -> bytes:
        """The manifest's bytes."""
        return encoded({"schema": SCHEMA, **asdict(self)})

    @classmethod
    def parse(cls, body: bytes) -> Manifest:
        """A manifest's bytes read back. Raises BundleError."""
        return parsed(cls, body, what="a manifest")


def counted(labels: Iterable[Label], *, items: int, left_out: int) -> dict[str, dict[str, int]]:
    """The counts of a section; `fallback` counts what stands in for a translation of today."""
    seen = list(labels)
    found: dict[str, dict[str, int]] = {"items": {"published": items, "left-out": left_out}}
    for fact in ("origin", "review", "freshness"):
        found[fact] = dict(Counter(str(getattr(label, fact)) for label in seen))
    found["risk"] = dict(Counter(_band(label) for label in seen if label.packages))
    found["fallback"] = dict(Counter(filter(None, map(_fallback, seen))))
    return found


def _band(label: Label) -> str:
    if label.risk is None:
        return "unknown"
    return "low" if label.risk < LOW else "medium" if label.risk < HIGH else "high"


def _fallback(label: Label) -> str:
    if label.origin == "source":
        return "source"
    return "last-approved" if label.freshness == "stale" else ""


def summed(parts: Sequence[Counts]) -> dict[str, dict[str, int]]:
    """The counts of several sections together."""
    total: dict[str, Counter[str]] = {}
    for counts in parts:
        for fact, kinds in counts.items():
            total.setdefault(fact, Counter()).update(kinds)
    return {fact: dict(kinds) for fact, kinds in total.items()}
