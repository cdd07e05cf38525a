"""Deriving: a release made from another one without some of its items.

What is left out changes its shard, its section and its manifest; all others are the objects that
are there. Texts are never changed: an item goes on as it was published, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow.bundle import Entry, ItemObject, Manifest, Section, summed
from workflow.errors import BundleError
from workflow.steps.derived import Ground
from workflow.steps.history import collections_of, entries_of
from workflow.steps.project import Project
from workflow.steps.sections import alternates_of, section_from

FEED = "feed.atom"
"""The one file of a section that tells of other locales."""
DAMAGED = "its object is damaged"
MISSING = "its object is not there any more"

Keep = Callable[[str, str, Entry], Entry | str]
"""What becomes of an entry of a locale and a collection: it goes on (perhaps with another time at
which it expires), or the reason why it is left out."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that does not go on, in which locales, and why."""

    collection: str
    item: str
    locales: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Derived:
    """The digests of the manifests by locale, and what was left out of them."""

    manifests: Mapping[str, str]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """What one locale had of a collection, what of it goes on, and why the rest does not."""

    section: Section
    before: tuple[Entry, ...]
    kept: tuple[Entry, ...]
    reasons: Mapping[str, str]


def derived(
    project: Project,
    manifests: Mapping[str, Manifest],
    keep: Keep,
    *,
    collections: Collection[str] | None = None,
) -> Derived:
    """The manifests of a release, by locale, with only the items that `keep` lets through.

    Only these `collections` (by default all) are looked at. An item whose object is missing or
    damaged is left out, too. New objects are stored. Raises BundleError if a shard is missing or
    damaged, OutsideError if the disk refuses.
    """
    names = collections_of(manifests.values())
    made = dict(manifests)
    left_out: list[LeftOut] = []
    for name in names if collections is None else sorted(set(names) & set(collections)):
        parts: Mapping[str, _Part] = _parts(project, manifests, name, keep)
        if any(part.kept != part.before for part in parts.values()):
            parts, sections = _rebuilt(project, manifests, name, parts)
            made |= {tag: _with(made[tag], name, section) for tag, section in sections.items()}
            left_out += _told(name, parts)
    digests = {tag: project.bundles.put(manifest.to_bytes()) for tag, manifest in made.items()}
    return Derived(digests, tuple(left_out))


def _parts(
    project: Project, manifests: Mapping[str, Manifest], name: str, keep: Keep
) -> dict[str, _Part]:
    found = {}
    for tag, manifest in manifests.items():
        if section := manifest.collections.get(name):
            before = entries_of(project.bundles, section)
            told = {entry.item: _judged(project, tag, name, entry, keep) for entry in before}
            kept = tuple(one for one in told.values() if isinstance(one, Entry))
            reasons = {item: why for item, why in told.items() if isinstance(why, str)}
            found[tag] = _Part(section, before, kept, reasons)
    return found


def _judged(project: Project, tag: str, name: str, entry: Entry, keep: Keep) -> Entry | str:
    kept = keep(tag, name, entry)
    if isinstance(kept, Entry) and not project.bundles.has(kept.object):
        return MISSING
    return kept


def _rebuilt(
    project: Project,
    manifests: Mapping[str, Manifest],
    name: str,
    parts: Mapping[str, _Part],
) -> tuple[Mapping[str, _Part], dict[str, Section]]:
    """The sections of a collection anew; what turns out to be damaged is left out on the way."""
    try:
        return parts, _sections(project, manifests, name, parts)
    except BundleError:
        sound = {tag: _sound(project, part) for tag, part in parts.items()}
        return sound, _sections(project, manifests, name, sound)


def _sections(
    project: Project,
    manifests: Mapping[str, Manifest],
    name: str,
    parts: Mapping[str, _Part],
) -> dict[str, Section]:
    have = alternates_of({tag: part.kept for tag, part in parts.items()})
    return {
        tag: section_from(
            project,
            Ground.of(manifests[tag], name),
            part.kept,
            have,
            revision=part.section.revision,
            left_out=_left_out(part),
        )
        for tag, part in parts.items()
        if part.kept != part.before or FEED in part.section.derived
    }


def _left_out(part: _Part) -> int:
    earlier = part.section.counts.get("items", {}).get("left-out", 0)
    return earlier + len(part.before) - len(part.kept)


def _sound(project: Project, part: _Part) -> _Part:
    broken = {entry.item for entry in part.kept if not _is_sound(project, entry)}
    kept = tuple(entry for entry in part.kept if entry.item not in broken)
    return replace(part, kept=kept, reasons={**part.reasons, **dict.fromkeys(broken, DAMAGED)})


def _is_sound(project: Project, entry: Entry) -> bool:
    try:
        return bool(ItemObject.parse(project.bundles.get(entry.object)))
    except BundleError:
        return False


def _with(manifest: Manifest, name: str, section: Section) -> Manifest:
    sections = {**manifest.collections, name: section}
    packages = {one for each in sections.values() for one in each.packages}
    return replace(
        manifest,
        collections=sections,
        counts=summed([one.counts for _, one in sorted(sections.items())]),
        packages=tuple(sorted(packages)),
    )


def _told(name: str, parts: Mapping[str, _Part]) -> Iterable[LeftOut]:
    """What was left out, each item once for each reason, in the order of the items."""
    found: dict[tuple[str, str], list[str]] = {}
    for tag, part in parts.items():
        for entry in part.before:
            if entry.item in part.reasons:
                found.setdefault((entry.item, part.reasons[entry.item]), []).append(tag)
    return [LeftOut(name, item, tuple(sorted(tags)), why) for (item, why), tags in found.items()]


def without(reasons: Mapping[str, str]) -> Keep:
    """Keeps all but these items (`<collection>:<item>`), each with its reason."""
    return lambda _tag, name, entry: reasons.get(f"{name}:{entry.item}", entry)


def first_of(rules: Sequence[Keep]) -> Keep:
    """Each rule in turn, as long as the entry goes on."""

    def keep(tag: str, name: str, entry: Entry) -> Entry | str:
        for rule in rules:
            kept = rule(tag, name, entry)
            if isinstance(kept, str):
                return kept
            entry = kept
        return entry

    return keep
