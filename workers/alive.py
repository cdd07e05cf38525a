"""Signs of life: a file that a part touches while it gets on, for supervisors and health checks."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

VARIABLE = "POLYPRESS_ALIVE"
FOLDER = "var/alive"
"""Where parts that are started by hand in a project leave theirs."""
OF_UP = "up"
"""The folder in it for those of `polypress up`: no other part may hide that one of them stalls."""
OLD = 60.0
"""Seconds after which a part counts as stalled."""


class Role(Enum):
    """The parts that leave signs of life."""

    HUB = "hub"
    WORKER = "worker"


def path(role: str) -> Path:
    """The file of a role, in the folder that `POLYPRESS_ALIVE` names."""
    folder = os.environ.get(VARIABLE) or Path(tempfile.gettempdir()) / "polypress-alive"
    return Path(folder) / role


def touch(role: str) -> None:
    """Say that this part gets on; a disk that refuses is no reason to stop."""
    file = path(role)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def age(role: str, root: Path | None = None) -> float | None:
    """Seconds since the last sign of life, None if there is none.

    What `polypress up` runs counts as well, and if no folder is named, that of the project `root`.
    """
    folders = [path(role).parent]
    if root is not None and not os.environ.get(VARIABLE):
        folders.append(root / FOLDER)
    files = [file for each in folders for file in (each / role, each / OF_UP / role)]
    ages = [since for file in files if (since := _since(file)) is not None]
    return min(ages, default=None)


def alive_command(
    context: typer.Context,
    role: Annotated[Role, typer.Argument(help="Which part: hub or worker.")],
) -> None:
    """Tell whether the hub or the worker of this machine gets on: for health checks.

    Ends with 0 if it has given a sign of life within 60 seconds, else with 1.
    """
    seconds = age(role.value, context.obj)
    if seconds is None:
        typer.echo(f"{role.value}: no sign of life")
    else:
        typer.echo(f"{role.value}: last sign of life {seconds:.0f} s ago")
    if seconds is None or seconds > OLD:
        raise typer.Exit(1)


def _since(file: Path) -> float | None:
    try:
        return max(0.0, time.time() - file.stat().st_mtime)
    except OSError:
        return None
