"""All checks in their order, and one translation judged by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import ModuleType

from workflow.checks import (
    brackets,
    dates,
    direction,
    edges,
    elements,
    empty,
    ending,
    escapes,
    figures,
    invisible,
    length,
    links,
    placeholders,
    plurals,
    pseudo,
    repeats,
    tags,
    terms,
    untranslated,
)
from workflow.checks.subject import ONE_NUMBER, Subject, warning
from workflow.model import Diagnostic

_RULES: tuple[ModuleType, ...] = (
    pseudo, placeholders, tags, elements, links, figures, dates, terms, edges, ending, brackets,
    repeats, untranslated, length, direction, escapes, invisible,
)  # fmt: skip

LARGEST = 50_000
"""Characters; no unit that a person wrote is longer, and checks take time for each."""

CHECKS: Mapping[str, str] = {
    name: said for rule in (empty, plurals, *_RULES) for name, said in rule.CHECKS.items()
} | {"size": "The text is too long to be checked."}
"""The name of each check, and in a sentence what it finds."""


def findings(subject: Subject) -> tuple[Diagnostic, ...]:
    """All findings on one translation in a fixed order, each once; empty if there is none."""
    if subject.plural is None:
        return tuple(dict.fromkeys(_of_text(subject)))
    return tuple(dict.fromkeys([*plurals.check(subject), *_of_forms(subject)]))


def _of_text(subject: Subject) -> Iterator[Diagnostic]:
    if max(len(subject.source), len(subject.target)) > LARGEST:
        yield warning("size", f"more than {LARGEST:,} characters: read it yourself")
        return
    missing = tuple(empty.check(subject))
    yield from missing
    if not missing and subject.target:
        for rule in _RULES:
            yield from rule.check(subject)


def _of_forms(subject: Subject) -> Iterator[Diagnostic]:
    """Each form against the plural or the singular, whichever it resembles more."""
    for number, form in enumerate(subject.translations):
        if not form.strip():
            continue
        flags = subject.flags
        if plurals.one_number(subject.locale, number, subject.nplurals):
            flags |= {ONE_NUMBER}
        sources = (subject.plural or subject.source, subject.source)
        yield from min(
            (
                tuple(_of_text(replace(subject, source=source, target=form, plural=None,
                                       flags=flags)))
                for source in sources
            ),
            key=len,
        )  # fmt: skip
