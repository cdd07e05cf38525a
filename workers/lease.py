"""The hub's lease in Redis: two hubs on one queue would take each other's answers."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from workers import broker
from workers.logs import logger
from workflow.errors import LockedError, OutsideError, Place

KEY = "polypress:hub"
LIFE = 15
"""Seconds that the lease holds when its hub is gone; the same project takes it over at once."""
log = logger("hub")


class Lease:
    """Held by one project on one machine, where `var/locks/hub.lock` sees to the rest."""

    def __init__(self, url: str, root: Path) -> None:
        self._url = url
        self._mine = json.dumps({"host": socket.gethostname(), "project": str(root.resolve())})
        self._client: Any = broker.client(url)

    def check(self) -> None:
        """Take it if Redis can be reached. Raises LockedError, or OutsideError for a password."""
        try:
            self.keep()
        except OutsideError as error:
            if error.what in broker.LASTING:
                raise
            log.warning("waiting for Redis", reason=error.what)

    def keep(self) -> None:
        """Take or lengthen it. Raises LockedError if another hub has it, or OutsideError."""
        holder = self._asked()
        if holder == self._mine or not _is_hub(holder):
            with broker.reached(self._url):
                self._client.set(KEY, self._mine, ex=LIFE)
            return
        raise LockedError(
            f"another hub serves this Redis already{_named(holder)}",
            fix="end one of them, or give this project a Redis (or a number) of its own",
            place=Place(path=broker.shown(self._url)),
        )

    def _asked(self) -> str | None:
        """Who has it, after a try to take it; None if that is no text."""
        try:
            with broker.reached(self._url):
                self._client.set(KEY, self._mine, nx=True, ex=LIFE)
                holder: str | None = self._client.get(KEY)
                return holder
        except broker.WrongKindError:
            return None

    def leave(self) -> None:
        """Give it back."""
        with suppress(OutsideError), broker.reached(self._url):
            if self._client.get(KEY) == self._mine:
                self._client.delete(KEY)
            self._client.close()


def _is_hub(holder: str | None) -> bool:
    """Whether a hub said this, be it of another version."""
    try:
        found = isinstance(json.loads(holder or ""), dict)
    except (ValueError, RecursionError):
        found = False
    if not found:
        log.warning("the lease makes no sense: it is taken over")
    return found


def _named(holder: object) -> str:
    try:
        return f" ({json.loads(str(holder))['host']!s:.100})"
    except (ValueError, KeyError, TypeError):
        return ""
