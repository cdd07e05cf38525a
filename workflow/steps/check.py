"""Check: judge every translation that a person may ship or review; findings are values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow import catalog
from workflow.checks import Subject, findings, hard_findings
from workflow.errors import PolypressError
from workflow.locales import plural_forms
from workflow.model import Diagnostic, Freshness, Message, Origin, Review, Severity, Unit
from workflow.pseudo import is_pseudo
from workflow.steps.contents import Contents
from workflow.steps.project import Collection, Project, catalog_name

NOTE = "check: "
_OF_MARKUP = {"markup", "link", "image", "code", "line-break", "empty", "html"}
_NPLURALS = re.compile(r"nplurals\s*=\s*(\d+)")
LONGEST_NOTE = 200
"""Characters of a finding in a catalog's comment."""


@dataclass(frozen=True, slots=True)
class UnitFindings:
    """What the checks say of one unit: where it stands, and what a person has said of it.

    `place` is `<catalog>:<line>` below `locales/`; `review` is approved, none (a draft) or
    needs-work.
    """

    unit: str
    place: str
    review: str
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class CatalogFindings:
    """One catalog: how many translations were checked, and the units with findings.

    `noted` says whether notes were written into it; `failures` are why it could not be read.
    """

    locale: str
    collection: str
    checked: int = 0
    units: tuple[UnitFindings, ...] = ()
    noted: bool = False
    failures: tuple[PolypressError, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of this severity there are."""
        return sum(one.severity is severity for unit in self.units for one in unit.findings)


def check(
    project: Project,
    contents: Sequence[Contents],
    *,
    locales: Sequence[str] | None = None,
    items: Sequence[str] = (),
) -> tuple[CatalogFindings, ...]:
    """Check every translation of these locales and items (all by default); nothing is changed.

    Stale translations are left out: they ask for review anyway. A catalog that cannot be read is
    reported and stops nothing.
    """
    return tuple(
        _catalog(project, one, locale, frozenset(items))
        for locale in (project.locales if locales is None else locales)
        for one in contents
    )


def unit_findings(
    project: Project, collection: Collection, locale: str, unit: Unit, message: Message
) -> tuple[Diagnostic, ...]:
    """What the checks say of the translation of one unit; empty for an empty one."""
    if not any(message.translations):
        return ()
    return _found(subject_of(project, collection, locale, unit, message), message)


def unit_errors(
    project: Project, collection: Collection, locale: str, unit: Unit, message: Message
) -> tuple[Diagnostic, ...]:
    """What of a unit's translation must not be published: errors, the hard checks' among them.

    Of a person's text the hard checks judge the markup alone: people may write a number as a word.
    """
    if not any(message.translations):
        return ()
    subject = subject_of(project, collection, locale, unit, message)
    hard = hard_findings(
        subject.source, subject.target, subject.markup_source, subject.markup_target
    )
    if catalog.facts_of(message).origin is Origin.HUMAN:
        hard = tuple(one for one in hard if one.check in _OF_MARKUP)
    found = dict.fromkeys((*hard, *_found(subject, message)))
    return tuple(one for one in found if one.severity is Severity.ERROR)


def _found(subject: Subject, message: Message) -> tuple[Diagnostic, ...]:
    """The findings; that a text is pseudo text is none where its own facts say so."""
    told = findings(subject)
    known = {"pseudo"} if told and is_pseudo(catalog.facts_of(message)) else ()
    return tuple(one for one in told if one.check not in known)


def subject_of(
    project: Project, collection: Collection, locale: str, unit: Unit, message: Message
) -> Subject:
    """A unit's translation with all that the checks may ask about it."""
    return Subject(
        source=unit.source,
        target=message.translation,
        source_language=project.source,
        locale=locale,
        markup_source=collection.format.markup(unit.source),
        markup_target=collection.format.markup(message.translation),
        plural=message.plural,
        translations=message.translations,
        nplurals=_nplurals(locale) if message.plural is not None else 0,
        fuzzy=message.fuzzy,
        terms=project.glossary.for_locale(locale),
        flags=message.flags,
    )


def _nplurals(locale: str) -> int:
    found = _NPLURALS.match(plural_forms(locale))
    return int(found[1]) if found else 0


def _catalog(
    project: Project, contents: Contents, locale: str, items: frozenset[str]
) -> CatalogFindings:
    collection = contents.collection
    try:
        messages = project.catalogs.read(locale, collection.domain)
        lines = project.catalogs.lines(locale, collection.domain)
    except PolypressError as error:
        return CatalogFindings(locale, collection.name, failures=(error,))
    known = {message.key: message for message in messages if not message.obsolete}
    units = [unit for unit in contents.units if not items or unit.item in items]
    shown = [(unit, known[key]) for unit in units if (key := (unit.context, unit.source)) in known]
    shown = [(unit, message) for unit, message in shown if may_be_checked(message)]
    path = catalog_name(locale, collection.domain)
    found = (
        UnitFindings(
            unit.id,
            f"{path}:{lines.get(message.key, 0)}",
            str(catalog.facts_of(message).review),
            unit_findings(project, collection, locale, unit, message),
        )
        for unit, message in shown
    )
    return CatalogFindings(
        locale, collection.name, len(shown), tuple(one for one in found if one.findings)
    )


def may_be_checked(message: Message) -> bool:
    """Whether an entry has a translation that a person may ship or review; pseudo text is none."""
    facts = catalog.facts_of(message)
    if not any(message.translations) or is_pseudo(facts):
        return False
    return facts.review is Review.NEEDS_WORK or facts.freshness is Freshness.CURRENT


def annotate(
    project: Project,
    contents: Sequence[Contents],
    found: Iterable[CatalogFindings],
    *,
    clear: bool = False,
    items: Sequence[str] = (),
) -> tuple[CatalogFindings, ...]:
    """Write one comment line per finding into the catalogs, in place of those of the last run.

    With `clear` they are only taken away. Whatever else stands in an entry stays as it is, and
    entries of other items keep their notes. A catalog that refuses is reported.
    """
    by_name = {one.collection.name: one for one in contents}
    return tuple(
        _annotated(project, by_name[one.collection], one, clear=clear, items=frozenset(items))
        for one in found
    )


def _annotated(
    project: Project,
    contents: Contents,
    found: CatalogFindings,
    *,
    clear: bool,
    items: frozenset[str],
) -> CatalogFindings:
    if found.failures:
        return found
    told = {} if clear else {unit.unit: unit.findings for unit in found.units}
    ours: dict[tuple[str | None, str], Sequence[Diagnostic]] = {
        (one.context, one.source): told.get(one.id, ()) for one in contents.units
            if not items or one.item in items}  # fmt: skip
    try:
        noted = project.catalogs.update(
            found.locale, contents.collection.domain, lambda messages: _noted(messages, ours)
        )
    except PolypressError as error:
        return replace(found, failures=(error,))
    return replace(found, noted=noted)


def _noted(
    messages: Iterable[Message],
    findings_of: Mapping[tuple[str | None, str], Sequence[Diagnostic]],
) -> Iterator[Message]:
    for message in messages:
        if message.obsolete or message.key not in findings_of:
            yield message
            continue
        kept = tuple(line for line in message.comments if not catalog.is_note(line))
        notes = tuple(dict.fromkeys(note(one) for one in findings_of[message.key]))
        yield replace(message, comments=(*kept, *notes))


def note(finding: Diagnostic) -> str:
    """A finding as a translator comment, on one line."""
    said = " ".join(finding.message.split())
    return f"{NOTE}{finding.check}: {said}"[:LONGEST_NOTE]
