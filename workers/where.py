"""Where a project's Redis is: the one that is named, else the private one of `polypress up`."""

from __future__ import annotations

import fcntl
from pathlib import Path

from workers import broker, private_redis

REDIS_LOCK = "var/locks/redis.lock"
"""Held by `polypress up` as long as it runs a private Redis; the system frees it at any end."""


def redis_url(root: Path) -> str | None:
    """The Redis of a project, None if it has none now. Raises SettingsError."""
    return broker.address() or running_url(root)


def running_url(root: Path) -> str | None:
    """The private Redis that `polypress up` runs for this project now, None if it does not."""
    if not _is_held(root / REDIS_LOCK):
        return None
    found = private_redis.recorded(root / private_redis.FOLDER)
    return found.url if found else None


def _is_held(file: Path) -> bool:
    """Whether another process holds this lock; a shared lock asks without being in the way."""
    try:
        with file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
