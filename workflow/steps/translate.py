"""Translate: memory first, then the engine; what the checks let through becomes a draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from workflow.errors import PolypressError
from workflow.model import Diagnostic, Message, Severity
from workflow.steps.contents import Contents
from workflow.steps.decode import Decoding
from workflow.steps.draft import Wanted, drafts
from workflow.steps.ingest import Ingested
from workflow.steps.outcome import LocaleOutcome, Withheld, figures
from workflow.steps.project import Progress, Project, silent
from workflow.steps.wanted import Slot, all_wanted, as_message, at_once, merge_all, slot, spares

_UNFIT = (Diagnostic("characters", Severity.ERROR, "a catalog cannot carry this text"),)


def translate(
    project: Project,
    ingested: Ingested,
    *,
    locales: Sequence[str] | None = None,
    items: Collection[str] = (),
    progress: Progress = silent,
) -> tuple[LocaleOutcome, ...]:
    """Give every unit without a fresh translation a draft, locale by locale.

    With `items`, only the units of these. A locale that has no route or whose catalog is broken is
    reported and stops no other.
    """
    return tuple(
        _one_locale(project, ingested.contents, locale, items, progress)
        for locale in (project.locales if locales is None else locales)
    )


def _one_locale(
    project: Project,
    contents: Sequence[Contents],
    locale: str,
    items: Collection[str],
    progress: Progress,
) -> LocaleOutcome:
    wanted, failures = all_wanted(project, contents, locale, items)
    results, rest = at_once(project, locale, wanted)
    outcome = LocaleOutcome(locale, memory=len(results))
    try:
        outcome, drafted = _by_machine(project, rest, outcome, progress)
        results.update(drafted)
    except PolypressError as error:
        failures.append(error)
        results |= spares(rest)
    written = merge_all(project, contents, locale, results, failures)
    return replace(outcome, written=tuple(written), failures=tuple(failures))


def _by_machine(
    project: Project, wanted: Sequence[Wanted], outcome: LocaleOutcome, progress: Progress
) -> tuple[LocaleOutcome, dict[Slot, Message]]:
    if not wanted:
        return outcome, {}
    route = project.engine.route(project.source, outcome.locale)
    decoding = Decoding(project, progress, label=f"translate {outcome.locale}")
    settled = drafts(decoding, route, wanted)
    pairs = [(one, result) for one, result in zip(wanted, settled, strict=True) if result]
    messages = {
        slot(one): as_message(project, outcome.locale, one, result, route) for one, result in pairs
    }
    withheld = tuple(
        Withheld(one.unit.id, result.findings or _UNFIT)
        for one, result in pairs
        if not messages[slot(one)].translation
    )
    told = replace(
        outcome,
        route=str(route),
        machine=len(pairs) - len(withheld),
        withheld=withheld,
        decoded=decoding.tally.decoded,
        figures=figures(result for _, result in pairs),
    )
    return told, messages
