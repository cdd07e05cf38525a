"""Sections: one collection in one locale, made of objects that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workflow import locales
from workflow.bundle import Entry, ItemObject, Section, Shard, counted, shards
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.steps.contents import Contents
from workflow.steps.derived import Alternates, Ground, derived_files
from workflow.steps.project import Project

STORED = "stored"


def revision_of(contents: Contents) -> str:
    """The revision of a collection: the SHA-256 of the source of all its items."""
    return digest_of("\0".join(item.raw for item in contents.items))


def live_entries(project: Project, section: Section) -> tuple[Entry, ...]:
    """All items of a section that is stored; those in a lost or damaged shard are left out."""
    found: list[Entry] = []
    for digest in section.shards:
        try:
            found += Shard.parse(project.bundles.get(digest)).items
        except BundleError:
            continue
    return tuple(found)


def alternates_of(have: Mapping[str, Iterable[Entry]]) -> dict[str, list[str]]:
    """The locales that have an item, by its id, sorted; `have` are the entries by locale."""
    result: dict[str, list[str]] = {}
    for locale in sorted(have):
        for entry in have[locale]:
            result.setdefault(entry.item, []).append(locale)
    return result


def ground(project: Project, collection: str, locale: str) -> Ground:
    """What the files of a collection say of the project as it is."""
    publishing = project.publishing
    return Ground(
        collection,
        locale,
        locales.direction(locale),
        project.name,
        publishing.site,
        publishing.labels,
    )


def section_from(  # noqa: PLR0913 - all that a section says
    project: Project,
    ground: Ground,
    entries: Sequence[Entry],
    have: Alternates,
    *,
    revision: str,
    left_out: int,
) -> Section:
    """The section of these entries, whose objects are stored; its shards are stored on the way.

    Raises BundleError if an object is missing or damaged, OutsideError if the disk refuses.
    """
    objects = [ItemObject.parse(project.bundles.get(entry.object)) for entry in entries]
    labels = [unit.label for one in objects for unit in one.units]
    derived = derived_files(objects, ground, have, project.compiler)
    store = project.bundles.put if project.publishing.derived == STORED else digest_of
    return Section(
        revision=revision,
        counts=counted(labels, items=len(entries), left_out=left_out),
        packages=tuple(sorted({label.packages for label in labels if label.packages})),
        shards=tuple(
            project.bundles.put(shard.to_bytes()) for shard in shards(ground.collection, entries)
        ),
        derived={name: store(body) for name, body in derived.items()},
    )
