"""Unpack: the live bundle of a locale as plain files, each compared with its digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from workflow import bundle
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
    body = store.release()
    live = bundle.decoded(body, what="release.json") if body else {"manifests": {}}
    if locale not in live["manifests"]:
        ready = ", ".join(sorted(live["manifests"])) or "none"
        raise BundleError(f"nothing is published for {locale}", fix=f"published: {ready}")
    raw = store.get(live["manifests"][locale])
    yield BundleFile("manifest.json", raw)
    manifest = bundle.decoded(raw, what="manifest")
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
    if path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name:
        raise BundleError(f"the bundle names a path outside itself: {name[:80]!r}")
    return str(path)
