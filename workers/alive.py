"""Signs of life: a file that a part touches while it gets on, for supervisors and health checks."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

VARIABLE = "POLYPRESS_ALIVE"
OLD = 60.0
"""Seconds after which a part counts as stalled."""


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


def age(role: str) -> float | None:
    """Seconds since the last sign of life, None if there is none."""
    try:
        return max(0.0, time.time() - path(role).stat().st_mtime)
    except OSError:
        return None
