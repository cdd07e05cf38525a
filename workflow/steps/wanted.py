"""Wanted: the units without a fresh text, what the memory has for them, and how texts get home."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence

from workflow import catalog
from workflow.errors import PolypressError
from workflow.memory import Lesson, MemoryMatch
from workflow.model import Freshness, Message, Origin, Review, Route, Unit
from workflow.segments import segmented
from workflow.steps.contents import Contents
from workflow.steps.draft import Wanted
from workflow.steps.project import Collection, Project, catalog_name
from workflow.steps.settle import Settled

Slot = tuple[str, tuple[str | None, str]]
"""A domain and an entry's key: where a result goes."""


def all_wanted(
    project: Project, contents: Sequence[Contents], locale: str, items: Group[str] = ()
) -> tuple[list[Wanted], list[PolypressError]]:
    """The units of a locale that need a text (of `items`, unless there are none), and errors.

    On the way the memory learns what people approved.
    """
    wanted: list[Wanted] = []
    failures: list[PolypressError] = []
    for one in contents:
        try:
            wanted += _wanted(project, one, locale, items)
        except PolypressError as error:
            failures.append(error)
    return wanted, failures


def _wanted(project: Project, contents: Contents, locale: str, items: Group[str]) -> list[Wanted]:
    collection = contents.collection
    messages = project.catalogs.read(locale, collection.domain)
    lessons = tuple(_lessons(collection, messages))
    project.memory.learn(locale, project.memory.news(locale, collection.name, lessons))
    known = {message.key: message for message in messages if not message.obsolete}
    units = {(unit.context, unit.source): unit for unit in contents.units}
    return [
        prepared(project, collection, unit)
        for key, unit in units.items()
        if needs_text(known.get(key)) and (not items or unit.item in items)
    ]


def needs_text(message: Message | None) -> bool:
    """Whether an entry is there, has no fresh text, and nobody is at work on it."""
    return message is not None and (
        catalog.facts_of(message).freshness is not Freshness.CURRENT
        and catalog.may_replace(message)
    )


def _lessons(collection: Collection, messages: Iterable[Message]) -> Iterator[Lesson]:
    """What people approved, be it obsolete; a text that is there and not approved is forgotten."""
    for message in messages:
        if catalog.item_of(message) is not None and any(message.translations):
            approved = catalog.facts_of(message).review is Review.APPROVED
            text = message.translation if approved else None
            yield Lesson(f"{collection.name}:{message.context}", message.source, text)


def prepared(project: Project, collection: Collection, unit: Unit) -> Wanted:
    """A unit cut into segments."""
    markup = collection.format.markup(unit.source)
    return Wanted(collection, unit, segmented(unit.source, markup, language=project.source))


def from_memory(project: Project, locale: str, wanted: Sequence[Wanted]) -> dict[Slot, Message]:
    """What people approved for the very same source, as entries."""
    pairs = [(one.place, one.unit.source) for one in wanted]
    matches = project.memory.exact(locale, pairs)
    return {
        slot(wanted[index]): _remembered(wanted[index].unit, match)
        for index, match in matches.items()
    }


def _remembered(unit: Unit, match: MemoryMatch) -> Message:
    """Text approved at this very place is ready, from elsewhere it is a draft."""
    if match.same_place:
        return catalog.approved(unit, match.target, kind=Origin.MEMORY)
    return catalog.draft(unit, match.target, kind=Origin.MEMORY)


def slot(one: Wanted) -> Slot:
    """Where the text of a unit goes."""
    return one.collection.domain, (one.unit.context, one.unit.source)


def as_message(unit: Unit, settled: Settled, route: Route) -> Message:
    """The machine's text as an entry: a draft, or an empty one that says it is withheld."""
    if settled.text is None:
        return catalog.withheld(unit, packages=str(route))
    return catalog.draft(unit, settled.text, packages=str(route), risk=settled.risk)


def merged(
    project: Project, collection: Collection, locale: str, results: Mapping[Slot, Message]
) -> list[str]:
    """Write the results of one collection to its catalog; its name if that changed the file."""
    mine = {
        key: message for (domain, key), message in results.items() if domain == collection.domain
    }
    if not mine:
        return []
    changed = project.catalogs.update(
        locale, collection.domain, lambda messages: catalog.settle(messages, mine)
    )
    return [catalog_name(locale, collection.domain)] * changed


def merge_all(
    project: Project,
    contents: Sequence[Contents],
    locale: str,
    results: Mapping[Slot, Message],
    failures: list[PolypressError],
) -> list[str]:
    """Write the results of all collections, as `merged`; a catalog that refuses is a failure."""
    written: list[str] = []
    for one in contents:
        try:
            written += merged(project, one.collection, locale, results)
        except PolypressError as error:
            failures.append(error)
    return written
