"""A way to keep a translated catalog, as the simulation sees it, and Polypress as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.simulation.fuse import Fuse, Killed, wired_place
from tests.steps.project_for_tests import Place
from workflow import locales
from workflow.adapters.pofile import sheet
from workflow.adapters.pofile.copies import PoCopies
from workflow.catalog.branches import branched
from workflow.model import Message
from workflow.ports.review import Copy
from workflow.steps.exchange import Exchange

ES, NOTICES = "es", "notices"
COPIES = PoCopies(name="Town", plural_forms=locales.plural_forms)


class Way(Protocol):
    """A way to keep the catalog of a town's notices."""

    name: str

    @property
    def folder(self) -> Path:
        """Where the notices lie."""
        ...

    def read(self) -> tuple[Message, ...]:
        """The catalog as it lies on disk."""
        ...

    def put(self, messages: Sequence[Message]) -> None:
        """An editor saves the whole file."""
        ...

    def look(self) -> None:
        """A run that only reads the sources and brings the catalog up to date."""
        ...

    def run(self, point: str = "", act: Callable[[], None] | None = None) -> bool:
        """A run that drafts, too; killed at a point, or with `act` happening there. True: whole."""
        ...

    def export(self, messages: Sequence[Message]) -> Copy:
        """A copy of some entries for a translator."""
        ...

    def import_(self, copy: Copy) -> None:
        """The copy comes back."""
        ...

    def lose(self) -> None:
        """The database is lost, where there is one."""
        ...

    def branches(self, base: Sequence[Message], theirs: Sequence[Message]) -> None:
        """A branch of the catalog is merged into what lies here."""
        ...


@dataclass(slots=True)
class Reading:
    """The catalog as it lies on disk; bytes that were just read are not parsed again."""

    raw: bytes = b""
    messages: tuple[Message, ...] = ()

    def of(self, city: Place) -> tuple[Message, ...]:
        path = city.catalog(ES, NOTICES)
        raw = path.read_bytes() if path.exists() else b""
        if raw != self.raw:
            self.raw, self.messages = raw, sheet.read(raw, path.name).messages
        return self.messages


@dataclass(slots=True)
class Polypress:
    """Polypress itself: real files, real SQLite, a fast engine."""

    root: Path
    name: str = "polypress"
    fuse: Fuse = field(default_factory=Fuse)
    city: Place = field(init=False)
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        self.city = wired_place(self.root, self.fuse)

    @property
    def folder(self) -> Path:
        return self.root / "content" / NOTICES

    def read(self) -> tuple[Message, ...]:
        return self.reading.of(self.city)

    def put(self, messages: Sequence[Message]) -> None:
        save_over(self.city, messages)

    def look(self) -> None:
        told = self.city.ingest()
        assert not told.failures, told.failures

    def run(self, point: str = "", act: Callable[[], None] | None = None) -> bool:
        self.fuse.set(point, act or _kill)
        try:
            (outcome,) = self.city.translate()
        except Killed:
            return False
        finally:
            self.fuse.set("", _kill)
        assert not outcome.failures, outcome.failures
        return True

    def export(self, messages: Sequence[Message]) -> Copy:
        raw = self._exchange().exported(ES, [(NOTICES, one.key) for one in messages])
        return COPIES.read(raw, "copy.po")

    def import_(self, copy: Copy) -> None:
        raw = COPIES.write(ES, copy.messages, mark=copy.mark)
        told = self._exchange().imported(
            self.city.ingest().contents, COPIES.read(raw, "copy.po"), ES
        )
        assert not told.failures, told.failures

    def _exchange(self) -> Exchange:
        history = self.city.project.catalogs.history  # type: ignore[attr-defined]
        return Exchange(self.city.project, history, COPIES)

    def lose(self) -> None:
        for path in (self.root / "var").glob("polypress.db*"):
            path.unlink()
        self.city = wired_place(self.root, self.fuse)

    def branches(self, base: Sequence[Message], theirs: Sequence[Message]) -> None:
        self.put(branched(base, self.read(), theirs).messages)


def save_over(city: Place, messages: Sequence[Message]) -> None:
    """Write a whole catalog as an editor does: without a lock, telling nobody."""
    path = city.catalog(ES, NOTICES)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(COPIES.write(ES, messages, mark="none.0"))
    before = sheet.read(path.read_bytes(), path.name)
    body = sheet.splice(before, tuple(messages), new_header="")
    if body is not None:
        beside = path.with_suffix(".tmp")
        beside.write_bytes(body)
        beside.replace(path)


def _kill() -> None:
    raise Killed
