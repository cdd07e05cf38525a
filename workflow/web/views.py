"""The views: what each address gets. Each takes a request and gives an answer or RefusedError."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from workflow.bundle import SCHEMA, encoded
from workflow.model import digest_of
from workflow.web import making
from workflow.web.answers import (
    ASK_AGAIN,
    FOR_EVER,
    JSON,
    NEVER,
    Answer,
    RefusedError,
    missing,
    moved,
    told,
)
from workflow.web.asked import Asked
from workflow.web.choosing import elsewhere
from workflow.web.folder import DIGEST, Small
from workflow.web.live import LATER, Live, Reader
from workflow.web.things import InMemory, OnDisk, Thing, answered, unchanged

View = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class FileViews:
    """The files of the public folder, as any static server gives them out."""

    reader: Reader

    async def pointer(self, asked: Asked) -> Answer:
        """`release.json`."""
        return _small(asked, self.reader.folder.pointer())

    async def record(self, asked: Asked) -> Answer:
        """A release that was live."""
        return _small(asked, self.reader.folder.record(asked.names["record"]))

    async def object(self, asked: Asked) -> Answer:
        """An object, for ever."""
        digest = asked.names["digest"]
        if not DIGEST.fullmatch(digest):
            raise missing()
        return answered(asked, _object(self.reader, digest, cache=FOR_EVER))

    async def health(self, _asked: Asked) -> Answer:
        """Whether there is a release whose manifests are all there, and how old it is (s)."""
        release = self.reader.now().release
        if not all(map(self.reader.folder.has, release.manifests.values())):
            fix = "publish again, or copy the folder anew, release.json last"
            raise RefusedError(503, "manifests of the live release are not there", fix, LATER)
        age = datetime.now(UTC) - datetime.fromisoformat(release.released)
        seconds = max(0, int(age.total_seconds()))
        return told({"serial": release.serial, "age": seconds}, headers={"cache-control": NEVER})


def _object(reader: Reader, digest: str, *, kind: str = JSON, cache: str = ASK_AGAIN) -> Thing:
    return Thing(digest, OnDisk(reader.folder, digest), kind, cache, compressed=True)


def _small(asked: Asked, found: Small | None) -> Answer:
    if found is None:
        raise missing()
    return answered(asked, Thing(found.digest, InMemory({"": found.body})))


@dataclass(frozen=True, slots=True)
class TextViews:
    """The texts of the live release, under names that people can write."""

    reader: Reader

    async def index(self, asked: Asked) -> Answer:
        """The release and its locales."""
        release = self.reader.now().release
        names = ("serial", "released", "project", "source")
        value = {name: getattr(release, name) for name in names}
        locales = sorted(release.manifests)
        body = encoded({"schema": SCHEMA, "locales": locales, **value})
        return answered(asked, Thing(digest_of(body), InMemory({"": body})))

    async def manifest(self, asked: Asked) -> Answer:
        """The manifest of a locale."""
        live = self.reader.now()
        digest = live.release.manifests.get(asked.names["locale"])
        return self._stored(asked, digest) if digest else _moved(asked, live)

    async def collection(self, asked: Asked) -> Answer:
        """The items of a collection."""
        live = self.reader.now()
        if away := elsewhere(asked, live.release):
            return away
        names = asked.names
        return answered(asked, await making.listing(live, names["locale"], names["collection"]))

    async def file(self, asked: Asked) -> Answer:
        """A derived file, or an item in one of its forms; a derived file goes first."""
        live = self.reader.now()
        if away := elsewhere(asked, live.release):
            return away
        locale, collection, name = (asked.names[one] for one in ("locale", "collection", "file"))
        section = await live.section(locale, collection)
        if name in section.derived:
            return await self._derived(asked, live, section.derived[name])
        item, _, suffix = name.rpartition(".")
        entry = await live.entry(locale, collection, item)
        if suffix == "json":
            return self._stored(asked, entry.object)
        thing = (await making.files(live, entry.object)).get(name)
        if thing is None:
            fix = f"/v1/{locale}/{collection}/{item}.json has all that there is of this item"
            raise RefusedError(404, "the item has no such form", fix)
        return answered(asked, thing)

    async def _derived(self, asked: Asked, live: Live, digest: str) -> Answer:
        """A derived file, from the public folder if it is stored there, else made."""
        locale, collection, name = (asked.names[one] for one in ("locale", "collection", "file"))
        kind = making.kind_of(name)
        if self.reader.folder.has(digest):
            return self._stored(asked, digest, kind)
        promised = Thing(digest, InMemory({}), kind, compressed=True)
        if answer := unchanged(asked, promised):
            return answer
        return answered(asked, (await making.derived(live, locale, collection))[name])

    def _stored(self, asked: Asked, digest: str, kind: str = JSON) -> Answer:
        return answered(asked, _object(self.reader, digest, kind=kind))


def _moved(asked: Asked, live: Live) -> Answer:
    away = elsewhere(asked, live.release)
    if away is None:
        raise missing()
    return away


async def with_slash(asked: Asked) -> Answer:
    """A folder's address without its slash."""
    return moved(308, f"{asked.path}/")
