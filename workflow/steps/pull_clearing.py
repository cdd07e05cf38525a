"""What a site no longer needs: old trees, and what nothing but them is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from workflow.bundle import Manifest, Release, Shard
from workflow.errors import BundleError
from workflow.model import digest_of
from workflow.ports.pulling import Site

Where = tuple[str, str]
"""Locale and collection."""


@dataclass(slots=True)
class _Held:
    """What trees are made of: objects by digest, and the shards of each collection."""

    objects: set[str] = field(default_factory=set)
    shards: dict[Where, set[str]] = field(default_factory=lambda: defaultdict(set))


def clear_unfinished(site: Site) -> None:
    """Remove sections that no tree leads to: a power cut may have taken what was not flushed."""
    for name in set(site.sections.names()) - _sections(site, site.trees.names()):
        site.sections.remove(name)


def clear(site: Site, *, keep: int, thorough: bool) -> int:
    """Remove all trees but the current one and the last before it, `keep` in all; how many.

    What is looked at follows the difference between what goes and what stays. If `thorough`, all
    objects and sections are looked at: an earlier pull may have left some that no tree leads to.
    """
    current = site.trees.current()
    others = [name for name in site.trees.names() if name != current]
    kept, gone = [current, *others[: keep - 1]], others[keep - 1 :]
    if not (gone or thorough):
        return 0
    after = _held(site, kept)
    sections = _sections(site, gone) if not thorough else set(site.sections.names())
    objects = _unnamed(site, after) if thorough else _let_go(site, gone, after)
    for name in gone:
        site.trees.remove(name)
    for name in sections - _sections(site, kept):
        site.sections.remove(name)
    for digest in objects:
        site.objects.remove(digest)
    return len(gone)


def _sections(site: Site, trees: Iterable[str]) -> set[str]:
    return {name for tree in trees if tree for name in site.trees.sections(tree)}


def _held(site: Site, trees: Iterable[str]) -> _Held:
    """What these trees are made of, but for items: releases, manifests, shards, derived files."""
    held = _Held()
    for body in filter(None, (site.trees.release(tree) for tree in trees if tree)):
        held.objects.add(digest_of(body))
        with suppress(BundleError):  # of an older form: its sections are known by its links
            _add(site, held, Release.parse(body))
    return held


def _add(site: Site, held: _Held, release: Release) -> None:
    held.objects.update(release.manifests.values())
    for locale, digest in release.manifests.items():
        body = site.objects.read(digest)
        sections = Manifest.parse(body).collections if body else {}
        for name, section in sections.items():
            held.shards[locale, name].update(section.shards)
            held.objects.update(section.derived.values())


def _unnamed(site: Site, after: _Held) -> set[str]:
    """All objects that nothing names which stays."""
    shards = {digest for found in after.shards.values() for digest in found}
    return set(site.objects.digests()) - after.objects - shards - _items(site, shards)


def _let_go(site: Site, gone: Iterable[str], after: _Held) -> set[str]:
    """The objects that may go with these trees.

    One tree at a time: a tree has an item in one shard only, so what a shard had that goes is in
    one that stays only if the tree does not have that one, too.
    """
    return {digest for tree in gone for digest in _of_tree(site, _held(site, [tree]), after)}


def _of_tree(site: Site, before: _Held, after: _Held) -> Iterator[str]:
    yield from before.objects - after.objects
    for where, old in before.shards.items():
        new = after.shards[where]
        yield from old - new
        yield from _items(site, old - new) - _items(site, new - old)


def _items(site: Site, shards: Iterable[str]) -> set[str]:
    """The objects of all items in these shards, as far as the shards are here."""
    found: set[str] = set()
    for body in filter(None, map(site.objects.read, shards)):
        with suppress(BundleError):
            found.update(entry.object for entry in Shard.parse(body).items)
    return found
