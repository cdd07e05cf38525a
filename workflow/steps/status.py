"""Status: where every unit stands in every locale, counted by the three facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow import catalog
from workflow.changes import Kind, Verdict
from workflow.errors import PolypressError
from workflow.model import Facts, Message, Unit
from workflow.pseudo import is_pseudo
from workflow.steps.contents import Contents
from workflow.steps.project import Project


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit in one locale: the unit, its translation, and the facts of it.

    `conflict` says that another person's text is kept beside; `recalled` that the source changed
    in what the translation must not get wrong (a number, a date, a name …).
    """

    unit: Unit
    translation: str
    facts: Facts
    conflict: bool = False
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class LocaleStatus:
    """How many units of a locale have which origin, review and freshness; `withheld` of them none.

    `pseudo` of the machine's texts are pseudo text, which counts as no text elsewhere.
    In `conflicts` units two people's texts are kept, and `recalled` are those stale ones in which
    a number, a date, a name or the like has changed. `failures` are catalogs that could not be
    read: their units are not counted.
    """

    locale: str
    units: int = 0
    origin: Mapping[str, int] = field(default_factory=dict)
    review: Mapping[str, int] = field(default_factory=dict)
    freshness: Mapping[str, int] = field(default_factory=dict)
    withheld: int = 0
    pseudo: int = 0
    conflicts: int = 0
    recalled: int = 0
    failures: tuple[PolypressError, ...] = ()


def status(project: Project, contents: Sequence[Contents]) -> tuple[LocaleStatus, ...]:
    """The standing of every locale of the project; nothing is changed."""
    return tuple(_locale(project, contents, locale) for locale in project.locales)


def standings(project: Project, one: Contents, locale: str) -> Iterator[Standing]:
    """Each unit of a collection in a locale. Raises CatalogError."""
    messages = project.catalogs.read(locale, one.collection.domain)
    known = {message.key: message for message in messages if not message.obsolete}
    names = project.names(locale)
    for unit in one.units:
        message: Message = known.get((unit.context, unit.source)) or catalog.entry(unit)
        change = catalog.change_of(message, language=project.source, names=names)
        yield _standing(unit, message, change)


def _standing(unit: Unit, message: Message, change: Verdict | None) -> Standing:
    return Standing(
        unit,
        message.translation,
        catalog.facts_of(message),
        conflict=bool(catalog.conflicts(message)),
        recalled=change is not None and change.kind is Kind.RECALL,
    )


def _locale(project: Project, contents: Sequence[Contents], locale: str) -> LocaleStatus:
    seen: list[Standing] = []
    failures: list[PolypressError] = []
    for one in contents:
        try:
            seen += standings(project, one, locale)
        except PolypressError as error:
            failures.append(error)
    return LocaleStatus(
        locale,
        units=len(seen),
        origin=dict(Counter(str(one.facts.origin) for one in seen)),
        review=dict(Counter(str(one.facts.review) for one in seen)),
        freshness=dict(Counter(str(one.facts.freshness) for one in seen)),
        withheld=sum(one.facts.withheld for one in seen),
        pseudo=sum(bool(one.translation) and is_pseudo(one.facts) for one in seen),
        conflicts=sum(one.conflict for one in seen),
        recalled=sum(one.recalled for one in seen),
        failures=tuple(failures),
    )
