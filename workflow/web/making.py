"""What is made from objects: lists of items, pages, items in their own format, derived files."""

from __future__ import annotations

from collections.abc import Mapping

from workflow.adapters.bundles.compression import compressed
from workflow.bundle import ItemObject, encoded
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.steps.derived import Ground, derived_files, item_files
from workflow.steps.sections import alternates_of
from workflow.web.answers import JSON
from workflow.web.live import Entries, Live
from workflow.web.things import InMemory, Thing

OWN = "text/plain; charset=utf-8"
KINDS = {
    "json": JSON,
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "mo": "application/octet-stream",
    "atom": "application/atom+xml; charset=utf-8",
}
PAGE = "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The content security policy of an item's page: it runs nothing and sends nothing."""
LIST = "items.json"
Things = Mapping[str, Thing]


def kind_of(name: str) -> str:
    """The media type of a file by its suffix; what nobody knows is plain text."""
    return KINDS.get(name.rpartition(".")[2], OWN)


async def listing(live: Live, locale: str, collection: str) -> Thing:
    """The items of a collection in their order: ids, objects, and when they expire."""
    section = await live.section(locale, collection)
    entries = await live.entries(section)

    def make() -> Things:
        return {LIST: _thing(LIST, _listed(locale, collection, entries))}

    return (await live.made(("listing", locale, collection, section.shards), make, _size))[LIST]


def _listed(locale: str, collection: str, entries: Entries) -> bytes:
    items = [
        {"item": one.item, "object": one.object, **({"until": one.until} if one.until else {})}
        for one in entries.values()
    ]
    return encoded({"schema": 1, "locale": locale, "collection": collection, "items": items})


async def files(live: Live, digest: str) -> Things:
    """The page of an item and the item in its own format, by name, made from its object."""

    def make() -> Things:
        body = live.reader.get(digest)
        made = dict(item_files(ItemObject.parse(body), body))
        names = {name.rpartition("/")[2]: name for name in made if not name.endswith(".json")}
        return {name: _thing(name, made[path]) for name, path in names.items()}

    return await live.made(("files", digest), make, _size)


async def derived(live: Live, locale: str, collection: str) -> Things:
    """The whole-collection files by name. Raises BundleError if they are not what was published."""
    manifest = await live.manifest(locale)
    section = await live.section(locale, collection)
    entries = await live.entries(section)
    have = {tag: await _entries(live, tag, collection) for tag in live.release.manifests}

    def make() -> Things:
        objects = [ItemObject.parse(live.reader.get(one.object)) for one in entries.values()]
        alternates = alternates_of({tag: found.values() for tag, found in have.items()})
        ground = Ground.of(manifest, collection)
        made = derived_files(objects, ground, alternates, live.reader.compiler)
        if {name: digest_of(body) for name, body in made.items()} != section.derived:
            fix = "publish again with the Polypress that serves"
            raise BundleError("derived files are not those of the release", fix=fix)
        return {name: _thing(name, body) for name, body in made.items()}

    return await live.made(("derived", tuple(sorted(section.derived.items()))), make, _size)


async def _entries(live: Live, locale: str, collection: str) -> Entries:
    section = (await live.manifest(locale)).collections.get(collection)
    return await live.entries(section) if section else {}


def _thing(name: str, body: bytes) -> Thing:
    """A text made here, with its compressed forms."""
    more = {"content-security-policy": PAGE} if name.endswith(".html") else {}
    forms = InMemory({"": body, **dict(compressed(body))})
    return Thing(digest_of(body), forms, kind_of(name), compressed=True, more=more)


def _size(things: Things) -> int:
    forms = (thing.forms for thing in things.values())
    return sum(one.size for one in forms if isinstance(one, InMemory))
