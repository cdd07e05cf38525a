"""Projects to publish: items of ten units, in collections of a hundred, translated by no engine.

Half of the texts are a person's, the other half a machine's; they are what the source says, with
the language before it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.change import COLLECTION, HERE, LOCALES, SETTINGS
from workflow import catalog
from workflow.bootstrap import open_project
from workflow.model import Message, PackageRef, Route, Unit
from workflow.steps.ingest import ingest

TITLE = "Notice {number} of the {place}"
PARAGRAPHS = (
    "The {place} in district {number} is open from {hour}:00 to 18:00 on working days.",
    "Please bring your **library card** and notice {number} when you come to the {place}.",
    "The desk of the {place} answers [questions](https://city.example/{number}) on opening hours.",
    "Visitors of the {place} leave their bicycles at stand {number}, beside the main entrance.",
    "The lift of the {place} is being repaired until day {hour} of the month, notice {number}.",
    "Children under {hour} pay nothing in the {place}; adults pay {number} cents.",
    "Bus {hour} stops in front of the {place} every {number} minutes in the morning.",
    "The {place} lends {number} books, {hour} bicycles and a projector to residents.",
    "Write to *office {number}* of the {place} if you cannot come by {hour}:30.",
)
PLACES = ("library", "pool", "town hall", "museum", "market hall", "school", "registry office")
CHANGED = "Dogs are welcome in the garden, but not in the building."
PACKAGES = {
    tag: str(Route((PackageRef("en", tag, "1.0", f"{'0f3c9a1b':0<64}"),))) for tag in LOCALES
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A project of `count` collections of `items` each, ten units an item."""

    root: Path
    count: int
    items: int

    @property
    def units(self) -> int:
        """The units of one locale."""
        return self.count * self.items * (1 + len(PARAGRAPHS))

    @property
    def public(self) -> Path:
        """The public folder."""
        return self.root / "var" / "public"

    def begin(self) -> None:
        """Write settings, content and translations."""
        names = [f"notices-{number}" for number in range(self.count)]
        for at, name in enumerate(names):
            (self.root / "content" / name).mkdir(parents=True)
            for item in range(self.items):
                self.write(at, item)
        tables = "".join(COLLECTION.format(name) for name in names)
        (self.root / "polypress.toml").write_text(SETTINGS + tables, "utf-8")
        self.translate()

    def write(self, collection: int, item: int, *, more: str = "") -> None:
        """One item; `more` is one paragraph more, in place of the last."""
        number = collection * self.items + item
        place = PLACES[number % len(PLACES)]
        filled = [
            text.format(place=place, number=number, hour=7 + number % 9)
            for text in (TITLE, *PARAGRAPHS)
        ]
        body = "\n\n".join([*filled[1:-1], more] if more else filled[1:])
        path = self.root / "content" / f"notices-{collection}" / f"n{item}.md"
        path.write_text(f"---\ntitle: {filled[0]}\ndate: 2026-01-31\n---\n\n{body}\n", "utf-8")

    def translate(self, collection: int | None = None) -> None:
        """Give every unit (of one collection) that has no text one, without an engine."""
        project = open_project(self.root)
        if collection is not None:
            project = replace(project, collections=(project.collections[collection],))
        for contents in ingest(project).contents:
            for tag in LOCALES:
                made = {one.key: one for one in _texts(contents.units, tag)}
                project.catalogs.update(
                    tag,
                    contents.collection.domain,
                    lambda messages, made=made: catalog.settle(messages, made),  # type: ignore[misc]
                )

    def person_edits(self, collection: int, item: int, tag: str, word: str) -> None:
        """A translator types another text for the title of an item: it then begins with a word."""
        number = collection * self.items + item
        source = TITLE.format(place=PLACES[number % len(PLACES)], number=number)
        path = self.root / "locales" / tag / "LC_MESSAGES" / f"notices-{collection}.po"
        before = path.read_text("utf-8")
        head, entry, rest = before.partition(f'msgid "{source}"\nmsgstr "')
        assert entry, source  # noqa: S101 (without it nothing is measured)
        path.write_text(f"{head}{entry}{word}: {source}{rest[rest.index(chr(34)) :]}", "utf-8")

    def run(self, *arguments: str) -> tuple[float, dict[str, Any]]:
        """Seconds of a whole process of the program, and what it told."""
        command = [sys.executable, "-m", "workers.main", "-p", str(self.root), *arguments]
        begun = time.monotonic()
        done = subprocess.run([*command, "--json"], check=False, capture_output=True, cwd=HERE)
        seconds = time.monotonic() - begun
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return seconds, json.loads(done.stdout)

    def copied(self, root: Path) -> Stage:
        """The same content and catalogs elsewhere, with nothing published and no memory."""
        for part in ("content", "locales"):
            shutil.copytree(self.root / part, root / part)
        shutil.copy(self.root / "polypress.toml", root)
        if (self.root / "var" / "keys").is_dir():
            shutil.copytree(self.root / "var" / "keys", root / "var" / "keys")
        return Stage(root, self.count, self.items)


def _texts(units: Iterable[Unit], tag: str) -> Iterable[Message]:
    """The title by a person, every other paragraph, too, the rest by a machine."""
    for number, unit in enumerate(units):
        text = f"{tag}: {unit.source}"
        if number % 2 == 0:
            yield catalog.approved(unit, text)
        else:
            yield catalog.draft(unit, text, packages=PACKAGES[tag], risk=0.2)
