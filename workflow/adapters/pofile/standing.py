"""What the catalogs hold when a run is done with them, so that the next one need not read them.

Between a run's own write and a look at the file somebody may have saved, even with the same size
and within one tick of the clock. So the run keeps a digest of the bytes that it left under the
lock, every later read of the run has to find the same, and the signature that goes with them is
taken from a file that was then read once more.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from workflow.adapters.pofile import places
from workflow.signature import TICK, ripe, signature

ABSENT = "absent"
_MOVED = b"moved"


class CatalogStanding:
    """Implements `ports.traces.CatalogSignatures`; `FileCatalogStore` tells it what it does."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._held: dict[Path, bytes] | None = None

    def begin(self) -> None:
        """Forget what was held; from here on remember."""
        self._held = {}

    def saw(self, path: Path, raw: bytes | None) -> None:
        """A file was read; if it is not what we left there, somebody saved in between."""
        if self._held and path in self._held and self._held[path] != _digest(raw):
            self._held[path] = _MOVED

    def left(self, path: Path, body: bytes | None) -> None:
        """Under the file's lock an update has ended with these bytes (None: no file)."""
        if self._held is not None and self._held.get(path) != _MOVED:
            self._held[path] = _digest(body)

    def signature(self, locale: str, domain: str) -> str | None:
        """The signature of a catalog or template as it lies there."""
        found = _stat(self._path(locale, domain))
        return signature(found) if isinstance(found, os.stat_result) else found

    def verified(self, locale: str, domain: str) -> str | None:
        """The signature of the file that this run left; see the port."""
        path = self._path(locale, domain)
        held = (self._held or {}).get(path)
        found = _ripened(path)
        if held is None or found is None or _digest(_bytes(path)) != held:
            return None
        return signature(found) if isinstance(found, os.stat_result) else found

    def _path(self, locale: str, domain: str) -> Path:
        if not locale:
            return places.template_path(self._project, domain)
        return places.catalog_path(self._project, locale, domain)


def _stat(path: Path) -> os.stat_result | str | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return ABSENT
    except OSError:
        return None


def _ripened(path: Path) -> os.stat_result | str | None:
    """A file's state that is sure to tell any change from here on; it waits one tick for that."""
    found = _stat(path)
    early = _early(found)
    if 0 < early <= TICK:
        time.sleep(early / 1e9)
        found = _stat(path)
    return None if _early(found) > 0 else found


def _early(found: os.stat_result | str | None) -> int:
    return ripe(found) - time.time_ns() if isinstance(found, os.stat_result) else 0


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _digest(body: bytes | None) -> bytes:
    return b"" if body is None else hashlib.sha256(body).digest()
