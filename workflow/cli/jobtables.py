"""What the commands about jobs show to people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from workflow.cli.output import table_of
from workflow.cli.tables import NOTHING
from workflow.jobs import JobFigures, Worker
from workflow.steps.watching import AT_REST, HubWord, Watched

MEGABYTE = 1_000_000
MOST = 50
"""Failures and segments that are shown; `--json` has all."""
MINUTE, HOUR = 60, 3600


def jobs_view(watched: Sequence[Watched], hub: HubWord) -> RenderableType:
    """All jobs, the newest first."""
    columns = ["job", "state", "locales", "units", "batches", "segments/s", "time left", "failed"]
    parts: list[RenderableType] = [table_of("Jobs", columns, [_row(one) for one in watched])]
    if any(one.job.state not in AT_REST for one in watched):
        parts += [Text(line) for line in _about_hub(hub)]
    return Group(*parts)


def _row(one: Watched) -> list[object]:
    job = one.job
    return [
        job.id, str(job.state), ", ".join(job.request.locales), _of(job.units_done, job.units),
        _of(job.batches_done, job.batches), _pace(one), _left(one), job.failed or NOTHING,
    ]  # fmt: skip


def job_view(watched: Watched, hub: HubWord) -> RenderableType:
    """One job whole."""
    parts: list[RenderableType] = [
        table_of(f"Job {watched.job.id}", ["", ""], list(_facts(watched)), figures=False)
    ]
    if watched.job.state not in AT_REST and hub.workers:
        parts.append(_workers(hub.workers))
    parts += [Text(line, overflow="fold") for line in _remarks(watched)]
    return Group(*parts)


def _facts(watched: Watched) -> Iterator[tuple[str, object]]:
    job = watched.job
    yield "state", str(job.state)
    yield "asked", job.created
    yield "locales", ", ".join(job.request.locales)
    if job.request.items:
        yield "items", ", ".join(job.request.items)
    yield "units", _of(job.units_done, job.units)
    yield "drafts", job.machine
    yield "withheld", job.withheld
    yield "batches", _of(job.batches_done, job.batches)
    yield "segments", _of(job.segments_done, job.segments)
    yield "segments/s", _pace(watched)
    yield "time left", _left(watched)
    yield "sent again", job.again
    yield "failed", job.failed


def _workers(workers: Sequence[Worker]) -> RenderableType:
    columns = ["worker", "packages", "threads", "MB", "of it models", "batches now", "done"]
    return table_of("Workers", columns, [_worker_row(one) for one in workers])


def _worker_row(one: Worker) -> list[object]:
    return [
        f"{one.name} ({one.id})", "\n".join(one.packages) or NOTHING, one.concurrency,
        f"{one.resident / MEGABYTE:.0f}", f"{one.models / MEGABYTE:.0f}",
        ", ".join(map(str, one.working)) or NOTHING, one.batches,
    ]  # fmt: skip


def _remarks(watched: Watched) -> Iterator[str]:
    job = watched.job
    yield from (f"waits: {line}" for line in watched.waits)
    yield from (f"note: {note}" for note in job.notes)
    failures = [f"failed: {one.locale} {one.unit}: {one.reason}" for one in job.failures]
    aside = [f"set aside: batch {one.batch}, {one.package}: {one.text!r}" for one in job.aside]
    for lines in (failures, aside):
        yield from lines[:MOST]
        if len(lines) > MOST:
            yield f"… and {len(lines) - MOST} more: `polypress jobs {job.id} --json` has all"
    yield from watched.next


def _about_hub(hub: HubWord) -> Iterator[str]:
    if not hub.running:
        yield "no hub is running: start one with `polypress up` or `polypress hub`"
    elif hub.trouble:
        yield f"the hub says: {hub.trouble}"
    else:
        yield f"workers: {', '.join(one.name for one in hub.workers) or 'none'}"


def line_of(watched: Watched) -> str:
    """A job in one line, for a watch without a terminal."""
    job = watched.job
    parts = [
        f"job {job.id}: {job.state}",
        f"{_of(job.units_done, job.units)} units",
        f"{_of(job.batches_done, job.batches)} batches",
    ]
    if watched.left is not None:
        parts.append(f"{_pace(watched)} segments/s, {_left(watched)} left")
    return ", ".join([*parts, *watched.waits, *_urgently(watched)])


def _urgently(watched: Watched) -> tuple[str, ...]:
    """What to do, as long as a job does not get on; at its end it is said anyway."""
    return () if watched.job.state in AT_REST else watched.next


def done_of(job: JobFigures) -> str:
    """How much of a job is in the catalogs."""
    return f"{_of(job.units_done, job.units)} units"


def _of(done: int, total: int) -> str:
    return f"{done}/{total}"


def _pace(watched: Watched) -> str:
    return f"{watched.pace:.1f}" if watched.pace else NOTHING


def _left(watched: Watched) -> str:
    return NOTHING if watched.left is None else duration(watched.left)


def duration(seconds: float) -> str:
    """Seconds as people read them: `42 s`, `7 min`, `3 h 20 min`."""
    whole = round(seconds)
    if whole < 2 * MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
