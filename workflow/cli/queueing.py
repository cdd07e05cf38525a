"""Planning a job for the hub: what `translate --queue` and `jobs resume` share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from workflow.adapters.files import locked
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.bootstrap import open_ledger
from workflow.cli.output import Output
from workflow.errors import UsageError
from workflow.jobs import Request
from workflow.steps.ingest import Ingested
from workflow.steps.outcome import Note, nobody
from workflow.steps.plan import LOCK, Planned, Planning
from workflow.steps.project import Project

PATIENCE = 600.0
"""Seconds to wait until another job is planned."""


def known_items(ingested: Ingested, items: Sequence[str]) -> tuple[str, ...]:
    """The items that somebody named. Raises UsageError for one that is not there."""
    known = {item.id for one in ingested.contents for item in one.items}
    known |= {item for one in ingested.unchanged for item in one.items}
    missing = [item for item in items if item not in known]
    if missing:
        fix = "an item's id is in its front matter, else its path without suffix"
        raise UsageError(f"there is no item {missing[0][:120]!r}", fix=fix)
    return tuple(dict.fromkeys(items))


@contextmanager
def planning(project: Project) -> Iterator[SqliteLedger]:
    """The ledger, while nobody else plans. Raises LockedError after ten minutes."""
    with locked(project.root / LOCK, seconds=PATIENCE):
        yield open_ledger(project.root)


def queued(
    output: Output, project: Project, ingested: Ingested, request: Request, note: Note = nobody
) -> Planned:
    """Plan a new job, and say what comes next."""
    with planning(project) as ledger, output.progress() as progress:
        job = ledger.begin(request, project.clock.now())
        planned = Planning(project, ledger, job, progress, note).all(ingested, request)
    tell(output, planned)
    return planned


def tell(output: Output, planned: Planned) -> None:
    """Say what was planned, and how to watch it."""
    output.say(
        f"job {planned.job}: {planned.machine} units ({planned.segments} segments) for the"
        f" machine, {planned.memory} from the memory"
    )
    output.say(f"  polypress jobs {planned.job} --watch")
