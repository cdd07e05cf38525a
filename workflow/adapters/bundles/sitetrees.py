"""The trees of a site: each release as folders and relative links, and the link to the current one.

A tree is never changed: where one with the same serial is not what is wanted (other locales, or it
was damaged), the new one gets the next free name, `12-0f3c9a1b5d7e.2`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from itertools import count, filterfalse, takewhile
from pathlib import Path

from workflow.adapters.bundles.siteobjects import SiteObjects
from workflow.adapters.bundles.siteplaces import (
    Places,
    cleared_on_error,
    lead,
    named,
    outside,
    remove,
)
from workflow.adapters.bundles.writing import LARGEST_OBJECT
from workflow.adapters.files import read_plain
from workflow.bundle import RELEASE
from workflow.model import digest_of
from workflow.ports.pulling import Tree

MANIFEST = "manifest.json"
_NAME = re.compile(r"(\d{1,18})-([0-9a-f]{12})(?:\.(\d{1,9}))?", re.ASCII)
_LINK = re.compile(r"\.\./\.\./\.\./sections/([0-9a-f]{64})")
_DIGITS = 12


class SiteTrees:
    """Implements `ports.pulling.SiteTrees`."""

    def __init__(self, places: Places, objects: SiteObjects) -> None:
        self._places = places
        self._objects = objects

    def current(self) -> str:
        """The name of the tree that `current` leads to."""
        try:
            found = os.readlink(self._places.current)  # noqa: PTH115 - the text as it stands
        except OSError:
            return ""
        folder, _, name = found.rpartition("/")
        return name if folder == "trees" and _NAME.fullmatch(name) else ""

    def names(self) -> tuple[str, ...]:
        """All trees, by serial and then by number, the newest first."""
        with outside(self._places.trees, "read"):
            names = os.listdir(self._places.trees)  # noqa: PTH208 - names are wanted
        return tuple(sorted(filter(_NAME.fullmatch, names), key=_age, reverse=True))

    def stands(self, tree: Tree) -> bool:
        """Whether each name of the tree is there and leads where it shall."""
        name = self.current()
        return name.startswith(_stem(tree)) and self._is(name, tree)

    def plant(self, tree: Tree) -> str:
        """Written beside, then renamed to the first free name; one that is there is taken."""
        for name in takewhile(self._is_there, _names(tree)):
            if self._is(name, tree):
                return name
        name = next(filterfalse(self._is_there, _names(tree)))
        self._write(name, tree)
        return name

    def _is_there(self, name: str) -> bool:
        return os.path.lexists(self._places.trees / name)

    def _is(self, name: str, tree: Tree) -> bool:
        """Whether the tree of this name is whole."""
        try:
            return _is(self._places.trees / name, tree)
        except OSError:
            return False

    def switch(self, name: str) -> None:
        """One rename of a link over the old one."""
        with outside(self._places.current, "switch"):
            beside = self._places.beside("current")
            lead(beside, f"trees/{named(name)}")
            beside.replace(self._places.current)

    def release(self, name: str) -> bytes | None:
        """The bytes of a tree's release."""
        try:
            return read_plain(self._places.trees / named(name) / RELEASE, LARGEST_OBJECT)
        except OSError:
            return None

    def sections(self, name: str) -> frozenset[str]:
        """Where the links of a tree lead."""
        found = _links(self._places.trees / named(name))
        return frozenset(match[1] for link in found if (match := _LINK.fullmatch(link)))

    def remove(self, name: str) -> None:
        """First out of the way in one step."""
        path = self._places.trees / named(name)
        with outside(path, "remove"):
            beside = self._places.beside(f"removed-{name}")
            path.replace(beside)
            remove(beside)

    def _write(self, name: str, tree: Tree) -> None:
        path = self._places.trees / name
        with outside(path, "write"):
            beside = self._places.beside(f"tree-{name}")
            with cleared_on_error(beside):
                self._fill(beside, tree)
                beside.rename(path)

    def _fill(self, folder: Path, tree: Tree) -> None:
        folder.mkdir()
        self._copy(tree.release, folder / RELEASE)
        for locale, manifest in tree.manifests.items():
            below = folder / named(locale)
            below.mkdir()
            self._copy(manifest, below / MANIFEST)
            for collection, section in tree.sections[locale].items():
                lead(below / named(collection), _target(section))

    def _copy(self, digest: str, path: Path) -> None:
        body = self._objects.read(digest)
        if body is None:
            raise OSError(f"the object {digest} has just been damaged")
        if not self._objects.link(digest, str(path)):
            path.write_bytes(body)


def _stem(tree: Tree) -> str:
    return f"{tree.serial:d}-{tree.release[:_DIGITS]}"


def _names(tree: Tree) -> Iterator[str]:
    yield _stem(tree)
    yield from (f"{_stem(tree)}.{number}" for number in count(2))


def _age(name: str) -> tuple[int, int]:
    match = _NAME.fullmatch(name)
    return (int(match[1]), int(match[3] or 1)) if match else (0, 0)


def _target(section: str) -> str:
    return f"../../../sections/{named(section)}"


def _is(folder: Path, tree: Tree) -> bool:
    """Raises OSError for what is not there."""
    with os.scandir(folder) as found:
        locales = {entry.name for entry in found if entry.is_dir(follow_symlinks=False)}
    return (
        locales == set(tree.manifests)
        and _digest(folder / RELEASE) == tree.release
        and all(_is_locale(folder / locale, tree, locale) for locale in locales)
    )


def _is_locale(folder: Path, tree: Tree, locale: str) -> bool:
    return _digest(folder / MANIFEST) == tree.manifests[locale] and all(
        os.readlink(folder / name) == _target(section)  # noqa: PTH115 - the text as it stands
        for name, section in tree.sections[locale].items()
    )


def _digest(path: Path) -> str:
    return digest_of(read_plain(path, LARGEST_OBJECT))


def _links(tree: Path) -> Iterator[str]:
    """The texts of all links in the folders of a tree."""
    with outside(tree, "read"):
        for locale in tree.iterdir():
            if stat.S_ISDIR(locale.lstat().st_mode):
                yield from (str(path.readlink()) for path in locale.iterdir() if path.is_symlink())
