"""Unpack: the live bundle of a locale as plain files, each compared with its digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.bundle import ItemObject, Manifest, Release, Section
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.ports import BundleStore, MessageCompiler
from workflow.steps.derived import Alternates, Ground, derived_files, item_files
from workflow.steps.history import entries_of
from workflow.steps.sections import alternates_of


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle: its path relative to the bundle, and its bytes."""

    path: str
    body: bytes


def unpack(store: BundleStore, compiler: MessageCompiler, locale: str) -> Iterator[BundleFile]:
    """The manifest, and of every collection the whole-collection files and every item.

    Raises BundleError if nothing is published for the locale, or anything is missing or damaged.
    """
    live = Release.live(store.release())
    if locale not in live.manifests:
        ready = ", ".join(sorted(live.manifests)) or "none"
        raise BundleError(f"nothing is published for {locale}", fix=f"published: {ready}")
    raw = {tag: store.get(digest) for tag, digest in live.manifests.items()}
    manifests = {tag: Manifest.parse(body) for tag, body in raw.items()}
    yield BundleFile("manifest.json", raw[locale])
    for name, section in manifests[locale].collections.items():
        have = _alternates(store, manifests, name)
        ground = Ground.of(manifests[locale], name)
        for path, body in _section(store, section, ground, have, compiler):
            yield BundleFile(f"{name}/{path}", body)


def _alternates(
    store: BundleStore, manifests: Mapping[str, Manifest], collection: str
) -> Alternates:
    sections = {tag: one.collections.get(collection) for tag, one in manifests.items()}
    return alternates_of(
        {tag: entries_of(store, section) for tag, section in sections.items() if section}
    )


def _section(
    store: BundleStore,
    section: Section,
    ground: Ground,
    have: Alternates,
    compiler: MessageCompiler,
) -> Iterator[tuple[str, bytes]]:
    bodies = [store.get(entry.object) for entry in entries_of(store, section)]
    objects = [ItemObject.parse(body) for body in bodies]
    files = derived_files(objects, ground, have, compiler)
    for name, digest in section.derived.items():
        if digest_of(files.get(name, b"")) != digest:
            what = f"{ground.locale}/{ground.collection}/{name} is not what the manifest says"
            raise BundleError(what, fix="publish again, with this version of Polypress")
        yield name, files[name]
    for one, body in zip(objects, bodies, strict=True):
        yield from item_files(one, body)
