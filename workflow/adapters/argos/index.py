"""An Argos package index: a JSON list of what can be had where.

Format: `update_package_index` and `IPackage` in argostranslate's `package.py`. The key `sha256` is
an extension of ours: the SHA-256 of the archive.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import unquote, urljoin, urlsplit

from pydantic import ConfigDict, Field, ValidationError

from workflow.adapters.argos.fetching import Patience, fetch, is_web, shown
from workflow.adapters.argos.metadata import Metadata
from workflow.adapters.argos.naming import version_numbers
from workflow.adapters.argos.record import Sha256
from workflow.errors import OutsideError, PackageError, Place, UsageError

LARGEST_INDEX = 10_000_000
"""Bytes; the public one has about 60,000."""

Link = Annotated[str, Field(min_length=1, max_length=2_000)]


class Entry(Metadata):
    """One package of an index; other keys are ignored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    links: Annotated[tuple[Link, ...], Field(min_length=1, max_length=50, strict=False)]
    sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index that was read; `address` is where it lies, after redirects.

    `unread` counts entries that are no translation package, or none that this program can name.
    """

    address: str
    entries: tuple[Entry, ...]
    unread: int = 0

    def find(self, source: str, target: str, version: str = "") -> Entry:
        """The entry for a pair of Argos' codes, in its highest version unless one is asked for.

        Raises PackageError that lists what there is.
        """
        pair = [
            entry for entry in self.entries if (entry.from_code, entry.to_code) == (source, target)
        ]
        found = [entry for entry in pair if version in {"", entry.package_version}]
        if not found:
            raise self._not_there(f"{source}_{target}" + (f"@{version}" if version else ""), pair)
        return max(found, key=lambda entry: version_numbers(entry.package_version))

    def places(self, entry: Entry) -> list[str]:
        """Where the archive can be had, in the index's order: addresses, or paths of files.

        Relative links count from the index. A link of another scheme is left out, and so is a file
        that does not lie below the folder of an index that is a file itself.
        """
        resolve = self._joined if is_web(self.address) else self._beside
        return [place for link in entry.links for place in _if_sound(resolve, link)]

    def _joined(self, link: str) -> str:
        joined = urljoin(self.address, link)
        return joined if is_web(joined) else ""

    def _beside(self, link: str) -> str:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            return link if is_web(link) else ""
        path = PurePosixPath(unquote(parts.path))
        if path.is_absolute() or ".." in path.parts or "\0" in str(path):
            return ""
        return str(Path(self.address).parent / path)

    def _not_there(self, name: str, pair: Iterable[Entry]) -> PackageError:
        others = sorted(entry.name for entry in pair or self.entries)
        listed = ", ".join(others[:20]) + (", …" if len(others) > 20 else "")  # noqa: PLR2004
        unread = f"; {self.unread} entries are no packages for this program" if self.unread else ""
        return PackageError(
            f"the index has no package {name}; it has {listed or 'none'}{unread}",
            fix="ask for one of these, or install the package from a file",
            place=Place(path=shown(self.address)),
        )


def _if_sound(resolve: Callable[[str], str], link: str) -> list[str]:
    try:
        return [place for place in [resolve(link)] if place]
    except ValueError:
        return []


def require_index(address: str) -> None:
    """Raise UsageError if no index is set, or none that can be read: http(s), or a file."""
    if not address:
        raise UsageError(
            "no package index is set",
            fix="name a package file or a folder of them, or set [models] index in"
            " polypress.toml or POLYPRESS_INDEX to an index's address or path",
        )
    if not is_web(address) and "://" in address:
        raise UsageError(
            f"an index is read over http or https, or from a file, not from {shown(address)}",
            fix="set [models] index or POLYPRESS_INDEX to such an address or path",
        )


def read_index(address: str, *, patience: Patience) -> Index:
    """Read an index from an http(s) address or a file.

    Raises UsageError (see `require_index`), OutsideError if it cannot be had, PackageError if what
    is there is no index.
    """
    require_index(address)
    address, raw = _read(address, patience)
    entries = _listed(address, raw)
    known = tuple(entry for entry in map(_entry, entries) if entry is not None)
    return Index(address, known, len(entries) - len(known))


def _read(address: str, patience: Patience) -> tuple[str, bytes]:
    if is_web(address):
        body = io.BytesIO()
        address = fetch(address, body, limit=LARGEST_INDEX, patience=patience)
        return address, body.getvalue()
    return address, _file(Path(address))


def _file(path: Path) -> bytes:
    place = Place(path=str(path))
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            raw = file.read(LARGEST_INDEX + 1)
    except OSError as error:
        raise OutsideError(f"cannot read: {error.strerror}", place=place) from error
    if len(raw) > LARGEST_INDEX:
        raise PackageError(f"an index of more than {LARGEST_INDEX:,} bytes", place=place)
    return raw


def _listed(address: str, raw: bytes) -> list[object]:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _no_index(address, f"not JSON: {error}") from None
    if not isinstance(content, list):
        raise _no_index(address, "not a list of packages")
    return content


def _entry(listed: object) -> Entry | None:
    """An entry that can be installed; an index may list what is for other programs, too."""
    try:
        return Entry.model_validate(listed)
    except ValidationError:
        return None


def _no_index(address: str, what: str) -> PackageError:
    fix = "set [models] index or POLYPRESS_INDEX to an Argos package index"
    return PackageError(f"no package index: {what}", fix=fix, place=Place(path=shown(address)))
