"""What a reviewer says and what comes of it, as values; names of texts as people type them."""

from __future__ import annotations

import re
from collections.abc import Collection as Group
from dataclasses import dataclass
from enum import StrEnum

from workflow import catalog
from workflow.errors import PolypressError, UsageError
from workflow.model import Message, Review, Unit, digest_of
from workflow.steps.project import Collection

_NAME = re.compile(r"(?P<unit>[^@]{1,300}@[0-9a-f]{10})@(?P<revision>[0-9a-f]{8})")
_UNIT = re.compile(r"[^@]{1,300}@[0-9a-f]{10}")
_HOW = "take it from `polypress review`, which shows each unit with the revision of its text"


class State(StrEnum):
    """What became of a unit."""

    SET = "set"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit, and the revision of its text that a person was shown."""

    unit: str
    revision: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of texts, and who they are; with `despite` errors may stand."""

    review: Review
    by: str
    why: str = ""
    despite: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit; `revision` and `text` are those that stand there now.

    `reason` says why it was refused.
    """

    unit: str
    locale: str
    state: State
    revision: str = ""
    reason: str = ""
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of everything; `written` names catalogs, relative to `locales/`."""

    units: tuple[Outcome, ...] = ()
    written: tuple[str, ...] = ()
    failures: tuple[PolypressError, ...] = ()

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """The units that were not set."""
        return tuple(one for one in self.units if one.state is State.REFUSED)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which texts are meant where none is named; what is empty leaves nothing out."""

    collections: Group[str] = ()
    items: Group[str] = ()
    origins: Group[str] = ()

    def takes(self, collection: Collection, message: Message) -> bool:
        """Whether an entry is meant."""
        origin = catalog.facts_of(message).origin.value
        return (
            (not self.collections or collection.name in self.collections)
            and (not self.items or catalog.item_of(message) in self.items)
            and (not self.origins or origin in self.origins)
        )


def asked(name: str) -> Asked:
    """What `<unit id>@<revision>` names. Raises UsageError for anything else."""
    found = _NAME.fullmatch(name)
    if found:
        return Asked(found["unit"], found["revision"])
    if _UNIT.fullmatch(name):
        raise UsageError(f"{name} names no revision: which text was seen?", fix=_HOW)
    raise UsageError(f"{name[:80]!r} is no unit with its revision", fix=_HOW)


def unit_id(collection: Collection, message: Message) -> str:
    """The id of an entry's unit."""
    source = digest_of(message.source.encode(errors="surrogatepass"))
    return f"{collection.name}:{message.context}@{source[:10]}"


def unit_of(collection: Collection, message: Message) -> Unit:
    """The unit of an entry, as far as the catalog tells it."""
    item, _, name = (message.context or "").rpartition("#")
    return Unit(collection.name, item, name, message.source)
