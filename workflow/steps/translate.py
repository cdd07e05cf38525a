"""Translate: memory first, then the engine; what the checks let through becomes a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workflow import catalog
from workflow.errors import PolypressError
from workflow.model import Freshness, Message, Origin, Review, Route, Unit
from workflow.ports import MemoryMatch
from workflow.segments import segmented
from workflow.steps.decode import Decoding
from workflow.steps.draft import Wanted, drafts
from workflow.steps.ingest import Contents, Ingested
from workflow.steps.outcome import LocaleOutcome, Withheld, figures
from workflow.steps.project import Collection, Progress, Project, silent
from workflow.steps.settle import Settled

Key = tuple[str | None, str]
Slot = tuple[str, Key]
"""A domain and an entry's key: where a result goes."""


def translate(
    project: Project,
    ingested: Ingested,
    *,
    locales: Sequence[str] | None = None,
    progress: Progress = silent,
) -> tuple[LocaleOutcome, ...]:
    """Give every unit without a fresh translation a draft, locale by locale.

    A locale that has no route or whose catalog is broken is reported and stops no other.
    """
    return tuple(
        _one_locale(project, ingested.contents, locale, progress)
        for locale in (project.locales if locales is None else locales)
    )


def _one_locale(
    project: Project, contents: Sequence[Contents], locale: str, progress: Progress
) -> LocaleOutcome:
    wanted, failures = _all_wanted(project, contents, locale)
    results = _from_memory(project, locale, wanted)
    outcome = LocaleOutcome(locale, memory=len(results))
    rest = [one for one in wanted if _slot(one) not in results]
    try:
        outcome, drafted = _by_machine(project, rest, outcome, progress)
        results.update(drafted)
    except PolypressError as error:
        failures.append(error)
    written: list[str] = []
    for one in contents:
        try:
            written += _merged(project, one.collection, locale, results)
        except PolypressError as error:
            failures.append(error)
    return replace(outcome, written=tuple(written), failures=tuple(failures))


def _all_wanted(
    project: Project, contents: Sequence[Contents], locale: str
) -> tuple[list[Wanted], list[PolypressError]]:
    wanted: list[Wanted] = []
    failures: list[PolypressError] = []
    for one in contents:
        try:
            wanted += _wanted(project, one, locale)
        except PolypressError as error:
            failures.append(error)
    return wanted, failures


def _wanted(project: Project, contents: Contents, locale: str) -> list[Wanted]:
    """The units without a fresh translation; on the way the memory learns what people approved."""
    collection = contents.collection
    messages = project.catalogs.read(locale, collection.domain)
    known = {message.key: message for message in messages if not message.obsolete}
    project.memory.learn(locale, _lessons(collection, contents.units, known))
    units = {unit.context + "\0" + unit.source: unit for unit in contents.units}
    return [
        _prepared(project, collection, unit)
        for unit in units.values()
        if _needs_text(known.get((unit.context, unit.source)))
    ]


def _needs_text(message: Message | None) -> bool:
    return message is not None and (
        catalog.facts_of(message).freshness is not Freshness.CURRENT
        and catalog.may_replace(message)
    )


def _lessons(
    collection: Collection, units: Iterable[Unit], known: Mapping[Key, Message]
) -> list[tuple[str, str, str | None]]:
    """What people approved; what they took back is forgotten."""
    lessons: list[tuple[str, str, str | None]] = []
    for unit in units:
        message = known.get((unit.context, unit.source))
        facts = catalog.facts_of(message) if message else None
        if message and facts and facts.review is not Review.NONE:
            approved = facts.review is Review.APPROVED
            text = message.translation if approved else None
            lessons.append((f"{collection.name}:{unit.context}", unit.source, text))
    return lessons


def _prepared(project: Project, collection: Collection, unit: Unit) -> Wanted:
    markup = collection.format.markup(unit.source)
    return Wanted(collection, unit, segmented(unit.source, markup, language=project.source))


def _from_memory(project: Project, locale: str, wanted: Sequence[Wanted]) -> dict[Slot, Message]:
    pairs = [(one.place, one.unit.source) for one in wanted]
    matches = project.memory.exact(locale, pairs)
    return {
        _slot(wanted[index]): _remembered(wanted[index].unit, match)
        for index, match in matches.items()
    }


def _remembered(unit: Unit, match: MemoryMatch) -> Message:
    """Text approved at this very place is ready, from elsewhere it is a draft."""
    if match.same_place:
        return catalog.approved(unit, match.target, kind=Origin.MEMORY)
    return catalog.draft(unit, match.target, kind=Origin.MEMORY)


def _slot(one: Wanted) -> Slot:
    return one.collection.domain, (one.unit.context, one.unit.source)


def _by_machine(
    project: Project, wanted: Sequence[Wanted], outcome: LocaleOutcome, progress: Progress
) -> tuple[LocaleOutcome, dict[Slot, Message]]:
    if not wanted:
        return outcome, {}
    route = project.engine.route(project.source, outcome.locale)
    decoding = Decoding(project, progress, label=f"translate {outcome.locale}")
    settled = drafts(decoding, route, wanted)
    pairs = list(zip(wanted, settled, strict=True))
    withheld = [Withheld(one.unit.id, result.findings) for one, result in pairs if not result.text]
    told = replace(
        outcome,
        route=str(route),
        machine=len(pairs) - len(withheld),
        withheld=tuple(withheld),
        decoded=decoding.tally.decoded,
        figures=figures(settled),
    )
    return told, {_slot(one): _as_message(one.unit, result, route) for one, result in pairs}


def _as_message(unit: Unit, settled: Settled, route: Route) -> Message:
    if settled.text is None:
        return catalog.withheld(unit, packages=str(route))
    return catalog.draft(unit, settled.text, packages=str(route))


def _merged(
    project: Project, collection: Collection, locale: str, results: Mapping[Slot, Message]
) -> list[str]:
    mine = {
        key: message for (domain, key), message in results.items() if domain == collection.domain
    }
    if not mine:
        return []
    changed = project.catalogs.update(
        locale, collection.domain, lambda messages: catalog.settle(messages, mine)
    )
    return [f"{locale}/{collection.domain}.po"] * changed
