"""The lock of everything that writes the public folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.adapters.files import locked
from workflow.bootstrap import open_project
from workflow.settings import load
from workflow.steps.project import Project

LOCK = "var/locks/publish.lock"
"""One at a time, so that serial numbers only go up."""
PATIENCE = 10.0
"""Seconds to wait for it."""


@contextmanager
def publishing(root: Path) -> Iterator[Project]:
    """The project, as long as nobody else can write its releases.

    It is opened under the lock: what was withdrawn while this process waited must not come back.
    Raises SettingsError, LockedError.
    """
    settings = load(root)
    with locked(root / LOCK, seconds=PATIENCE):
        yield open_project(root, settings)
