"""Listing: the files of a collection by name and signature, none of them read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflow.signature import ripe, signature
from workflow.steps.project import Collection


@dataclass(frozen=True, slots=True)
class Listing:
    """A digest of all names and signatures; empty if something could not be looked at.

    `ripe` is when (in ns since 1970) the digest is sure to tell any further change.
    """

    digest: str = ""
    ripe: int = 0


def listed(root: Path, collection: Collection) -> Listing:
    """What lies in a collection's folder, or its one file."""
    base = root / collection.spec.path
    refused: list[OSError] = []
    try:
        if base.is_dir():
            found = walked(base, collection.format.suffixes, refused)
            rows = [_row(base, entry) for entry in found]
        else:
            rows = [_row(base, base)]
        where = os.path.relpath(os.path.realpath(base), os.path.realpath(root))
    except OSError:
        return Listing()
    if refused:
        return Listing()
    lines = "\n".join([where, *sorted(line for line, _ in rows)])
    digest = hashlib.sha256(lines.encode(errors="surrogatepass")).hexdigest()
    return Listing(digest, max((time for _, time in rows), default=0))


def walked(
    base: Path, suffixes: Sequence[str], refused: list[OSError]
) -> Iterator[os.DirEntry[str]]:
    """The files of a folder and those below but for hidden ones; links to folders are not followed.

    Folders that cannot be read go to `refused`, with their names.
    """
    folders = [str(base)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                seen = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            refused.append(error)
            continue
        for entry in seen:
            if _is_folder(entry):
                folders += [entry.path] * (not entry.is_symlink())
            elif entry.name.lower().endswith(tuple(suffixes)):
                yield entry


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _row(base: Path, entry: os.DirEntry[str] | Path) -> tuple[str, int]:
    """A line with name and signature, and when the signature is ripe; a link also says whereto."""
    found = entry.stat()
    name = os.fspath(entry)[len(str(base)) :]
    target = os.path.realpath(entry) if entry.is_symlink() else ""
    return f"{name}\0{signature(found)}\0{target}", ripe(found)
