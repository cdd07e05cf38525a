"""The collections of a release as plain files; only those are built that are not here yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.bundle import Entry, ItemObject, Manifest, Release, Section, Shard
from workflow.errors import BundleError, UsageError
from workflow.model import digest_of
from workflow.ports import MessageCompiler
from workflow.ports.pulling import SectionFile, SiteSections
from workflow.steps.derived import Alternates, Ground, derived_files, item_files
from workflow.steps.project import Progress
from workflow.steps.pull_depot import Depot
from workflow.steps.pull_earlier import Earlier, section_name
from workflow.steps.sections import alternates_of

_FIX = "ask the publisher to publish again; the last good release stays"
Have = Mapping[str, Mapping[str, Sequence[Entry]]]
"""The items of a collection in a locale, by collection and then by locale."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A section that a site shall have, under a name that follows from all it is made of."""

    name: str
    collection: str
    manifest: Manifest

    @property
    def section(self) -> Section:
        """What the manifest says of it."""
        return self.manifest.collections[self.collection]


def manifests_of(release: Release, depot: Depot) -> dict[str, Manifest]:
    """The manifests of all locales of a release. Raises BundleError for one of another locale."""
    depot.bring(release.manifests.values())
    found = {
        locale: Manifest.parse(depot.read(digest)) for locale, digest in release.manifests.items()
    }
    for locale, manifest in found.items():
        if manifest.locale != locale:
            raise BundleError(f"the manifest of {locale} is one of {manifest.locale}", fix=_FIX)
    return found


def chosen(release: Release, locales: Sequence[str]) -> tuple[str, ...]:
    """The locales that a site wants, all by default. Raises UsageError for one there is not."""
    for locale in locales:
        if locale not in release.manifests:
            fix = f"it has: {', '.join(sorted(release.manifests)) or 'none'}"
            raise UsageError(f"this release has nothing for {locale}", fix=fix)
    return tuple(sorted(set(locales or release.manifests)))


def wanted_of(manifests: Mapping[str, Manifest], locales: Sequence[str], form: str) -> list[Wanted]:
    """All sections of these locales; `form` stands for the code that makes their files."""
    return [
        Wanted(section_name(manifests[locale], collection, form), collection, manifests[locale])
        for locale in locales
        for collection in sorted(manifests[locale].collections)
    ]


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds sections from the objects of a depot; `earlier` says what is there of one already."""

    depot: Depot
    sections: SiteSections
    compiler: MessageCompiler
    earlier: Callable[[Wanted], Earlier]

    def build(
        self, lacking: Sequence[Wanted], manifests: Mapping[str, Manifest], progress: Progress
    ) -> None:
        """Fetch what these sections are made of, and write them; `manifests` are all there are.

        Raises BundleError if anything is not what the release says, OutsideError.
        """
        have = _entries(lacking, manifests, self.depot)
        self.depot.bring(entry.object for one in lacking for entry in _mine(one, have))
        for done, one in enumerate(lacking):
            progress("sections", done, len(lacking))
            alternates = alternates_of(have[one.collection])
            self.sections.build(one.name, self._files(one, _mine(one, have), alternates))
        progress("sections", len(lacking), len(lacking))

    def _files(
        self, one: Wanted, entries: Sequence[Entry], alternates: Alternates
    ) -> Iterator[SectionFile]:
        """All files of a section: those of its items, and those that are made from all of them."""
        objects: list[ItemObject] = []
        earlier = self.earlier(one)
        for entry in entries:
            body = self.depot.read(entry.object)
            objects.append(_object(one, entry, body))
            yield from _item_files(objects[-1], entry, body, earlier)
        ground = Ground.of(one.manifest, one.collection)
        derived = derived_files(objects, ground, alternates, self.compiler)
        for name, digest in one.section.derived.items():
            yield SectionFile(name, self._derived(one, name, digest, derived.get(name)))

    def _derived(self, one: Wanted, name: str, digest: str, built: bytes | None) -> bytes:
        """A whole-collection file as the manifest names it: built here, else as stored there.

        Two versions of Polypress may build it with other bytes.
        """
        if built is not None and digest_of(built) == digest:
            return built
        stored = self.depot.read_if_any(digest)
        if stored is None:
            what = f"{name} of {one.collection} in {one.manifest.locale} comes out other than named"
            fix = "use the publisher's version of Polypress, or ask for derived = 'stored'"
            raise BundleError(what, fix=fix)
        return stored


def _item_files(
    one: ItemObject, entry: Entry, body: bytes, earlier: Earlier
) -> Iterator[SectionFile]:
    """The files of an item; but for its object they are those of before if it has not changed."""
    there = earlier.paths_of(entry.item, entry.object)
    if there:
        yield SectionFile(f"items/{entry.item}.json", body, entry.object)
        yield from (SectionFile(path, earlier=earlier.section) for path in there)
        return
    for path, part in item_files(one, body):
        yield SectionFile(path, part, entry.object if part is body else "")


def _object(one: Wanted, entry: Entry, body: bytes) -> ItemObject:
    made = ItemObject.parse(body)
    wanted = one.manifest.locale, one.collection, entry.item
    if (made.locale, made.collection, made.item) != wanted:
        what = f"the object of {one.collection}:{entry.item} is one of another item or locale"
        raise BundleError(what, fix=_FIX)
    return made


def _mine(one: Wanted, have: Have) -> Sequence[Entry]:
    return have[one.collection][one.manifest.locale]


def _entries(lacking: Sequence[Wanted], manifests: Mapping[str, Manifest], depot: Depot) -> Have:
    """Of the collections that are built, the items in every locale: feeds say who else has them."""
    collections = sorted({one.collection for one in lacking})
    parts = {
        name: {
            locale: manifest.collections[name]
            for locale, manifest in manifests.items()
            if name in manifest.collections
        }
        for name in collections
    }
    depot.bring(
        digest for found in parts.values() for part in found.values() for digest in part.shards
    )
    return {
        name: {locale: _listed(name, part, depot) for locale, part in found.items()}
        for name, found in parts.items()
    }


def _listed(collection: str, section: Section, depot: Depot) -> list[Entry]:
    entries: list[Entry] = []
    for digest in section.shards:
        shard = Shard.parse(depot.read(digest))
        if shard.collection != collection:
            raise BundleError(f"a shard of {collection} is one of {shard.collection}", fix=_FIX)
        entries += shard.items
    if len({entry.item for entry in entries}) < len(entries):
        raise BundleError(f"{collection} has an item twice", fix=_FIX)
    return entries
