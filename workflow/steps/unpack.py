"""Unpack: the live bundle of a locale as plain files, each compared with its digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from workflow.bundle import earlier as bundle
from workflow.errors import BundleError
from workflow.ports import BundleStore


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle: its path relative to the bundle, and its bytes."""

    path: str
    body: bytes


def unpack(store: BundleStore, locale: str) -> Iterator[BundleFile]:
    """The derived files, the manifest and every item in its own format.

    Raises BundleError if nothing is published for the locale, or anything is missing or damaged.
    """
    live = bundle.live(store.release())
    if locale not in live.manifests:
        ready = ", ".join(sorted(live.manifests)) or "none"
        raise BundleError(f"nothing is published for {locale}", fix=f"published: {ready}")
    try:
        yield from _files(store, store.get(live.manifests[locale]))
    except (KeyError, TypeError, AttributeError, UnicodeError) as error:
        what = f"the bundle of {locale} is not in its form: {error!r}"
        raise BundleError(what, fix="publish again") from error


def _files(store: BundleStore, raw: bytes) -> Iterator[BundleFile]:
    manifest = bundle.decoded(raw, what="manifest")
    yield BundleFile("manifest.json", raw)
    for name, digest in sorted(manifest["derived"].items()):
        yield BundleFile(_safe(name), store.get(digest))
    for shard in manifest["shards"]:
        yield from _items(store, bundle.decoded(store.get(shard), what="shard"))


def _items(store: BundleStore, shard: dict[str, Any]) -> Iterator[BundleFile]:
    for entry in shard["items"]:
        item = bundle.decoded(store.get(entry["object"]), what="item")
        suffix = PurePosixPath(entry["path"]).suffix
        name = f"items/{entry['collection']}/{entry['item']}{suffix}"
        yield BundleFile(_safe(name), item["content"].encode())


def _safe(name: str) -> str:
    """A path that stays inside; a bundle from elsewhere is not trusted with that."""
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or "\\" in name
    if outside or not path.parts or not name.isprintable():
        fix = "do not use this bundle; publish it again from its project"
        raise BundleError(f"the bundle names a path that is not inside it: {name[:80]!r}", fix=fix)
    return str(path)
