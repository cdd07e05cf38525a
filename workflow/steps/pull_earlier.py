"""What the current tree of a site has already: files of items that need not be made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from workflow.bundle import Manifest, Release, Shard, encoded
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.ports.pulling import Site


def section_name(manifest: Manifest, collection: str, form: str) -> str:
    """The name of a section: it follows from all that its files are made of."""
    section = manifest.collections[collection]
    made_of = {
        "form": form,
        "locale": manifest.locale,
        "collection": collection,
        "shards": list(section.shards),
        "derived": dict(section.derived),
    }
    return digest_of(encoded(made_of))


@dataclass(frozen=True, slots=True)
class Earlier:
    """A section that is there: its items' objects, and the paths of their files but the objects."""

    section: str = ""
    objects: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, list[str]] = field(default_factory=dict)

    def paths_of(self, item: str, digest: str) -> list[str]:
        """The files of an item if it is still of the same object, else none."""
        return self.paths[item] if self.objects.get(item) == digest else []


def earlier(site: Site, locale: str, collection: str, form: str) -> Earlier:
    """What the current tree has of a collection, if it was built by the same code and is whole."""
    with suppress(BundleError):
        manifest = _manifest(site, locale)
        if manifest and collection in manifest.collections:
            name = section_name(manifest, collection, form)
            if site.sections.has(name):
                shards = manifest.collections[collection].shards
                return Earlier(name, _objects(site, shards), _paths(site, name))
    return Earlier()


def _manifest(site: Site, locale: str) -> Manifest | None:
    tree = site.trees.current()
    body = site.trees.release(tree) if tree else None
    digest = Release.parse(body).manifests.get(locale) if body else None
    raw = site.objects.read(digest) if digest else None
    return Manifest.parse(raw) if raw else None


def _objects(site: Site, shards: tuple[str, ...]) -> dict[str, str]:
    bodies = filter(None, map(site.objects.read, shards))
    return {entry.item: entry.object for body in bodies for entry in Shard.parse(body).items}


def _paths(site: Site, section: str) -> defaultdict[str, list[str]]:
    """By item; a file is named by its item and an ending that has one dot."""
    found = defaultdict[str, list[str]](list)
    for name in site.sections.items(section):
        item, _, ending = name.rpartition(".")
        if ending != "json":  # the object, which is compared with its digest
            found[item].append(f"items/{name}")
    return found
