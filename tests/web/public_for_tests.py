"""A public folder with releases, made by the parts that publish, without a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workflow import locales
from workflow.adapters.bundles.folder import BundleFolder
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
    shards,
    summed,
)
from workflow.model import digest_of
from workflow.policy import Label
from workflow.steps.derived import Ground, derived_files
from workflow.steps.sections import alternates_of

LOCALES = ("en", "es", "ar", "pt-BR", "zh-Hant", "no")
COLLECTION = "notices"
SITE = "https://city.example/{locale}/{collection}/{item}"
LABEL = Label("human", "approved", "current")
REVISION = digest_of("the source")
COMPILER = MoCompiler(plural_forms=locales.plural_forms)
LONG = "The pool is open from 9:00 to 17:00. " * 40
Items = Mapping[str, str]
"""The text of each item by its id."""
ITEMS: Items = {"pool": "The pool is closed.", "library": LONG, "schools.enrolment": "Enrol now."}


def item(locale: str, name: str, text: str) -> ItemObject:
    """One item with one unit."""
    body = f"{text} ({locale})"
    key = f"{COLLECTION}:{name}#body@{digest_of(text)[:10]}"
    return ItemObject(
        collection=COLLECTION,
        item=name,
        locale=locale,
        path=f"content/{COLLECTION}/{name}.md",
        meta={"date": "2026-11-20"},
        formatted={},
        content=f"---\ndate: 2026-11-20\n---\n\n{body}\n",
        html=f"<article><p>{body}</p></article>",
        units=(PublishedUnit(key, "body", text, body, LABEL),),
    )


def publish(  # noqa: PLR0913 - what a release may differ in
    folder: Path,
    items: Items | None = None,
    *,
    serial: int = 1,
    tags: Sequence[str] = ("en", "es"),
    stored: bool = False,
    withdrawn: Sequence[str] = (),
) -> Release:
    """Make a release of these items live in all locales."""
    store = BundleFolder(folder)
    made = {
        tag: [item(tag, name, text) for name, text in (ITEMS if items is None else items).items()]
        for tag in tags
    }
    manifests = {tag: _manifest(store, tag, made, stored=stored) for tag in tags}
    release = Release(
        serial=serial,
        released="2026-01-31T12:00:00+00:00",
        project="City notices",
        source=tags[0],
        manifests={tag: store.put(one.to_bytes()) for tag, one in manifests.items()},
        withdrawn=tuple(withdrawn),
    )
    store.switch(release.to_bytes(), serial)
    return release


def _manifest(
    store: BundleFolder, tag: str, made: Mapping[str, Sequence[ItemObject]], *, stored: bool
) -> Manifest:
    entries = {
        each: [Entry(one.item, store.put(one.to_bytes())) for one in objects]
        for each, objects in made.items()
    }
    direction = locales.direction(tag)
    ground = Ground(COLLECTION, tag, direction, "City notices", SITE, "beside")
    files = derived_files(made[tag], ground, alternates_of(entries), COMPILER)
    counts = counted([LABEL] * len(made[tag]), items=len(made[tag]), left_out=0)
    section = Section(
        revision=REVISION,
        counts=counts,
        packages=(),
        shards=tuple(store.put(one.to_bytes()) for one in shards(COLLECTION, entries[tag])),
        derived={
            name: store.put(body) if stored else digest_of(body) for name, body in files.items()
        },
    )
    return Manifest(
        locale=tag,
        direction=direction,
        project="City notices",
        site=SITE,
        labels="beside",
        source=Source("en", REVISION),
        counts=summed([counts]),
        packages=(),
        collections={COLLECTION: section},
    )
