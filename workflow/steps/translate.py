"""Translate: memory first, then the engine; what the checks let through becomes a draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from workflow.errors import PolypressError, RouteError
from workflow.model import Diagnostic, Message, Severity
from workflow.steps.contents import Contents, read
from workflow.steps.decode import Decoding
from workflow.steps.draft import Wanted, drafts
from workflow.steps.ingest import Ingested
from workflow.steps.outcome import LocaleOutcome, Note, Withheld, figures, nobody
from workflow.steps.project import Progress, Project, silent
from workflow.steps.shares import shares
from workflow.steps.traced import Unchanged
from workflow.steps.wanted import Slot, as_message, at_once, slot, spares

_UNFIT = (Diagnostic("characters", Severity.ERROR, "a catalog cannot carry this text"),)


def translate(  # noqa: PLR0913 - each option stands for itself
    project: Project,
    ingested: Ingested,
    *,
    locales: Sequence[str] | None = None,
    items: Collection[str] = (),
    progress: Progress = silent,
    note: Note = nobody,
) -> tuple[LocaleOutcome, ...]:
    """Give every unit without a fresh translation a draft, locale by locale.

    With `items`, only the units of these. A locale that has no route or whose catalog is broken is
    reported and stops no other. `note` hears what is done now, unless there are `items`.
    """
    run = _Run(project, ingested, items, progress, nobody if items else note)
    return tuple(run.locale(tag) for tag in (project.locales if locales is None else locales))


@dataclass(frozen=True, slots=True)
class _Run:
    project: Project
    ingested: Ingested
    items: Collection[str]
    progress: Progress
    note: Note
    reread: dict[str, Contents] = field(default_factory=dict)

    def locale(self, locale: str) -> LocaleOutcome:
        each = shares(self.project, self.ingested.contents, locale, self.items)
        version = self.project.memory.version(locale)
        again = self._asked_again(locale, version)
        each = each.with_(shares(self.project, tuple(again.values()), locale, self.items))
        results, rest = at_once(self.project, locale, each.wanted)
        outcome = LocaleOutcome(locale, memory=len(results))
        try:
            outcome, drafted = _by_machine(self.project, rest, outcome, self.progress)
            results.update(drafted)
        except PolypressError as error:
            each.failures.append(error)
            results |= spares(rest)
        written = tuple(each.write(results))
        for done in each.done(results, outcome.withheld, version):
            self.note(done)
        outcome = replace(outcome, written=written, failures=each.all_failures())
        known = [one for one in self.ingested.unchanged if one.collection not in again]
        return self._with_unchanged(outcome, known)

    def _asked_again(self, locale: str, version: int) -> dict[str, Contents]:
        """The collections that were left out, but have units that a newer memory may know.

        Their catalogs are up to date, so only the content is read, for its units.
        """
        names = {
            one.collection
            for one in self.ingested.unchanged
            if one.may_go_on(locale, version, self.items)
        }
        for one in self.project.collections:
            if one.name in names and one.name not in self.reread:
                self.reread[one.name] = read(self.project.root, one)
        found = {name: self.reread[name] for name in sorted(names)}
        return {name: one for name, one in found.items() if not one.failures}

    def _with_unchanged(
        self, outcome: LocaleOutcome, unchanged: Sequence[Unchanged]
    ) -> LocaleOutcome:
        """With what is left in the collections that were left out, and that no route is there."""
        left = tuple(
            unit
            for one in unchanged
            for unit in one.left.get(outcome.locale, ())
            if not self.items or unit.item in self.items
        )
        failures = outcome.failures
        if left and not any(isinstance(error, RouteError) for error in failures):
            failures = (*failures, *_no_route(self.project, outcome.locale))
        withheld = (*(unit for unit in left if unit.findings), *outcome.withheld)
        return replace(outcome, withheld=withheld, failures=failures)


def _no_route(project: Project, locale: str) -> list[RouteError]:
    try:
        project.engine.route(project.source, locale)
    except RouteError as error:
        return [error]
    return []


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
