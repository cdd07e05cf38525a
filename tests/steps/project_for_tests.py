"""A small real project in a temporary folder: real files, catalogs and SQLite, a fake engine."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.fake_engine import FakeEngine
from workflow import catalog, locales
from workflow.adapters.bundles.folder import BundleFolder
from workflow.adapters.digest import DigestFormat
from workflow.adapters.markdown import MarkdownFormat
from workflow.adapters.pofile.compiled import MoCompiler
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.history import SqliteHistory
from workflow.adapters.sqlite.memory import SqliteMemory
from workflow.adapters.sqlite.segment_cache import SqliteSegmentCache
from workflow.adapters.sqlite.traces import SqliteTraces
from workflow.model import DecodeParameters, Facts, Message
from workflow.policy import Policy
from workflow.ports import CollectionSpec
from workflow.ports.traces import Lookout
from workflow.steps.ingest import Ingested, ingest
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.project import Collection, Project
from workflow.steps.publish import Publication, publish
from workflow.steps.remembered import RememberedCatalogs
from workflow.steps.translate import translate

NOTICES = Collection(
    CollectionSpec("notices", "content/notices", "markdown", ("title", "body")),
    "notices",
    MarkdownFormat(),
)
BRIEFS = Collection(CollectionSpec("briefs", "content/briefs", "digest"), "briefs", DigestFormat())
FORM = "{0}: {1}"
"""How the fake engine answers here: `es: text`."""
TIME = "2026-01-31T12:00:00+00:00"


class StoppedClock:
    def now(self) -> str:
        return TIME


@dataclass(frozen=True)
class Place:
    """A project and the things that a person does in it."""

    project: Project
    engine: FakeEngine

    @property
    def root(self) -> Path:
        return self.project.root

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def notice(self, name: str, title: str, body: str = "", *, item: str = "") -> Path:
        head = f"id: {item}\n" if item else ""
        return self.write(f"notices/{name}.md", f"---\n{head}title: {title}\n---\n\n{body}\n")

    def ingest(self) -> Ingested:
        return ingest(self.project)

    def translate(self, *tags: str) -> tuple[LocaleOutcome, ...]:
        return translate(self.project, self.ingest(), locales=tags or None)

    def publish(self, at: str | None = None) -> Publication:
        return publish(self.project, at=at)[1]

    def catalog(self, locale: str = "es", domain: str = "notices") -> Path:
        return self.root / "locales" / locale / "LC_MESSAGES" / f"{domain}.po"

    def messages(self, locale: str = "es", domain: str = "notices") -> dict[str, Message]:
        """The entries by msgid."""
        return {one.source: one for one in self.project.catalogs.read(locale, domain)}

    def facts(self, source: str, locale: str = "es", domain: str = "notices") -> Facts:
        return catalog.facts_of(self.messages(locale, domain)[source])

    def text(self, source: str, locale: str = "es", domain: str = "notices") -> str:
        return self.messages(locale, domain)[source].translation

    def edit(
        self,
        source: str,
        text: str | None = None,
        *,
        fuzzy: bool = False,
        locale: str = "es",
        domain: str = "notices",
    ) -> None:
        """What a person does in an editor: another text if there is one, and the fuzzy mark."""

        def change(messages: tuple[Message, ...]) -> list[Message]:
            return [self._edited(one, text, fuzzy) if one.source == source else one
                    for one in messages]  # fmt: skip

        assert self.project.catalogs.update(locale, domain, change)

    @staticmethod
    def _edited(message: Message, text: str | None, fuzzy: bool) -> Message:  # noqa: FBT001
        texts = message.translations if text is None else (text,)
        flags = message.flags - {"fuzzy"} | ({"fuzzy"} if fuzzy else set())
        return dataclasses.replace(message, translations=texts, flags=frozenset(flags))

    def approve(self, source: str, text: str | None = None, **where: str) -> None:
        self.edit(source, text, **where)  # type: ignore[arg-type]

    def forget_history(self) -> None:
        """As if the database had been lost; the memory and the cache stay."""
        with closing(sqlite3.connect(self.root / "var" / "polypress.db")) as connection:
            for table in ("history_base", "history_versions", "history_catalogs"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 (a name from above)
            connection.commit()

    def with_(self, **changes: object) -> Place:
        """The same folder with other settings."""
        project = dataclasses.replace(self.project, **changes)  # type: ignore[arg-type]
        engine = changes.get("engine", self.engine)
        assert isinstance(engine, FakeEngine)
        return Place(project, engine)


def place(
    root: Path,
    *tags: str,
    engine: FakeEngine | None = None,
    answers: Mapping[str, str | Sequence[str]] | None = None,
    policy: Policy | None = None,
    collections: tuple[Collection, ...] = (NOTICES,),
) -> Place:
    """A project in `root` with these locales (es and ar by default)."""
    for collection in collections:
        (root / collection.spec.path).mkdir(parents=True, exist_ok=True)
    engine = engine or FakeEngine(answers=answers)
    engine.form = FORM
    database = Database(root / "var" / "polypress.db")
    files = FileCatalogStore(root, plural_forms=locales.plural_forms, patience=0.1)
    project = Project(
        root=root,
        name="Test",
        source="en",
        locales=tags or ("es", "ar"),
        collections=collections,
        policy=policy or Policy(),
        parameters=DecodeParameters(),
        catalogs=RememberedCatalogs(files, SqliteHistory(database)),
        compiler=MoCompiler(plural_forms=locales.plural_forms),
        engine=engine,
        memory=SqliteMemory(database),
        cache=SqliteSegmentCache(database),
        bundles=BundleFolder(root / "var" / "public"),
        clock=StoppedClock(),
        lookout=Lookout(SqliteTraces(database), files.standing, lambda: "rules"),
    )
    return Place(project, engine)


def snapshot(*folders: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of change of all files below; locks and the database are no content."""
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
