"""Why: what is live of an item in a locale, what the next publish ships of it, and for what reason.

Asked are the same functions as publish asks, with the same inputs, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from workflow.bundle import ItemObject
from workflow.catalog import Key
from workflow.catalog.revision import revision
from workflow.errors import BundleError, PolypressError
from workflow.model import Facts, Item, Unit, digest_of
from workflow.policy import SOURCE_FACTS, Choice, Label, LastApproved, Standing
from workflow.steps.contents import Contents
from workflow.steps.objects import item_object
from workflow.steps.project import Project, catalog_name
from workflow.steps.remedies import Remedy, Where, remedy_of_item, remedy_of_unit, undo
from workflow.steps.sections import live_entries
from workflow.steps.shipping import Deciding, Shipped, entries_of, shipped, withdrawn_words
from workflow.steps.switching import live_manifests, live_release, section_of
from workflow.steps.timing import Absence, life_of, zone_of


@dataclass(frozen=True, slots=True)
class Live:
    """What the live release has of an item: the digest of its object, and the object.

    Both are empty if it is not there, the serial is 0 before the first release. `same` says
    whether the next publish would ship the very same bytes of it; `until` is when it goes.
    """

    serial: int = 0
    released: str = ""
    object: str = ""
    item: ItemObject | None = None
    same: bool = False
    until: str = ""

    @property
    def path(self) -> str:
        """The file that it was made from, empty if it is not there."""
        return self.item.path if self.item else ""

    def text(self, unit: str) -> str | None:
        """The live text of a unit, None if there is none."""
        units = self.item.units if self.item else ()
        return next((one.text for one in units if one.id == unit), None)


@dataclass(frozen=True, slots=True)
class UnitWhy:
    """One unit: where its translation stands, and what of it ships for what reason.

    `text` is what the next publish ships, None if nothing; `live` is what is live now.
    `translation` is today's text in the catalog, with its `facts` and `revision`; `last` is the
    last approved text of an older source. `place` is `path:line` of its entry.
    """

    id: str
    field: str
    source: str
    translation: str
    facts: Facts
    revision: str
    last: LastApproved | None
    text: str | None
    label: Label
    reason: str
    because: str
    remedy: Remedy
    live: str | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """An item in a locale at a time.

    `absence` and `why` say what keeps it out, if anything does; `comes` and `goes` are the times of
    its front matter in UTC. `units` is what ships, or would ship if the item did.
    """

    locale: str
    item: str
    path: str
    at: str
    absence: Absence | None
    why: str
    remedy: Remedy
    comes: str = ""
    goes: str = ""
    live: Live = field(default_factory=Live)
    units: tuple[UnitWhy, ...] = ()
    failure: PolypressError | None = None

    @property
    def ships(self) -> bool:
        """Whether the next publish ships it."""
        return self.absence is None


def why(project: Project, contents: Contents, item: Item, locale: str, *, at: str) -> Why:
    """All that is known of an item of these contents in a locale (of the project, or its source).

    `at` is the time of the publish that is asked about (UTC). Raises CatalogError if the catalog
    cannot be read, BundleError if the live release is damaged.
    """
    collection = contents.collection
    entries = entries_of(project, collection, locale)
    [one] = shipped(project, replace(contents, items=(item,)), locale, entries, at)
    deciding = Deciding.of(project, collection, locale, entries)
    live = _live(project, collection.name, item.id, locale)
    life = life_of(item, zone_of(project.publishing.timezone))
    return Why(
        locale=locale,
        item=f"{item.collection}:{item.id}",
        path=item.path,
        at=at,
        absence=one.absence,
        why=one.why,
        remedy=remedy_of_item(one, life),
        comes=life.since,
        goes=life.until,
        live=_compared(project, contents, locale, one, live),
        units=_units(deciding, item, live),
        failure=one.failure,
    )


def lost(
    project: Project, contents: Sequence[Contents], name: str, locale: str, *, at: str
) -> Why | None:
    """What is known of an item that is live but not among the contents; None if it is not live."""
    collection, _, item = name.partition(":")
    found = next((one for one in contents if one.collection.name == collection), None)
    live = _live(project, collection, item, locale) if found else Live()
    if found is None or live.item is None:
        return None
    absence, words, remedy = _why_lost(project, found, name, live, at)
    live = replace(live, same=absence is Absence.UNREAD)
    return Why(locale, name, live.path, at, absence, words, remedy, live=live)


def _why_lost(
    project: Project, contents: Contents, name: str, live: Live, at: str
) -> tuple[Absence, str, Remedy]:
    """What becomes of an item that is live and cannot be made: it stays while its file is damaged.

    But not beyond its time, and not if somebody withdraws it.
    """
    if name in project.withdrawn:
        return Absence.WITHDRAWN, withdrawn_words(project.withdrawn[name]), undo(name)
    if live.until and live.until <= at:
        return Absence.EXPIRED, f"expired at {live.until}", Remedy()
    path = PurePosixPath(live.path)
    unread = any(path.is_relative_to(one) for one in contents.unread)
    if unread or name.partition(":")[2] in contents.unsure:
        why = "its file cannot be read: what is live of it stays"
        return Absence.UNREAD, why, Remedy("mend the file")
    why = "it is not in the content any more: the next publish takes it out"
    return Absence.GONE, why, Remedy("bring the file back")


def _units(deciding: Deciding, item: Item, live: Live) -> tuple[UnitWhy, ...]:
    lines: Mapping[Key, int] = {}
    domain = deciding.collection.domain
    if deciding.entries is not None:
        lines = deciding.project.catalogs.lines(deciding.locale, domain)
    path = f"locales/{catalog_name(deciding.locale, domain)}"
    found = deciding.together(item).items()
    return tuple(
        _unit(deciding, unit, choice, live, _place(path, lines, unit)) for unit, choice in found
    )


def _place(path: str, lines: Mapping[Key, int], unit: Unit) -> str:
    line = lines.get((unit.context, unit.source), 0)
    return f"{path}:{line}" if line else path


def _unit(deciding: Deciding, unit: Unit, choice: Choice, live: Live, place: str) -> UnitWhy:
    is_source = deciding.entries is None
    message = deciding.message(unit)
    standing = Standing(unit.source, SOURCE_FACTS) if is_source else deciding.standing(unit)
    shown = "" if is_source else revision(message)
    where = Where(f"{unit.id}@{shown}", place, deciding.locale)
    return UnitWhy(
        id=unit.id,
        field=unit.field,
        source=unit.source,
        translation=standing.text,
        facts=standing.facts,
        revision=shown,
        last=standing.last,
        text=choice.text,
        label=choice.label,
        reason=str(choice.reason),
        because=choice.because,
        remedy=remedy_of_unit(choice, standing, where),
        live=live.text(unit.id),
        place="" if is_source else place,
    )


def _live(project: Project, collection: str, item: str, locale: str) -> Live:
    """What the live release has of an item. Raises BundleError if the release is damaged."""
    release = live_release(project)
    section = section_of(live_manifests(project, release), locale, collection)
    entries = live_entries(project, section) if section else ()
    found = next((entry for entry in entries if entry.item == item), None)
    live = Live(release.serial, release.released if release.serial else "")
    if found is None:
        return live
    there = _object(project, found.object)
    return replace(live, object=found.object, item=there, until=found.until or "")


def _object(project: Project, digest: str) -> ItemObject | None:
    """The object of an item, None if it is lost or damaged: the next publish mends it."""
    try:
        return ItemObject.parse(project.bundles.get(digest))
    except BundleError:
        return None


def _compared(project: Project, contents: Contents, locale: str, one: Shipped, live: Live) -> Live:
    """With whether the next publish would ship just these bytes."""
    if one.choices is None:
        return replace(live, same=not live.object)
    body = item_object(project, contents.collection, locale, one).to_bytes()
    return replace(live, same=live.object == digest_of(body))
