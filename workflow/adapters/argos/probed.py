"""A package's record with what a probe found, or the error that keeps a package out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workflow.adapters.argos.record import Record
from workflow.errors import PackageError, Place
from workflow.model import PackageRef, Traits

Probe = Callable[[Path, PackageRef], Traits]
"""Finds out what the package in a folder keeps. Raises PackageError if it cannot translate."""

KEEPS_NOTHING = (
    "no form of protection token comes through it, so sentences with placeholders, links or markup"
    " are translated in parts or left empty"
)
"""What is to be known of a package without forms."""


def probed(record: Record, folder: Path, probe: Probe | None) -> Record:
    """The record as it is without a probe. Raises PackageError if the package cannot translate."""
    return record.probed(probe(folder, record.ref)) if probe else record


def probed_first(record: Record, folder: Path, probe: Probe | None, *, archive: str) -> Record:
    """The same before the package is put in place.

    The archive is at fault then, not the folder in which it was tried, which is gone by the time
    that somebody reads the message.
    """
    try:
        return probed(record, folder, probe)
    except PackageError as error:
        raise PackageError(
            error.what.replace(str(folder), "its folder"),
            fix="nothing was installed; get the package again from where it comes from",
            place=Place(path=archive),
        ) from error
