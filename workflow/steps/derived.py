"""Files that are made from all items of a collection in a locale: publish names, pull builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workflow.bundle import ItemObject, Manifest, PublishedUnit, encoded, label_value
from workflow.bundle.feed import feed
from workflow.bundle.page import page
from workflow.ports import MessageCompiler

REQUIRED = "required"
Alternates = Mapping[str, Sequence[str]]
"""The locales that have an item, by its id."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the files of a collection say besides its items; see `workflow.bundle.Manifest`."""

    collection: str
    locale: str
    direction: str
    project: str
    site: str
    labels: str

    @classmethod
    def of(cls, manifest: Manifest, collection: str) -> Ground:
        """What a manifest says."""
        told = (manifest.direction, manifest.project, manifest.site, manifest.labels)
        return cls(collection, manifest.locale, *told)


def derived_files(
    objects: Sequence[ItemObject],
    ground: Ground,
    alternates: Alternates,
    compiler: MessageCompiler,
) -> dict[str, bytes]:
    """The whole-collection files by name; the same objects give the same bytes.

    Where labels are required, files that cannot carry them hold approved text of today alone.
    """
    shown = [unit for one in objects for unit in one.units if _may_show(unit, ground)]
    every = {unit.id: label_value(unit.label) for one in objects for unit in one.units}
    files = {
        "messages.json": encoded({unit.id: unit.text for unit in shown}),
        "labels.json": encoded(every),
        "messages.mo": compiler.compile(ground.locale, [_triple(unit) for unit in shown]),
    }
    atom = feed(
        objects,
        locale=ground.locale,
        direction=ground.direction,
        project=ground.project,
        site=ground.site,
        collection=ground.collection,
        alternates=alternates,
    )
    return files if atom is None else {**files, "feed.atom": atom}


def _may_show(unit: PublishedUnit, ground: Ground) -> bool:
    told = unit.label.review, unit.label.freshness
    return ground.labels != REQUIRED or told == ("approved", "current")


def _triple(unit: PublishedUnit) -> tuple[str, str, str]:
    """Context, source and text, as in the catalog."""
    context = unit.id.partition(":")[2].rpartition("@")[0]
    return context, unit.source, unit.text


_OWN = frozenset({".markdown", ".md", ".txt"})
"""Suffixes of content. No other comes from a release into a site's folder: a web server that gives
the folder out might run a `.php`, and a browser what stands in a `.svg`."""


def item_files(one: ItemObject, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of an item below its section, by name: its object, its page, and its own format.

    `body` is the object's bytes.
    """
    yield f"items/{one.item}.json", body
    yield f"items/{one.item}.html", page(one)
    suffix = PurePosixPath(one.path).suffix
    yield f"items/{one.item}{suffix if suffix in _OWN else '.source'}", one.content.encode()
