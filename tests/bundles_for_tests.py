"""A publisher for the tests of `pull`: real releases, signed and written by the real folder."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from workflow import locales
from workflow.adapters.bundles.folder import BundleFolder
from workflow.adapters.bundles.keys import KeyFolder
from workflow.adapters.pofile.compiled import MoCompiler
from workflow.bundle import (
    Entry,
    ItemObject,
    Manifest,
    PublishedUnit,
    Release,
    Section,
    Source,
    counted,
    encoded,
    shards,
    summed,
)
from workflow.model import digest_of
from workflow.policy import Label
from workflow.steps.derived import Ground, derived_files
from workflow.steps.sections import alternates_of

LOCALES = ("ar", "en", "es")
REVISION = digest_of("the content")
COMPILER = MoCompiler(plural_forms=locales.plural_forms)
LABEL = Label("human", "approved", "current")


def item(locale: str, collection: str, name: str, text: str) -> ItemObject:
    """One item of one unit; a text that begins with a date is dated."""
    date = text[:10] if text[:4].isdigit() else ""
    shown = f"[{locale}] {text} <&>"
    unit = PublishedUnit(f"{collection}:{name}#title@0123456789", "title", text, shown, LABEL)
    return ItemObject(
        collection=collection,
        item=name,
        locale=locale,
        path=f"content/{collection}/{name}.md",
        meta={"date": date} if date else {},
        formatted={},
        content=f"---\ntitle: {shown}\n---\n",
        html="<article><h1>a title</h1></article>",
        units=(unit,),
    )


class QuickFolder(BundleFolder):
    """The public folder without compressed forms and without waiting for the disk."""

    def put(self, body: bytes) -> str:
        digest = digest_of(body)
        path = self.folder / "objects" / digest
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        return digest


@dataclass
class Publisher:
    """Content by collection and item; `lacking` are the items that a locale does not have."""

    folder: Path
    keys: KeyFolder | None = None
    locales: tuple[str, ...] = LOCALES
    content: dict[str, dict[str, str]] = field(default_factory=dict)
    lacking: set[tuple[str, str, str]] = field(default_factory=set)
    stored: bool = False
    compressed: bool = False
    serial: int = 0

    def __post_init__(self) -> None:
        self.bundles = (BundleFolder if self.compressed else QuickFolder)(self.folder)

    def publish(self, **changes: Any) -> Release:  # noqa: ANN401 (values of a release)
        """The next release, made live; `changes` are to its fields, before it is signed."""
        self.serial += 1
        release = self.release(**changes)
        self.live(release.to_bytes(), release.serial)
        return release

    def release(self, **changes: Any) -> Release:  # noqa: ANN401 (the same)
        """A signed release of the content as it is; its objects are stored."""
        manifests = self.manifests()
        stored = {name: self.bundles.put(one.to_bytes()) for name, one in manifests.items()}
        made = Release(
            serial=self.serial,
            released=f"2026-01-{1 + self.serial % 28:02}T12:00:00+00:00",
            project="City notices",
            manifests=stored,
            keys=self.keys.public() if self.keys else (),
        )
        return self.signed(replace(made, **changes))

    def signed(self, release: Release) -> Release:
        return release.signed(self.keys.sign(release.payload()) if self.keys else {})

    def live(self, body: bytes, serial: int) -> None:
        """Make these bytes the pointer, whatever they are; the disk is not waited for."""
        self.bundles._unsynced.clear()
        self.bundles.switch(body, serial)

    def manifests(self) -> dict[str, Manifest]:
        entries = {name: self._entries(name) for name in self.content}
        return {
            locale: self._manifest(
                locale,
                {name: self._section(locale, name, found) for name, found in entries.items()},
            )
            for locale in self.locales
        }

    def _entries(self, collection: str) -> dict[str, list[Entry]]:
        return {
            locale: [
                Entry(name, self.bundles.put(item(locale, collection, name, text).to_bytes()))
                for name, text in self.content[collection].items()
                if (locale, collection, name) not in self.lacking
            ]
            for locale in self.locales
        }

    def _manifest(self, locale: str, sections: Mapping[str, Section]) -> Manifest:
        return Manifest(
            locale=locale,
            direction=locales.direction(locale),
            project="City notices",
            site="https://example.org/{locale}/{collection}/{item}",
            labels="beside",
            source=Source("en", REVISION),
            counts=summed([section.counts for section in sections.values()]),
            packages=(),
            collections=sections,
        )

    def _section(self, locale: str, collection: str, entries: Mapping[str, list[Entry]]) -> Section:
        mine = entries[locale]
        objects = [ItemObject.parse(self.bundles.get(entry.object)) for entry in mine]
        ground = Ground.of(self._manifest(locale, {}), collection)
        derived = derived_files(objects, ground, alternates_of(entries), COMPILER)
        store = self.bundles.put if self.stored else digest_of
        labels = [unit.label for one in objects for unit in one.units]
        return Section(
            revision=REVISION,
            counts=counted(labels, items=len(mine), left_out=0),
            packages=(),
            shards=tuple(self.bundles.put(one.to_bytes()) for one in shards(collection, mine)),
            derived={name: store(body) for name, body in derived.items()},
        )


def publisher(root: Path, *, signed: bool = True, **parts: Any) -> Publisher:  # noqa: ANN401
    """A publisher with two collections of a few items; the first release is live."""
    keys = KeyFolder(root / "keys") if signed else None
    content = {
        "notices": {"pool": "2026-01-01 The pool", "market": "2026-01-02 The market"},
        "pages": {"about": "About us", "help": "Help"},
    }
    if keys and not parts:
        shutil.copytree(_signed_once(), root, dirs_exist_ok=True)
        return Publisher(root / "public", keys, content=content, serial=1)
    if keys:
        keys.new("first")
    made = Publisher(root / "public", keys, content=content, **parts)
    made.publish()
    return made


@cache
def _signed_once() -> Path:
    """The usual publisher's folders, made once for all tests."""
    root = Path(mkdtemp(prefix="polypress-publisher-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    publisher(root, lacking=set())
    return root


def resigned(publisher: Publisher, value: dict[str, Any]) -> bytes:
    """A release of any JSON, correctly signed by the publisher's keys."""
    assert publisher.keys
    unsigned = {key: part for key, part in value.items() if key != "signatures"}
    return encoded({**unsigned, "signatures": dict(publisher.keys.sign(encoded(unsigned)))})
