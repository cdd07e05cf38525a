"""Status: where every unit stands in every locale, counted by the three facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow import catalog
from workflow.errors import PolypressError
from workflow.model import Facts, Message, Unit
from workflow.steps.contents import Contents
from workflow.steps.project import Project


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit in one locale: the unit, its translation, and the facts of it."""

    unit: Unit
    translation: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class LocaleStatus:
    """How many units of a locale have which origin, review and freshness; `withheld` of them none.

    `failures` are catalogs that could not be read: their units are not counted.
    """

    locale: str
    units: int = 0
    origin: Mapping[str, int] = field(default_factory=dict)
    review: Mapping[str, int] = field(default_factory=dict)
    freshness: Mapping[str, int] = field(default_factory=dict)
    withheld: int = 0
    failures: tuple[PolypressError, ...] = ()


def status(project: Project, contents: Sequence[Contents]) -> tuple[LocaleStatus, ...]:
    """The standing of every locale of the project; nothing is changed."""
    return tuple(_locale(project, contents, locale) for locale in project.locales)


def standings(project: Project, one: Contents, locale: str) -> Iterator[Standing]:
    """Each unit of a collection in a locale. Raises CatalogError."""
    messages = project.catalogs.read(locale, one.collection.domain)
    known = {message.key: message for message in messages if not message.obsolete}
    for unit in one.units:
        message: Message = known.get((unit.context, unit.source)) or catalog.entry(unit)
        yield Standing(unit, message.translation, catalog.facts_of(message))


def _locale(project: Project, contents: Sequence[Contents], locale: str) -> LocaleStatus:
    seen: list[Facts] = []
    failures: list[PolypressError] = []
    for one in contents:
        try:
            seen += [standing.facts for standing in standings(project, one, locale)]
        except PolypressError as error:
            failures.append(error)
    return LocaleStatus(
        locale,
        units=len(seen),
        origin=dict(Counter(str(facts.origin) for facts in seen)),
        review=dict(Counter(str(facts.review) for facts in seen)),
        freshness=dict(Counter(str(facts.freshness) for facts in seen)),
        withheld=sum(facts.withheld for facts in seen),
        failures=tuple(failures),
    )
