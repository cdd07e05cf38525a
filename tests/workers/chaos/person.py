"""A person who edits catalogs while a job writes them, and what they did, to be done again."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from tests.steps.project_for_tests import Place
from workflow.adapters.pofile import sheet
from workflow.catalog import facts_of
from workflow.errors import CatalogError
from workflow.model import Message, Origin

KINDS = ("fill", "change", "approve", "stale save")
STALE = 1.0
"""Seconds between reading a catalog and saving it back whole."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What one entry became: its text and whether it is still marked fuzzy."""

    locale: str
    domain: str
    key: tuple[str | None, str]
    text: str
    fuzzy: bool


@dataclass(slots=True)
class Person:
    """Edits entries one after the other with an editor that saves whole files (beside, renamed).

    `made` maps each entry touched to its last edit; `counts` says what was done how often;
    `wiped` counts drafts of the machine that a stale save took away.
    """

    town: Place
    dice: random.Random
    made: dict[tuple[str, str, tuple[str | None, str]], Edit] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    wiped: int = 0

    def work(self, pauses: Iterable[float], stopped: Event, busy: Callable[[], bool]) -> None:
        """One edit after each pause, as long as the job is `busy`."""
        for number, pause in enumerate(pauses):
            if stopped.wait(pause) or not busy():
                return
            self.act(KINDS[number % len(KINDS)], busy)

    def act(self, kind: str, busy: Callable[[], bool] = lambda: True) -> None:
        locale = self.dice.choice(self.town.project.locales)
        domain = self.dice.choice(self.town.project.collections).domain
        path = self.town.catalog(locale, domain)
        raw = path.read_bytes()
        if kind == "stale save":
            time.sleep(STALE)
        try:
            found = sheet.read(raw, path.name)
        except CatalogError:
            self.counts["unreadable"] += 1
            return
        edit = self._edit(kind, locale, domain, found.messages)
        if edit and busy():
            self._save(path, raw, found, edit)
            self.counts[kind] += 1

    def _save(self, path: Path, raw: bytes, found: sheet.Sheet, edit: Edit) -> None:
        body = sheet.splice(found, edited(found.messages, [edit]), new_header="")
        now = path.read_bytes()
        beside = path.with_suffix(".editor")
        beside.write_bytes(body or raw)
        beside.replace(path)
        self.made[edit.locale, edit.domain, edit.key] = edit
        if now != raw:
            self.wiped += _texts(sheet.read(now, path.name)) - _texts(found)

    def _edit(
        self, kind: str, locale: str, domain: str, messages: Sequence[Message]
    ) -> Edit | None:
        mine = [one for one in messages if (locale, domain, one.key) not in self.made]
        empty = [one for one in mine if not one.translation]
        drafts = [one for one in mine if facts_of(one).origin is Origin.MACHINE]
        among = drafts if kind in {"change", "approve"} else empty or drafts
        if not among:
            return None
        one = self.dice.choice(among)
        text = one.translation if kind == "approve" else f"{locale}: a person says: {one.source}"
        fuzzy = kind == "change" and self.dice.random() < 0.5
        return Edit(locale, domain, one.key, text, fuzzy)


def edited(messages: Sequence[Message], edits: Iterable[Edit]) -> list[Message]:
    by_key = {edit.key: edit for edit in edits}
    return [_as(one, by_key[one.key]) if one.key in by_key else one for one in messages]


def _as(one: Message, edit: Edit) -> Message:
    flags = one.flags - {"fuzzy"} | ({"fuzzy"} if edit.fuzzy else frozenset())
    return replace(one, translations=(edit.text,), flags=frozenset(flags))


def _texts(found: sheet.Sheet) -> int:
    return sum(bool(one.translation) for one in found.messages)


def repeat(town: Place, edits: Iterable[Edit]) -> None:
    """Do in another town what the person did."""
    chosen = list(edits)
    for locale in town.project.locales:
        for collection in town.project.collections:
            mine = [
                one for one in chosen if (one.locale, one.domain) == (locale, collection.domain)
            ]
            path = town.catalog(locale, collection.domain)
            found = sheet.read(path.read_bytes(), path.name)
            body = sheet.splice(found, edited(found.messages, mine), new_header="")
            if body:
                path.write_bytes(body)


def lost(town: Place, edits: Iterable[Edit]) -> list[Edit]:
    """The edits that a town does not hold."""
    held = {
        (locale, collection.domain, one.key): (one.translation, "fuzzy" in one.flags)
        for locale in town.project.locales
        for collection in town.project.collections
        for one in town.project.catalogs.read(locale, collection.domain)
    }
    return [
        edit
        for edit in edits
        if held.get((edit.locale, edit.domain, edit.key)) != (edit.text, edit.fuzzy)
    ]
