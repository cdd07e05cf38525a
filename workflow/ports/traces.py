"""What a run needs to leave out what has not changed: traces of earlier runs, and signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Trace:
    """What a run saw of a collection in a locale when it left nothing to be done there.

    An empty `locale` stands for the content and the template. `inputs` is a digest of all that
    reading it back depends on, `drafted` of that and of all that drafting depends on (empty: it was
    not drafted). `memory` is the version of the memory that had nothing for the units without a
    fresh text: one that has learned may. `told` is JSON: what a run tells again.
    """

    collection: str
    locale: str
    inputs: str
    drafted: str = ""
    memory: int = 0
    told: str = ""


class Traces(Protocol):
    """Keeps the traces of a project; without them a run reads everything, and nothing is lost."""

    def all(self) -> Mapping[tuple[str, str], Trace]:
        """All traces by collection and locale."""
        ...

    def keep(self, traces: Iterable[Trace]) -> None:
        """Keep these, each in place of the one before, all of them or none."""
        ...


class CatalogSignatures(Protocol):
    """Tells what catalogs and templates are (for a template `locale` is empty)."""

    def begin(self) -> None:
        """From here on remember what each file holds when its update is done."""
        ...

    def signature(self, locale: str, domain: str) -> str | None:
        """The file's signature as it lies there, unread; None if it cannot be looked at."""
        ...

    def verified(self, locale: str, domain: str) -> str | None:
        """The signature of the very file that was read back, drafted and left by this run.

        None if it was not updated, if somebody saved in between, or if the signature is too young
        to tell a further change.
        """
        ...


@dataclass(frozen=True, slots=True)
class Lookout:
    """What tells whether a collection is as a run left it.

    `rules` tells all that holds for the whole project and that the project does not say by itself:
    the program, the packages, and how they are used.
    """

    traces: Traces
    catalogs: CatalogSignatures
    rules: Callable[[], str]
