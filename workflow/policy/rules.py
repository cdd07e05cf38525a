"""The rules of `[publish]` as values: later rules win, key by key, and each key knows its rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

PUBLISH = "[publish]"
"""The name of the rule that holds for everything."""


class Text(StrEnum):
    """Which texts may ship: approved ones, a machine's as well, the source's alone, or none."""

    REVIEWED = "reviewed"
    MACHINE = "machine"
    SOURCE = "source"
    WITHHOLD = "withhold"


class Fallback(StrEnum):
    """What stands in for a unit that may not ship: the source text, or nothing."""

    SOURCE = "source"
    WITHHOLD = "withhold"


class Stale(StrEnum):
    """What ships once the source of an approved text has changed."""

    KEEP = "keep-last-approved"
    MACHINE = "machine"
    SOURCE = "source"


KEYS = ("text", "max_risk", "fallback", "stale", "atomic")
"""What a rule may set."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for the units that it matches; an empty match takes all, None leaves a key alone.

    `name` is how messages call it, e.g. `[[publish.rules]] 2`. `max_risk` is in [0,1].
    """

    name: str
    collection: str = ""
    field: str = ""
    locale: str = ""
    text: Text | None = None
    max_risk: float | None = None
    fallback: Fallback | None = None
    stale: Stale | None = None
    atomic: bool | None = None

    def matches(self, collection: str, field: str, locale: str) -> bool:
        """Whether this rule speaks of such a unit."""
        asked = ((self.collection, collection), (self.field, field), (self.locale, locale))
        return all(wanted in {"", there} for wanted, there in asked)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds for a field of a collection in a locale; `by` says which rule set which key."""

    text: Text = Text.MACHINE
    max_risk: float = 1.0
    fallback: Fallback = Fallback.SOURCE
    stale: Stale = Stale.KEEP
    atomic: bool = True
    by: tuple[tuple[str, str], ...] = ()

    def told(self, key: str) -> str:
        """A key with its value and its rule, as messages show it."""
        value = getattr(self, key)
        shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
        return f"{key} = {shown} in {dict(self.by).get(key, PUBLISH)}"


@dataclass(frozen=True, slots=True)
class Policy:
    """Which texts of which units may be published: `[publish]`, and the rules over it.

    With `pseudo` pseudo text may ship, whatever is said of machine text: somebody tries a site out.
    """

    text: Text = Text.MACHINE
    max_risk: float = 1.0
    fallback: Fallback = Fallback.SOURCE
    stale: Stale = Stale.KEEP
    atomic: bool = True
    rules: tuple[Rule, ...] = ()
    pseudo: bool = False

    def ruling(self, collection: str, field: str, locale: str) -> Ruling:
        """What holds for a field of a collection in a locale."""
        return _resolved(
            self, (rule for rule in self.rules if rule.matches(collection, field, locale))
        )

    def of_source(self, collection: str, field: str, locale: str) -> Ruling:
        """What holds in the source's own locale: the rules that name it, and none of the others.

        The policy is about translations; the source ships unless somebody says otherwise.
        """
        named = (rule for rule in self.rules if rule.locale == locale)
        return _resolved(
            Policy(), (rule for rule in named if rule.matches(collection, field, locale))
        )


def _resolved(policy: Policy, rules: Iterable[Rule]) -> Ruling:
    """Each key as the last rule that sets it says."""
    values = {key: getattr(policy, key) for key in KEYS}
    by = dict.fromkeys(KEYS, PUBLISH)
    for rule in rules:
        told = {key: value for key in KEYS if (value := getattr(rule, key)) is not None}
        values |= told
        by |= dict.fromkeys(told, rule.name)
    return Ruling(**values, by=tuple(by.items()))
