"""What review needs: the base and past versions of every catalog entry, and who approved what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from workflow.model import Message

if TYPE_CHECKING:  # whoever needs a port does not need all rules of catalogs
    from workflow.catalog.reconcile import Past
    from workflow.catalog.state import Key


@dataclass(frozen=True, slots=True)
class Difference:
    """How a catalog differs from its base.

    `pasts` has what differs or is missing, `new` the keys that the base does not know. `newest` is
    the latest generation of which an entry stands as its base says (0: none).
    """

    pasts: Mapping[Key, Past] = field(default_factory=dict)
    new: frozenset[Key] = frozenset()
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A PO file that came back: its language and base as its header says, empty if it does not."""

    locale: str
    mark: str
    messages: tuple[Message, ...]


class CatalogCopies(Protocol):
    """Writes and reads small catalogs that leave the house."""

    def write(self, locale: str, messages: Sequence[Message], *, mark: str) -> bytes:
        """The bytes of a PO file with these entries; `mark` is from `History.mark`."""
        ...

    def read(self, raw: bytes, path: str) -> Copy:
        """A copy that came back; `path` is for messages. Raises CatalogError with the line."""
        ...

    def spliced(self, raw: bytes, messages: Sequence[Message], path: str) -> bytes:
        """A file's bytes with these entries; unchanged ones keep theirs. Raises CatalogError."""
        ...


class History(Protocol):
    """The base of every catalog, kept beside it; if it is lost, the files' facts still stand."""

    def difference(self, locale: str, domain: str, messages: Sequence[Message]) -> Difference:
        """Compare a catalog as it was read with its base."""
        ...

    def intend(
        self, locale: str, domain: str, messages: Collection[Message], gone: Collection[Key] = ()
    ) -> None:
        """Keep what is about to be written and taken out: after a crash it is known as ours."""
        ...

    def record(
        self, locale: str, domain: str, messages: Collection[Message], gone: Collection[Key] = ()
    ) -> None:
        """Make these entries the base, in a new generation; forget the base of what is gone."""
        ...

    def mark(self) -> str:
        """A name for what all catalogs hold now, for the header of an exported copy."""
        ...

    def as_of(
        self, mark: str, locale: str, domain: str, keys: Iterable[Key]
    ) -> dict[Key, Message] | None:
        """The entries as they were at a mark, by key; None for a mark of another database."""
        ...
