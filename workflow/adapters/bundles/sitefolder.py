"""The folder of a site: what it has of a published folder, and what it remembers.

`current` leads to one of `trees/`, whose links lead to `sections/`, which are made of `objects/`;
`pull.json` is what is remembered from pull to pull. See docs/adr/0029-the-folder-of-a-site.md.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.adapters.bundles.siteobjects import SiteObjects
from workflow.adapters.bundles.siteplaces import Places, flush, in_the_way, outside, remove
from workflow.adapters.bundles.sitesections import SiteSections
from workflow.adapters.bundles.sitetrees import SiteTrees
from workflow.adapters.files import locked, read_plain, sync_folder
from workflow.bundle import SCHEMA, decoded, encoded
from workflow.bundle.forms import parsed
from workflow.errors import OutsideError, Place
from workflow.ports.pulling import LastPull

_MOST = 1_000_000


class SiteFolder:
    """Implements `ports.pulling.Site`; `patience` is how long a lock is waited for (s)."""

    def __init__(self, folder: Path, *, patience: float = 0.3) -> None:
        self._places = Places(folder)
        self._patience = patience
        self.objects = SiteObjects(self._places)
        self.sections = SiteSections(self._places, self.objects)
        self.trees = SiteTrees(self._places, self.objects)

    @contextmanager
    def opened(self) -> Iterator[bool]:
        """Under the lock. On an error `building` stays, and tells the next pull to look round."""
        places = self._places
        with outside(places.root, "make"):
            places.root.mkdir(parents=True, exist_ok=True)
        if places.lock.is_symlink():
            raise in_the_way(places.lock)
        with locked(places.lock, seconds=self._patience):
            yield places.prepare()
            with outside(places.building, "clear"):
                remove(places.building)

    def last(self) -> LastPull | None:
        """What `pull.json` says."""
        path = self._places.memory
        try:
            body = read_plain(path, _MOST)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.EINVAL}:
                raise in_the_way(path) from None
            what, fix = f"cannot read: {error.strerror}", "mend the path or the permissions"
            raise OutsideError(what, fix=fix, place=Place(path=str(path))) from None
        fix = "bring it back from a copy, or move the whole folder away and pull anew with --key"
        decoded(body, what=path.name, fix=fix)
        return parsed(LastPull, body, what=path.name, fix=fix)

    def remember(self, last: LastPull) -> None:
        """Write `pull.json` where all is built, so that a kill leaves nothing that stays."""
        told = {name: getattr(last, name) for name in LastPull.__slots__}
        path = self._places.memory
        with outside(path, "write"):
            beside = self._places.beside(path.name)
            with beside.open("xb") as file:
                file.write(encoded({"schema": SCHEMA, **told}))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            sync_folder(path.parent)

    def flush(self) -> None:
        """All that was written."""
        with outside(self._places.root, "write"):
            flush(self._places.root)
