"""Shipping: what of each item may be published in a locale at a time, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from workflow import catalog, policy
from workflow.catalog import Key, Retired
from workflow.changes import Kind, verdict
from workflow.errors import ContentError, Place, PolypressError
from workflow.model import Facts, Freshness, Item, Message, Review, Unit
from workflow.policy import Choice, LastApproved, Policy, Reason, Ruling, Standing
from workflow.steps.check import unit_errors
from workflow.steps.contents import Contents
from workflow.steps.project import Collection, Project
from workflow.steps.timing import Absence, Life, life_of, moment, zone_of
from workflow.withdrawn import Withdrawal

Entries = Mapping[Key, Message]
"""The entries of a catalog by key, the obsolete ones as well: they prove what was approved."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What becomes of one item in a locale.

    `choices` has each unit with its text and label, None if the item is left out; `why` says then
    what keeps it out, `absence` of which kind that is. `failure` is a mistake in the item that has
    to be told. `until` is when the item goes by itself (UTC, whole seconds), empty if never.
    """

    item: Item
    choices: Mapping[Unit, Choice] | None = None
    absence: Absence | None = None
    why: str = ""
    failure: PolypressError | None = None
    until: str = ""


def entries_of(project: Project, collection: Collection, locale: str) -> Entries | None:
    """The entries of a locale's catalog by key; None for the source locale, which has none.

    An active entry goes before an obsolete one of its key. Raises CatalogError.
    """
    if locale == project.source:
        return None
    messages = project.catalogs.read(locale, collection.domain)
    return {one.key: one for one in sorted(messages, key=lambda one: not one.obsolete)}


def shipped(
    project: Project, contents: Contents, locale: str, entries: Entries | None, at: str
) -> Iterator[Shipped]:
    """What becomes of each item of a collection in a locale at a time, in the order of the content.

    `entries` are those of `entries_of`, `at` is ISO 8601 with its distance from UTC. It depends on
    the content, the catalogs, the policy and the time alone, so it can be repeated.
    """
    deciding = Deciding.of(project, contents.collection, locale, entries)
    zone, now = zone_of(project.publishing.timezone), moment(at, UTC)
    for item in contents.items:
        absent, until = _absent(project, item, now, zone)
        yield absent or _decided(item, deciding.together(item), until)


def boundaries(project: Project, contents: Contents, at: str) -> tuple[str, str]:
    """The last and the next moment at which an item of a collection comes or goes.

    In UTC and whole seconds, empty if there is none: what ships does not change by itself from the
    first until before the second.
    """
    zone, now = zone_of(project.publishing.timezone), moment(at, UTC)
    moments = sorted({one for item in contents.items for one in life_of(item, zone).moments})
    before = [one for one in moments if one <= now]
    after = [one for one in moments if one > now]
    return (before[-1] if before else "", after[0] if after else "")


def _absent(project: Project, item: Item, at: str, zone: tzinfo) -> tuple[Shipped | None, str]:
    """The item as left out, if it is withdrawn or this is not its time; and when it goes."""
    withdrawn = project.withdrawn.get(f"{item.collection}:{item.id}")
    if withdrawn is not None:
        words = withdrawn_words(withdrawn)
        return Shipped(item, absence=Absence.WITHDRAWN, why=words), ""
    life = life_of(item, zone)
    absence, why = life.absence(at)
    if absence is None:
        return None, life.until
    failure = _mistake(item, life) if absence is Absence.MISTAKE else None
    return Shipped(item, absence=absence, why=why, failure=failure), life.until


def withdrawn_words(withdrawn: Withdrawal) -> str:
    """Why a withdrawn item is left out."""
    return f"withdrawn: {withdrawn.why}" if withdrawn.why else "withdrawn"


def _mistake(item: Item, life: Life) -> ContentError:
    return ContentError(
        f"{life.mistake}; the item is held back",
        fix="write a date (2026-01-31) or a time (2026-01-31T09:00), or take the line out",
        place=Place(path=item.path, key=life.key),
    )


def _decided(item: Item, choices: Mapping[Unit, Choice], until: str) -> Shipped:
    """The item with its choices, or left out because of one of them."""
    out = [(unit, one) for unit, one in choices.items() if one.text is None]
    if not out:
        return Shipped(item, choices, until=until)
    unit, cause = min(out, key=lambda each: each[1].reason is Reason.WHOLE)
    return Shipped(item, absence=Absence.POLICY, why=f"{unit.field}: {cause.because}")


@dataclass(frozen=True, slots=True)
class Deciding:
    """All that decides on the units of one collection in one locale."""

    project: Project
    collection: Collection
    locale: str
    entries: Entries | None
    retired: Retired
    names: frozenset[str]
    rulings: Mapping[str, Ruling]

    @classmethod
    def of(
        cls, project: Project, collection: Collection, locale: str, entries: Entries | None
    ) -> Deciding:
        """With what is the same for all units: the rules by field, and what was approved once."""
        rules: Policy = project.policy
        ruling = rules.of_source if entries is None else rules.ruling
        return cls(
            project,
            collection,
            locale,
            entries,
            catalog.retired((entries or {}).values()),
            project.names(locale),
            {name: ruling(collection.name, name, locale) for name in collection.spec.fields},
        )

    def together(self, item: Item) -> dict[Unit, Choice]:
        """What ships of each unit of an item, if the item ships at all."""
        return policy.together({unit: self.choice(unit) for unit in item.units})

    def choice(self, unit: Unit) -> Choice:
        """What would ship of a unit if it were alone."""
        ruling = self.rulings[unit.field]
        if self.entries is None:
            return policy.of_source(unit.source, ruling)
        standing = self.standing(unit)
        return policy.decided(unit.source, standing, ruling, pseudo=self.project.policy.pseudo)

    def message(self, unit: Unit) -> Message:
        """The entry of a unit, an empty one if the catalog has none."""
        found = (self.entries or {}).get((unit.context, unit.source))
        return catalog.entry(unit) if found is None or found.obsolete else found

    def standing(self, unit: Unit) -> Standing:
        """Where the translation of a unit stands."""
        message = self.message(unit)
        facts = catalog.facts_of(message)
        errors = unit_errors(self.project, self.collection, self.locale, unit, message)
        last = None if _is_settled(facts) else self._last(unit, message)
        return Standing(message.translation, facts, errors, last)

    def _last(self, unit: Unit, message: Message) -> LastApproved | None:
        """The last approved text of a unit whose source has changed.

        The checks judge it beside the source that it was made for: what it lacks of today's source
        is a matter of the verdict on the change, which recalls it or not.
        """
        found = catalog.last_approved(message, self.retired)
        if found is None:
            return None
        then = Unit(unit.collection, unit.item, unit.field, found.source)
        errors = unit_errors(self.project, self.collection, self.locale, then, found)
        change = verdict(found.source, unit.source, language=self.project.source, names=self.names)
        recalled = change.reasons if change.kind is Kind.RECALL else ()
        return LastApproved(found.translation, catalog.facts_of(found), errors, recalled)


def _is_settled(facts: Facts) -> bool:
    return facts.review is Review.APPROVED and facts.freshness is Freshness.CURRENT
