"""The sections of a site: folders that are built beside, and never changed once they have a name.

`.built` in a section says how its files looked when it was built, so that a damaged section is
found by a look at a few names. What only a look into every file could find is mended by building
anew (`polypress pull --rebuild`).
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from workflow.adapters.bundles.siteobjects import SiteObjects, linked
from workflow.adapters.bundles.siteplaces import (
    Places,
    cleared_on_error,
    flush,
    named,
    outside,
    remove,
)
from workflow.adapters.files import exchange, read_plain
from workflow.ports.pulling import SectionFile

_BUILT = ".built"
_MOST = 100_000
_NAME = re.compile(r"[0-9a-f]{64}")


class SiteSections:
    """Implements `ports.pulling.SiteSections`."""

    def __init__(self, places: Places, objects: SiteObjects) -> None:
        self._places = places
        self._folder = str(places.sections)
        self._objects = objects

    def has(self, name: str) -> bool:
        """Whether it looks as it did when it was built; see the module."""
        path = self._path(name)
        try:
            return read_plain(path / _BUILT, _MOST) == _look(path)
        except OSError:
            return False

    def build(self, name: str, files: Iterable[SectionFile]) -> None:
        """Built beside, then renamed; a damaged one with this name changes places with it."""
        path = self._path(name)
        with outside(path, "write"):
            beside = self._places.beside(f"section-{name}")
            with cleared_on_error(beside):
                (beside / "items").mkdir(parents=True)
                for file in files:
                    self._write(beside, file)
                (beside / _BUILT).write_bytes(_look(beside))
                _put(beside, path)

    def items(self, name: str) -> tuple[str, ...]:
        """The names of all files of items in a section."""
        path = self._path(name) / "items"
        with outside(path, "read"):
            return tuple(os.listdir(path))  # noqa: PTH208 - names are wanted

    def names(self) -> tuple[str, ...]:
        """All sections there are."""
        with outside(self._places.sections, "read"):
            names = os.listdir(self._places.sections)  # noqa: PTH208 - names are wanted
        return tuple(filter(_NAME.fullmatch, names))

    def remove(self, name: str) -> None:
        """First out of the way in one step, so that no half of it is taken for a section."""
        path = self._path(name)
        with outside(path, "remove"):
            if os.path.lexists(path):
                beside = self._places.beside(f"removed-{name}")
                path.replace(beside)
                remove(beside)

    def _write(self, folder: Path, file: SectionFile) -> None:
        """Paths as text: a section may have thousands of files. Raises OSError."""
        path = "/".join([str(folder), *map(named, file.path.split("/"))])
        if file.earlier:
            self._same(f"{self._folder}/{named(file.earlier)}/{file.path}", path)
        elif not (file.object and self._objects.link(file.object, path)):
            _write(path, file.body)

    def _same(self, earlier: str, path: str) -> None:
        if not linked(earlier, path):
            _write(path, Path(earlier).read_bytes())

    def _path(self, name: str) -> Path:
        return self._places.sections / named(name)


def _write(path: str, body: bytes) -> None:
    with open(path, "xb") as into:  # noqa: PTH123 - a text, see SiteSections
        into.write(body)


def _put(beside: Path, path: Path) -> None:
    """Give a folder its name; before it takes another's, it is on the disk. Raises OSError."""
    if not os.path.lexists(path):
        beside.rename(path)
        return
    flush(path.parent)
    try:
        exchange(beside, path)
    except OSError as error:
        if error.errno not in {errno.ENOSYS, errno.EINVAL}:
            raise
        damaged = beside.with_name(f"damaged-{path.name}")
        path.rename(damaged)
        beside.rename(path)
        beside = damaged
    remove(beside)


def _look(folder: Path) -> bytes:
    """Sizes and times of a section's own files, and when a name in `items` last came or went.

    Not inodes: a copy of the whole folder is as good as it was. Raises OSError.
    """
    found: dict[str, list[int]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name != _BUILT:
                told = entry.stat(follow_symlinks=False)
                size = 0 if stat.S_ISDIR(told.st_mode) else told.st_size
                found[entry.name] = [stat.S_IFMT(told.st_mode), size, told.st_mtime_ns]
    return json.dumps(found, sort_keys=True).encode()
