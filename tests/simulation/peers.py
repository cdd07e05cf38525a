"""What others do with a catalog: the usual flow of gettext, and who saves last is right."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.simulation.fuse import Fuse, wired_place
from tests.simulation.ways import COPIES, ES, NOTICES, Polypress, Reading, Way, save_over
from tests.steps.project_for_tests import Place
from workflow import catalog
from workflow.model import Message
from workflow.ports.review import Copy
from workflow.steps.contents import read as read_contents


@dataclass(slots=True)
class LastWriter:
    """What a plain job does: entries by their source, whoever saves or imports last is right."""

    root: Path
    name: str = "last writer wins"
    city: Place = field(init=False)
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        self.city = wired_place(self.root, Fuse())

    @property
    def folder(self) -> Path:
        return self.root / "content" / NOTICES

    def read(self) -> tuple[Message, ...]:
        return self.reading.of(self.city)

    def put(self, messages: Sequence[Message]) -> None:
        save_over(self.city, messages)

    def wanted(self) -> tuple[Message, ...]:
        """The empty entries of all units."""
        contents = read_contents(self.root, self.city.project.collections[0])
        return catalog.template(contents.items)

    def look(self) -> None:
        known = {one.key: one for one in self.read()}
        self.put([known.get(new.key, new) for new in self.wanted()])

    def run(self, point: str = "", act: Callable[[], None] | None = None) -> bool:
        before = self.read()
        if act is not None:
            act()  # in the middle of the run: it has read, and will save
        known = {one.key: one for one in before}
        self.put([drafted(known.get(new.key, new)) for new in self.wanted()])
        return not point or act is not None

    def export(self, messages: Sequence[Message]) -> Copy:
        return Copy(ES, "", tuple(messages))

    def import_(self, copy: Copy) -> None:
        theirs = {one.key: one for one in copy.messages if any(one.translations)}
        self.put([theirs.get(one.key, one) for one in self.read()])

    def lose(self) -> None:
        """It has no database."""

    def branches(self, base: Sequence[Message], theirs: Sequence[Message]) -> None:
        del base
        self.put(theirs)


@dataclass(slots=True)
class Msgmerge(LastWriter):
    """The usual flow of gettext: xgettext's template, `msgmerge --previous`, `msgcat` to import."""

    name: str = "msgmerge"

    def look(self) -> None:
        self.put(self._merged(self.read()))

    def run(self, point: str = "", act: Callable[[], None] | None = None) -> bool:
        self.look()
        before = self.read()
        if act is not None:
            act()
        self.put([drafted(one) for one in before])
        return not point or act is not None

    def _merged(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        mine, pot = self._file("mine.po", messages), self._file("new.pot", self.wanted())
        command = ["msgmerge", "--quiet", "--previous", "--no-wrap", str(mine), str(pot)]
        return _messages(command)

    def import_(self, copy: Copy) -> None:
        """Their entries first; what they left empty or fuzzy as it is here."""
        theirs = self._file("theirs.po", [one for one in copy.messages if not one.fuzzy])
        mine = self._file("mine.po", self.read())
        self.put(_messages(["msgcat", "--use-first", "--no-wrap", str(theirs), str(mine)]))

    def branches(self, base: Sequence[Message], theirs: Sequence[Message]) -> None:
        """`msgcat --use-first`: theirs first, then ours."""
        del base
        self.import_(Copy(ES, "", tuple(theirs)))

    def _file(self, name: str, messages: Sequence[Message]) -> Path:
        path = self.root / name
        path.write_bytes(COPIES.write(ES, messages, mark="none.0"))
        return path


def drafted(message: Message) -> Message:
    """The entry with a draft of the machine, if it has no text."""
    if any(message.translations) or message.obsolete:
        return message
    text = f"{ES}: {message.source}"
    return replace(message, translations=(text,), flags=message.flags | {"fuzzy"})


def _messages(command: Sequence[str]) -> tuple[Message, ...]:
    done = subprocess.run(command, check=True, capture_output=True)
    return tuple(replace(one, notes=()) for one in COPIES.read(done.stdout, "out.po").messages)


WAYS: Mapping[str, Callable[[Path], Way]] = {
    "polypress": Polypress, "msgmerge": Msgmerge, "last writer wins": LastWriter,
}  # fmt: skip
