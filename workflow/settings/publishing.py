"""The table `[publish]`: where bundles go, what they say, and the rules of what may ship."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from workflow.policy import KEYS, Fallback, Policy, Rule, Stale, Text
from workflow.settings.kinds import FieldName, Inside, Line, Name, Table, Tag

Risk = Annotated[float, Field(ge=0, le=1)]


def _filled(value: str, *, names: tuple[str, ...]) -> str:
    """A template that has no other braces than those round its names."""
    rest = value
    for name in names:
        rest = rest.replace(f"{{{name}}}", "")
    if "{" in rest or "}" in rest:
        shown = ", ".join(f"{{{name}}}" for name in names)
        raise ValueError(f"must hold no braces but those of {shown}")
    return value


def _address(value: str) -> str:
    if value and (not value.startswith(("http://", "https://")) or " " in value):
        raise ValueError("must be an address that begins with http:// or https://, or empty")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise ValueError("must be a name of the IANA time zones, such as Europe/Madrid") from None
    return value


Site = Annotated[
    Line,
    AfterValidator(_address),
    AfterValidator(partial(_filled, names=("locale", "collection", "item"))),
]
Note = Annotated[
    Line, Field(max_length=300), AfterValidator(partial(_filled, names=("count", "total")))
]
Zone = Annotated[Line, AfterValidator(_zone)]


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule can be about: the locales with the source's, and each collection's fields."""

    locales: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]


class RuleTable(Table):
    """`[[publish.rules]]`: which units a rule is about, and what it sets for them."""

    collection: Name | None = None
    field: FieldName | None = None
    locale: Tag | None = None
    text: Literal["reviewed", "machine", "source", "withhold"] | None = None
    max_risk: Risk | None = None
    fallback: Literal["source", "withhold"] | None = None
    stale: Literal["keep-last-approved", "machine", "source"] | None = None
    atomic: bool | None = None

    @model_validator(mode="after")
    def _sets_something(self) -> RuleTable:
        if all(getattr(self, key) is None for key in KEYS):
            raise ValueError(f"sets nothing: it needs one of {', '.join(KEYS)}")
        return self

    def unmatched(self, known: Known) -> Iterator[str]:
        """What the rule asks for that this project does not have."""
        fields = known.fields
        if self.collection is not None and self.collection not in fields:
            yield f"there is no collection {self.collection!r} ({', '.join(fields)})"
            return
        named = fields if self.collection is None else {self.collection: fields[self.collection]}
        there = dict.fromkeys(field for each in named.values() for field in each)
        if self.field is not None and self.field not in there:
            of = f"the collection {self.collection}" if self.collection else "any collection"
            yield f"{self.field!r} is no field of {of} ({', '.join(there)})"
        if self.locale is not None and self.locale not in known.locales:
            yield f"there is no locale {self.locale!r} ({', '.join(known.locales)})"

    def rule(self, number: int) -> Rule:
        """The rule as the policy knows it; `number` counts from 1."""
        return Rule(
            name=rule_name(number),
            collection=self.collection or "",
            field=self.field or "",
            locale=self.locale or "",
            text=Text(self.text) if self.text else None,
            max_risk=self.max_risk,
            fallback=Fallback(self.fallback) if self.fallback else None,
            stale=Stale(self.stale) if self.stale else None,
            atomic=self.atomic,
        )


class NotesTable(Table):
    """`[publish.notes.<locale>]`: what readers are told of texts that are not reviewed."""

    machine: Note | None = None
    stale: Note | None = None
    source: Note | None = None


class PublishTable(Table):
    """`[publish]`: where bundles go, what they say, and what may ship."""

    path: Inside = "var/public"
    text: Literal["reviewed", "machine", "source", "withhold"] = "machine"
    max_risk: Risk = 1.0
    fallback: Literal["source", "withhold"] = "source"
    stale: Literal["keep-last-approved", "machine", "source"] = "keep-last-approved"
    atomic: bool = True
    labels: Literal["beside", "required"] = "beside"
    derived: Literal["named", "stored"] = "named"
    site: Site = ""
    timezone: Zone = "UTC"
    keep: Annotated[int, Field(ge=1, le=10_000)] = 10
    keys: Annotated[Line, Field(min_length=1)] = "var/keys"
    schedule: bool = True
    rules: Annotated[tuple[RuleTable, ...], Field(strict=False)] = ()
    notes: Mapping[Tag, NotesTable] = {}

    @model_validator(mode="after")
    def _keys_are_not_public(self) -> PublishTable:
        public, keys = (posixpath.normpath(path) for path in (self.path, self.keys))
        if f"{keys}/".startswith(f"{public}/"):
            raise ValueError(f"keys must not lie in {public}, which everybody can read")
        return self

    @property
    def policy(self) -> Policy:
        """What may ship, as the policy knows it."""
        return Policy(
            Text(self.text),
            self.max_risk,
            Fallback(self.fallback),
            Stale(self.stale),
            self.atomic,
            tuple(table.rule(number) for number, table in enumerate(self.rules, 1)),
        )

    def refuse_what_matches_nothing(self, known: Known) -> None:
        """Raise ValueError for a rule or note that is about nothing in this project."""
        for number, table in enumerate(self.rules, 1):
            for what in table.unmatched(known):
                raise ValueError(f"{rule_name(number)} matches nothing: {what}")
        for locale in self.notes:
            if locale not in known.locales:
                shown = ", ".join(known.locales)
                raise ValueError(
                    f"[publish.notes.{locale}] is about no locale of this project ({shown})"
                )


def rule_name(number: int) -> str:
    """How messages call a rule; the first is number 1."""
    return f"[[publish.rules]] {number}"
