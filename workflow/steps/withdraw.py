"""Withdraw: an item must not be shown any more, in any locale, from this moment on.

The table is written before the release, so that a withdrawal that was cut off is completed by
whatever makes the next release.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from workflow.errors import UsageError
from workflow.ports.withdrawals import Withdrawals
from workflow.steps.deriving import LeftOut, derived, without
from workflow.steps.history import ROLLBACK, WITHDRAW, History, history, manifests_of
from workflow.steps.itemnames import named
from workflow.steps.project import Project
from workflow.steps.shipping import withdrawn_words
from workflow.steps.switching import Kind, switch
from workflow.withdrawn import Withdrawal, one_line


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The item (`<collection>:<item>`), whether the table changed, and what is live now.

    `left_out` is what the live release no longer shows; `serial` 0: nothing is live.
    """

    item: str
    listed: bool
    serial: int
    changed: bool
    left_out: tuple[LeftOut, ...] = ()


def withdraw(project: Project, table: Withdrawals, asked: str, *, why: str = "") -> Withdrawn:
    """Put an item on the table, and make the live release anew without all that stands there.

    `asked` is `<collection>:<item>`, or the item's id alone if it is the only one of that id. The
    content need not be sound for it. The caller holds the publish lock. Raises UsageError for an
    item that nobody knows, SettingsError for a damaged table, BundleError for a damaged release
    (the table is then written already), OutsideError.
    """
    held = dict(table.read())
    found = history(project.bundles)
    key = named(project, found, held, asked)
    listed = key not in held or bool(why)
    if listed:
        held[key] = _row(key, held.get(key), at=project.clock.now(), why=one_line(why))
        table.write(held)
    return _taken_out(replace(project, withdrawn=held), found, key, listed=listed)


def undo(table: Withdrawals, asked: str) -> str:
    """Take an item off the table; the next publish brings it back.

    Returns the item as `<collection>:<item>`. Raises UsageError if it is not on the table.
    """
    held = dict(table.read())
    there = [key for key in held if asked in {key, key.partition(":")[2]}]
    if len(there) != 1:
        shown = ", ".join(there or sorted(held)) or "none"
        what = "is not withdrawn" if not there else "is not the id of one item alone"
        raise UsageError(f"{asked[:120]!r} {what}", fix=f"withdrawn are: {shown}")
    del held[there[0]]
    table.write(held)
    return there[0]


def _row(key: str, before: Withdrawal | None, *, at: str, why: str) -> Withdrawal:
    collection, _, item = key.partition(":")
    return Withdrawal(collection, item, before.at if before else at, why)


def _taken_out(project: Project, found: History, key: str, *, listed: bool) -> Withdrawn:
    if not found.live.serial:
        return Withdrawn(key, listed, 0, changed=False)
    words = {one: withdrawn_words(row) for one, row in project.withdrawn.items()}
    manifests = manifests_of(project.bundles, found.live)
    collections = {one.partition(":")[0] for one in project.withdrawn}
    made = derived(project, manifests, without(words), collections=collections)
    kind: Kind = ROLLBACK if found.live.kind == ROLLBACK else WITHDRAW  # a publish alone ends one
    switched = switch(project, found.live, made.manifests, kind=kind)
    return Withdrawn(key, listed, switched.release.serial, switched.changed, made.left_out)
