"""Whether a release is whole: every file of it there, each the one that its digest names.

This reads as a stranger does: from bytes, by digests. It asks Polypress only for the forms.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from workflow.adapters.bundles.keys import Ed25519
from workflow.bundle import Entry, ItemObject, Manifest, Release, Shard
from workflow.bundle.page import page
from workflow.errors import BundleError

Fetch = Callable[[str], bytes]
"""Gets a file of a public folder by its path. Raises GoneError if it is not there."""
SITE_FILES = ("messages.json", "messages.mo", "labels.json")


class WrongError(Exception):
    """What no reader may ever see; `kind` is one of KINDS."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind


class GoneError(Exception):
    """A file is not there; whether that is wrong, the reader has to say."""


TORN, UNVERIFIABLE, BACK, SERVER = KINDS = (
    "torn",
    "unverifiable",
    "serials that went back",
    "5xx or cut off",
)


def signed(body: bytes, key: str) -> Release:
    """The release in these bytes. Raises WrongError if it is not signed by this key."""
    try:
        release = Release.parse(body)
    except BundleError as error:
        raise WrongError(UNVERIFIABLE, f"{error}: {body[:80]!r}") from error
    found = release.signatures.get(key, "")
    if not Ed25519().verify(key, release.payload(), found):
        raise WrongError(UNVERIFIABLE, f"release {release.serial} has no good signature")
    return release


def whole(fetch: Fetch, release: Release) -> set[str]:
    """The digests of all that a release names. Raises WrongError, GoneError for what is not so."""
    seen: set[str] = set()

    def get(digest: str) -> bytes:
        body = fetch(f"objects/{digest}")
        if hashlib.sha256(body).hexdigest() != digest:
            raise WrongError(TORN, f"object {digest} of release {release.serial} is damaged")
        seen.add(digest)
        return body

    for digest in release.manifests.values():
        for entry in entries_of(Manifest.parse(get(digest)), get):
            ItemObject.parse(get(entry.object))
    return seen


def entries_of(manifest: Manifest, get: Callable[[str], bytes]) -> Iterator[Entry]:
    for section in manifest.collections.values():
        for digest in section.shards:
            yield from Shard.parse(get(digest)).items


def public_files(folder: Path) -> Fetch:
    """The files of a public folder, as they lie there."""

    def fetch(path: str) -> bytes:
        try:
            return (folder / path).read_bytes()
        except FileNotFoundError:
            raise GoneError(path) from None

    return fetch


def site_whole(site: Path, key: str, tree: Path | None = None) -> Release:
    """What the site in a folder shows, in the tree to which `current` leads now.

    Raises GoneError if something is not there.
    """
    tree = tree or Path(os.path.realpath(site / "current"))
    read = public_files(tree)
    release = signed(read("release.json"), key)
    for locale, digest in release.manifests.items():
        body = read(f"{locale}/manifest.json")
        _same(body, digest, f"{locale}/manifest.json of {tree.name}")
        _locale_whole(site, tree, Manifest.parse(body))
    return release


def _locale_whole(site: Path, tree: Path, manifest: Manifest) -> None:
    get = public_files(site / "objects")
    for name, section in manifest.collections.items():
        read = public_files(tree / manifest.locale / name)
        for file, digest in section.derived.items():
            _same(read(file), digest, f"{file} of {tree.name}/{manifest.locale}/{name}")
        if set(SITE_FILES) - set(section.derived):
            raise WrongError(TORN, f"{name} of {tree.name} names no {SITE_FILES}")
        for digest in section.shards:
            body = get(digest)
            _same(body, digest, f"a shard of {tree.name}")
            for entry in Shard.parse(body).items:
                _item_whole(read, entry)


def _item_whole(read: Fetch, entry: Entry) -> None:
    body = read(f"items/{entry.item}.json")
    _same(body, entry.object, f"items/{entry.item}.json")
    item = ItemObject.parse(body)
    shown = read(f"items/{entry.item}.html"), read(f"items/{entry.item}{Path(item.path).suffix}")
    if shown != (page(item), item.content.encode()):
        raise WrongError(TORN, f"the pages of {entry.item} are not those of its object")


def _same(body: bytes, digest: str, what: str) -> None:
    if hashlib.sha256(body).hexdigest() != digest:
        raise WrongError(TORN, f"{what} is not what its digest says")


def files_of(folder: Path) -> Iterator[Path]:
    """All files below a folder, links not followed; what goes meanwhile is passed over."""
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)
