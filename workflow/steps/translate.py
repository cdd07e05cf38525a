"""Translate: memory first, then the engine; what the checks let through becomes a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workflow import catalog
from workflow.errors import PolypressError
from workflow.model import (
    Diagnostic,
    Freshness,
    Message,
    Origin,
    Review,
    Route,
    Severity,
    Unit,
)
from workflow.ports import MemoryMatch
from workflow.segments import segmented
from workflow.steps.contents import Contents
from workflow.steps.decode import Decoding
from workflow.steps.draft import Wanted, drafts
from workflow.steps.ingest import Ingested
from workflow.steps.outcome import LocaleOutcome, Withheld, figures
from workflow.steps.project import Collection, Progress, Project, catalog_name, silent
from workflow.steps.settle import Settled

Slot = tuple[str, tuple[str | None, str]]
"""A domain and an entry's key: where a result goes."""

_UNFIT = (Diagnostic("characters", Severity.ERROR, "a catalog cannot carry this text"),)


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
    project.memory.learn(locale, _lessons(collection, messages))
    known = {message.key: message for message in messages if not message.obsolete}
    units = {(unit.context, unit.source): unit for unit in contents.units}
    return [
        _prepared(project, collection, unit)
        for key, unit in units.items()
        if _needs_text(known.get(key))
    ]


def _needs_text(message: Message | None) -> bool:
    return message is not None and (
        catalog.facts_of(message).freshness is not Freshness.CURRENT
        and catalog.may_replace(message)
    )


def _lessons(
    collection: Collection, messages: Iterable[Message]
) -> Iterator[tuple[str, str, str | None]]:
    """What people approved, be it obsolete; a text that is there and not approved is forgotten."""
    for message in messages:
        if catalog.item_of(message) is not None and any(message.translations):
            approved = catalog.facts_of(message).review is Review.APPROVED
            text = message.translation if approved else None
            yield f"{collection.name}:{message.context}", message.source, text


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
    messages = {_slot(one): _as_message(one.unit, result, route) for one, result in pairs}
    withheld = tuple(
        Withheld(one.unit.id, result.findings or _UNFIT)
        for one, result in pairs
        if not messages[_slot(one)].translation
    )
    told = replace(
        outcome,
        route=str(route),
        machine=len(pairs) - len(withheld),
        withheld=withheld,
        decoded=decoding.tally.decoded,
        figures=figures(settled),
    )
    return told, messages


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
    return [catalog_name(locale, collection.domain)] * changed
