"""What the commands about content show to people."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.cli.output import Output
from workflow.model import Diagnostic
from workflow.steps.outcome import LocaleOutcome
from workflow.steps.publish import LocaleReport, Publication
from workflow.steps.status import LocaleStatus

NOTHING = "–"


def show_outcomes(output: Output, outcomes: Sequence[LocaleOutcome]) -> None:
    """What a translate run did, locale by locale, and what it held back."""
    output.table(
        "Translated",
        ["locale", "memory", "machine", "withheld", "segments", "decoded", "score", "fallback",
         "coverage", "files"],
        [_outcome_row(one) for one in outcomes],
    )  # fmt: skip
    for outcome in outcomes:
        for unit in outcome.withheld:
            output.say(f"withheld in {outcome.locale}: {unit.unit}: {_why(unit.findings)}")
        _doubt(output, outcome)


MOST_REASONS = 5
"""So many reasons are told for a unit; one of thousands of sentences may have thousands."""
LONGEST_REASON = 160


def _why(findings: Sequence[Diagnostic]) -> str:
    told = [_short(finding.message) for finding in findings[:MOST_REASONS]]
    more = len(findings) - len(told)
    return "; ".join([*told, f"and {more:,} more"] if more else told)


def _short(message: str) -> str:
    return message if len(message) <= LONGEST_REASON else f"{message[:LONGEST_REASON]} …"


def _outcome_row(one: LocaleOutcome) -> list[object]:
    told = one.figures
    return [
        one.locale, one.memory, one.machine, len(one.withheld), told.segments, one.decoded,
        _figure(told.score), _percent(told.fallback), _percent(told.coverage), len(one.written),
    ]  # fmt: skip


FALLBACK_LIMIT = 0.05
COVERAGE_LIMIT = 0.7
SCORE_LIMIT = -0.8
"""Beyond these a text counts as unlike the packages' own: a rule of thumb, not calibrated."""


def _doubt(output: Output, outcome: LocaleOutcome) -> None:
    """Say in words when the text is unlike what the packages were made for."""
    told = outcome.figures
    strange = (told.fallback or 0.0) > FALLBACK_LIMIT
    thin = told.coverage is not None and told.coverage < COVERAGE_LIMIT
    unsure = told.score is not None and told.score < SCORE_LIMIT
    if strange or thin or unsure:
        output.say(
            f"{outcome.locale}: this text is unlike what {outcome.route} was trained on"
            f" (score {_figure(told.score)}, fallback pieces {_percent(told.fallback)},"
            f" coverage {_percent(told.coverage)}):"
            " expect poor drafts, review every one"
        )


RARE = ("pseudo", "mixed", "recalled", "withheld", "conflicts")
"""Columns that are shown only where one of their figures is not zero."""


def show_status(output: Output, standing: Sequence[LocaleStatus]) -> None:
    """The table locale × units × origin × review."""
    figures = [_status(one) for one in standing]
    names = [
        name
        for name in (figures[0] if figures else {})
        if name not in RARE or any(row[name] for row in figures)
    ]
    rows = [
        [one.locale, *(row[name] for name in names)]
        for one, row in zip(standing, figures, strict=True)
    ]
    output.table("Units", ["locale", *names], rows)


def _status(one: LocaleStatus) -> dict[str, int]:
    origin, review, fresh = one.origin.get, one.review.get, one.freshness.get
    return {
        "units": one.units,
        "human": origin("human", 0),
        "machine": origin("machine", 0),
        "pseudo": one.pseudo,
        "memory": origin("memory", 0),
        "mixed": origin("mixed", 0),
        "approved": review("approved", 0),
        "needs work": review("needs-work", 0),
        "stale": fresh("stale", 0),
        "recalled": one.recalled,
        "missing": fresh("missing", 0),
        "withheld": one.withheld,
        "conflicts": one.conflicts,
    }


def show_release(output: Output, release: Publication) -> None:
    """What a release holds, locale by locale."""
    output.table(
        f"Release {release.serial}" + ("" if release.changed else " (live already)"),
        ["locale", "items", "left out", "human", "machine", "memory", "source text", "approved",
         "stale"],
        [_report_row(one) for one in release.locales],
    )  # fmt: skip
    if release.reused:
        output.say(f"{len(release.reused)} collections are as the last publish left them")
    if release.serial and not release.signed:
        output.say("it is not signed: make a key with `polypress keys new`, then publish again")


def _report_row(one: LocaleReport) -> list[object]:
    origin, review = one.counts.get("origin", {}), one.counts.get("review", {})
    origins = [origin.get(name, 0) for name in ("human", "machine", "memory", "source")]
    stale = one.counts.get("freshness", {}).get("stale", 0)
    return [one.locale, one.items, one.left_out, *origins, review.get("approved", 0), stale]


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0%}"
