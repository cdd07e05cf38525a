"""Review: what needs a person, in the order in which it is worth their time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow import catalog
from workflow.catalog import Key
from workflow.catalog.revision import revision
from workflow.changes import Kind, Verdict
from workflow.errors import PolypressError
from workflow.likeness import word_diff
from workflow.model import Diagnostic, Facts, Freshness, Item, Message, Review, Severity, Unit
from workflow.priority import Need, Sight, in_order, score
from workflow.pseudo import is_pseudo
from workflow.steps.check import unit_findings
from workflow.steps.contents import Contents
from workflow.steps.project import Collection, Project, catalog_name


@dataclass(frozen=True, slots=True)
class ToReview:
    """One unit in one locale that needs a person, with all that they need to judge it.

    `id` is the unit's, `revision` that of its text; `change` says how grave the change of a stale
    text's source is, `difference` which words changed; `conflicts` are the lines of another
    person's text; `place` is `path:line` of its entry.
    """

    id: str
    revision: str
    locale: str
    collection: str
    need: Need
    risk: float | None
    sight: Sight
    source: str
    target: tuple[str, ...]
    facts: Facts
    findings: tuple[Diagnostic, ...] = ()
    previous_source: str | None = None
    difference: str = ""
    change: Verdict | None = None
    conflicts: tuple[str, ...] = ()
    place: str = ""

    @property
    def key(self) -> Key:
        """The context and msgid of its entry."""
        return self.id.partition(":")[2].rpartition("@")[0], self.source

    @property
    def name(self) -> str:
        """What a person names to set its review: `<unit id>@<revision>`."""
        return f"{self.id}@{self.revision}"

    @property
    def score(self) -> float:
        """Risk times visibility."""
        return score(self.need, self.risk, self.sight)


@dataclass(frozen=True, slots=True)
class Queue:
    """The units that wait, in order; `failures` are catalogs that could not be read."""

    units: tuple[ToReview, ...]
    failures: tuple[PolypressError, ...] = ()


def review(
    project: Project,
    contents: Sequence[Contents],
    *,
    locales: Sequence[str],
    collections: Group[str] = (),
    items: Group[str] = (),
) -> Queue:
    """What needs a person in these locales, the most urgent first; nothing is changed.

    With `collections` or `items`, only what is of these.
    """
    found: list[ToReview] = []
    failures: list[PolypressError] = []
    sights = seen(contents)
    for one in contents:
        if collections and one.collection.name not in collections:
            continue
        units = [unit for unit in one.units if not items or unit.item in items]
        for locale in locales:
            try:
                found += _waiting(project, one.collection, locale, units, sights)
            except PolypressError as error:
                failures.append(error)
    return Queue(tuple(in_order(found)), tuple(failures))


def seen(contents: Iterable[Contents]) -> dict[str, Sight]:
    """How much each unit is seen, by its id."""
    every = [(one.collection, item) for one in contents for item in one.items]
    places = Counter(unit.source for _, item in every for unit in item.units)
    return {
        unit.id: sight
        for collection, item in every
        for unit, sight in _sights(collection, item, places)
    }


def _sights(
    collection: Collection, item: Item, places: Mapping[str, int]
) -> Iterator[tuple[Unit, Sight]]:
    fields = collection.spec.fields
    head = fields[0] if len(fields) > 1 else ""
    date = dict(item.meta).get("date", "")
    position = 0
    for unit in item.units:
        title = unit.field == head
        yield unit, Sight(title, position, places[unit.source], date)
        position += not title


def _waiting(
    project: Project,
    collection: Collection,
    locale: str,
    units: Iterable[Unit],
    sights: Mapping[str, Sight],
) -> Iterator[ToReview]:
    messages = project.catalogs.read(locale, collection.domain)
    known = {message.key: message for message in messages if not message.obsolete}
    lines = project.catalogs.lines(locale, collection.domain)
    names = project.names(locale)
    name = f"locales/{catalog_name(locale, collection.domain)}"
    for unit in {(one.context, one.source): one for one in units}.values():
        message = known.get((unit.context, unit.source))
        if message is None:
            continue
        findings = unit_findings(project, collection, locale, unit, message)
        change = catalog.change_of(message, language=project.source, names=names)
        need = need_of(message, findings, change)
        if need is not None:
            about = _About(locale, collection.name, unit, sights[unit.id])
            place = _place(name, lines, message.key)
            yield _to_review(about, message, need, findings, change, place)


@dataclass(frozen=True, slots=True)
class _About:
    locale: str
    collection: str
    unit: Unit
    sight: Sight


def _to_review(  # noqa: PLR0913, PLR0917 (what was found out of one entry)
    about: _About,
    message: Message,
    need: Need,
    findings: tuple[Diagnostic, ...],
    change: Verdict | None,
    place: str,
) -> ToReview:
    facts, before = catalog.facts_of(message), message.previous_source
    return ToReview(
        id=about.unit.id,
        revision=revision(message),
        locale=about.locale,
        collection=about.collection,
        need=need,
        risk=facts.risk,
        sight=about.sight,
        source=message.source,
        target=message.translations,
        facts=facts,
        findings=findings,
        previous_source=before if change else None,
        difference=word_diff(before, message.source) if change and before else "",
        change=change,
        conflicts=catalog.conflicts(message),
        place=place,
    )


def need_of(
    message: Message, findings: Iterable[Diagnostic], change: Verdict | None
) -> Need | None:
    """Why an entry needs a person, the most urgent reason; None if it needs none.

    Pseudo text needs a translation first, like no text at all.
    """
    facts = catalog.facts_of(message)
    missing = facts.freshness is Freshness.MISSING or is_pseudo(facts)
    reasons = {
        Need.CONFLICT: bool(catalog.conflicts(message)),
        Need.ERROR: any(finding.severity is Severity.ERROR for finding in findings),
        Need.RECALLED: change is not None and change.kind is Kind.RECALL,
        Need.NEEDS_WORK: facts.review is Review.NEEDS_WORK,
        Need.WITHHELD: facts.withheld,
        Need.STALE: facts.freshness is Freshness.STALE,
        Need.DRAFT: facts.review is Review.NONE and not missing,
    }
    return next((need for need, there in reasons.items() if there), None)


def _place(path: str, lines: Mapping[Key, int], key: Key) -> str:
    """Where an entry stands; its file alone if it has just been moved."""
    return f"{path}:{lines[key]}" if key in lines else path
