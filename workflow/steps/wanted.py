"""Wanted: the units without a fresh text, what the memory has for them, and how texts get home."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workflow import catalog
from workflow.catalog.facts import comment_of
from workflow.errors import PolypressError
from workflow.memory import NOTHING, MemoryMatch
from workflow.model import Freshness, Message, Origin, Route, Unit
from workflow.pseudo import is_pseudo, names_pseudo
from workflow.risk import Features, raised, risk
from workflow.segments import segmented
from workflow.steps.check import NOTE, unit_findings
from workflow.steps.contents import Contents
from workflow.steps.draft import Wanted
from workflow.steps.given import Giving
from workflow.steps.lessons import teach
from workflow.steps.project import Collection, Project, catalog_name
from workflow.steps.settle import Settled, joined

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
    teach(project, collection, locale, messages)
    known = {message.key: message for message in messages if not message.obsolete}
    units = {(unit.context, unit.source): unit for unit in contents.units}
    return [
        prepared(project, collection, unit, locale, old=known.get(key))
        for key, unit in units.items()
        if needs_text(known.get(key), pseudo=project.pseudo) and (not items or unit.item in items)
    ]


def needs_text(message: Message | None, *, pseudo: bool = False) -> bool:
    """Whether an entry is there, has no fresh text, and nobody is at work on it.

    Pseudo text is none, unless pseudo text is all that is wanted.
    """
    if message is None or not catalog.may_replace(message, pseudo=pseudo):
        return False
    facts = catalog.facts_of(message)
    return facts.freshness is not Freshness.CURRENT or (is_pseudo(facts) and not pseudo)


def prepared(
    project: Project,
    collection: Collection,
    unit: Unit,
    locale: str,
    *,
    old: Message | None = None,
) -> Wanted:
    """A unit cut into segments, with the glossary's terms as tokens."""
    markup, terms = collection.format.markup(unit.source), project.glossary.for_locale(locale)
    cut = segmented(unit.source, markup, language=project.source, glossary=terms)
    return Wanted(collection, unit, cut, terms, old)


def at_once(
    project: Project, locale: str, wanted: Sequence[Wanted]
) -> tuple[dict[Slot, Message], list[Wanted]]:
    """The entries that need no engine, and the other units with what people wrote for them."""
    results = from_memory(project, locale, wanted)
    giving = Giving(project, locale)
    helped = giving.sentences([one for one in wanted if slot(one) not in results])
    rest: list[Wanted] = []
    for one in helped:
        message = _from_people(one)
        if message is None:
            rest.append(one if None in one.texts else replace(one, given=NOTHING))
        else:
            results[slot(one)] = message
    return results, giving.similar(rest)


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
    return catalog.draft(unit, match.target, kind=Origin.MEMORY, risk=risk(Features(memory=1.0)))


def _from_people(one: Wanted) -> Message | None:
    """A draft from people's sentences alone; None if that is not all, or does not fit together."""
    texts = [text for text in one.texts if text]
    if not texts or len(texts) < len(one.cut.segments):
        return None
    settled = joined(one.cut, texts, one.collection.format)
    if settled.text is None:
        return None
    kind = Origin.MIXED if one.given.kept else Origin.MEMORY
    return catalog.draft(one.unit, settled.text, kind=kind, risk=risk(Features(memory=1.0)))


def spares(wanted: Iterable[Wanted]) -> dict[Slot, Message]:
    """The texts of similar sources, for units that no engine can translate."""
    found = {slot(one): spare(one) for one in wanted}
    return {key: message for key, message in found.items() if message is not None}


def spare(one: Wanted) -> Message | None:
    """The approved text of a similar source as a stale entry: it says from which text it is."""
    if one.given.spare is None:
        return None
    source, text = one.given.spare
    made = catalog.draft(one.unit, text, kind=Origin.MEMORY)
    said = comment_of(made)
    if said is None or not made.translation:
        return None
    told = replace(made, comments=(str(said.for_source(source)),), previous_source=source)
    return _with_lines(told, one)


def _with_lines(message: Message, one: Wanted) -> Message:
    """An entry with the comments on similar texts before its facts."""
    return replace(message, comments=(*one.given.lines, *message.comments))


def slot(one: Wanted) -> Slot:
    """Where the text of a unit goes."""
    return one.collection.domain, (one.unit.context, one.unit.source)


def as_message(
    project: Project, locale: str, one: Wanted, settled: Settled, route: Route
) -> Message:
    """The machine's text as an entry: a draft, what there is to spare, or an empty one.

    With sentences of people's in it, it is mixed. What the checks find in it raises its risk.
    Pseudo text has no risk, and is never mixed: nothing in it is kept when its source changes.
    """
    packages = settled.packages(route)
    pseudo = names_pseudo(packages)
    kind = Origin.MIXED if one.given.sentences and not pseudo else Origin.MACHINE
    made = catalog.withheld(one.unit, packages=packages)
    if settled.text is not None:
        made = catalog.draft(one.unit, settled.text, kind=kind, packages=packages)
        found = unit_findings(project, one.collection, locale, one.unit, made)
        rated = None if pseudo else raised(settled.risk, found)
        made = catalog.draft(one.unit, settled.text, kind=kind, packages=packages, risk=rated)
    if not made.translation:
        return spare(one) or _with_lines(made, one)
    notes = tuple(f"{NOTE}{note.check}: {note.message}" for note in settled.notes)
    return _with_lines(replace(made, comments=(*notes, *made.comments)), one)


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
