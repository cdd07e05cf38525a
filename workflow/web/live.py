"""The live release as the views see it: its manifests, their collections, and lists of items."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from workflow.adapters.bundles.folder import BundleFolder
from workflow.bundle import Entry, Manifest, Release, Section, Shard
from workflow.errors import BundleError
from workflow.ports import MessageCompiler
from workflow.web.answers import RefusedError
from workflow.web.folder import PublicFolder, Small
from workflow.web.kept import Kept

Made = TypeVar("Made")
Entries = Mapping[str, Entry]
"""The items of a section by id, in their order."""
ENTRY, SHARD = 500, 5_000
"""About what an entry, and a manifest for each shard that it names, take in memory (bytes)."""
LATER = {"retry-after": "5"}


@dataclass(slots=True)
class Reader:
    """Reads what the live release names, and keeps it by the digests that it was read from."""

    folder: PublicFolder
    store: BundleFolder
    compiler: MessageCompiler
    kept: Kept
    _parsed: tuple[Small, Release] | None = None

    def now(self) -> Live:
        """The live release; whoever holds it sees no other. Raises RefusedError if there is none.

        Nothing is opened unless it has changed.
        """
        pointer = self.folder.pointer()
        if pointer is None:
            fix = "publish first, or serve the folder that is published into"
            raise RefusedError(503, "nothing is published here yet", fix, LATER)
        if self._parsed is None or self._parsed[0] is not pointer:
            self._parsed = pointer, _release(pointer)
        return Live(self, self._parsed[1])

    def get(self, digest: str) -> bytes:
        """An object, compared with its digest. Raises RefusedError, BundleError if damaged."""
        if not self.folder.has(digest):
            fix = "ask again from /v1/: a newer release may be live"
            raise RefusedError(404, "this was removed from the public folder", fix)
        return self.store.get(digest)


def _release(pointer: Small) -> Release:
    try:
        return Release.parse(pointer.body)
    except BundleError as error:
        fix = "publish again, or restore release.json"
        raise RefusedError(503, "the live release is damaged", fix, LATER) from error


@dataclass(frozen=True, slots=True)
class Live:
    """One release, from beginning to end of a request.

    Its methods raise RefusedError for what is not there, and BundleError for what is damaged.
    """

    reader: Reader
    release: Release

    async def made(
        self, key: Hashable, make: Callable[[], Made], size: Callable[[Made], int]
    ) -> Made:
        """What is made from what `key` names, now or before; `size` tells how many bytes it takes.

        `make` runs on another thread.
        """
        return await self.reader.kept.get(key, make, size)

    async def manifest(self, locale: str) -> Manifest:
        """The manifest of a locale that the release has."""
        digest = self.release.manifests[locale]

        def make() -> Manifest:
            return Manifest.parse(self.reader.get(digest))

        return await self.made(("manifest", digest), make, _size)

    async def section(self, locale: str, collection: str) -> Section:
        """A collection in a locale."""
        section = (await self.manifest(locale)).collections.get(collection)
        if section is None:
            fix = f"/v1/{locale}/ lists the collections that there are"
            raise RefusedError(404, "there is no such collection", fix)
        return section

    async def entries(self, section: Section) -> Entries:
        """The items of a section."""

        def make() -> Entries:
            shards = (Shard.parse(self.reader.get(digest)) for digest in section.shards)
            return {entry.item: entry for shard in shards for entry in shard.items}

        return await self.made(
            ("entries", section.shards), make, lambda made: ENTRY * len(made) + ENTRY
        )

    async def entry(self, locale: str, collection: str, item: str) -> Entry:
        """An item's place in the release."""
        found = (await self.entries(await self.section(locale, collection))).get(item)
        if found:
            return found
        if f"{collection}:{item}" in self.release.withdrawn:
            raise RefusedError(410, "this was withdrawn", "take it off your pages")
        fix = f"/v1/{locale}/{collection}/ lists the items that there are"
        raise RefusedError(404, "there is no such item", fix)


def _size(manifest: Manifest) -> int:
    return SHARD * (1 + sum(len(one.shards) + 1 for one in manifest.collections.values()))
