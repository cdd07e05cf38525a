"""Names that come from outside, checked before one becomes a path: members, folders, packages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from workflow.errors import PackageError, Place
from workflow.model import PackageRef

CODE = r"[a-z]{2,3}"
VERSION = r"[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*"
LONGEST_VERSION = 20
LONGEST_MEMBER = 200
RECORD = "polypress.json"
"""The file beside a package's own in which the store records what it installed."""

_PART = re.compile(r'[^\x00-\x1f\x7f-\U0010ffff\\/:*?"<>|%]+')
_FOLDER = re.compile(rf"({CODE})_({CODE})-({VERSION})")
_ASKED = re.compile(rf"({CODE})[_-]({CODE})(?:[@-]({VERSION}))?")


def folder_name(ref: PackageRef) -> str:
    """The package's folder in the store, e.g. `en_es-1.0`; its parts are checked already."""
    return f"{ref.source}_{ref.target}-{ref.version}"


def parse_folder(name: str) -> tuple[str, str, str] | None:
    """Source, target and version of a folder in the store, None if it is no package's."""
    found = _FOLDER.fullmatch(name)
    if found is None or len(found[3]) > LONGEST_VERSION:
        return None
    return found[1], found[2], found[3]


def parse_asked(text: str) -> tuple[str, str, str] | None:
    """What a person types for a package: `en-es` or `en_es@1.0`; the version may be empty."""
    found = _ASKED.fullmatch(text)
    if found is None or len(found[3] or "") > LONGEST_VERSION:
        return None
    return found[1], found[2], found[3] or ""


def version_numbers(version: str) -> tuple[int, ...]:
    """What orders versions: 1.10 comes after 1.9."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", version))


def quoted(name: str) -> str:
    """A name from outside as it may stand in a message: escaped, and cut."""
    return ascii(name if len(name) <= LONGEST_MEMBER else f"{name[:60]}…")


def checked_member(name: str) -> PurePosixPath:
    """A member's name as a relative path that stays below any folder it is joined to.

    Printable ASCII with `/` between the parts; no part is empty, starts with `..` or `~`, ends with
    a dot or a space, or holds a sign that some system or shell takes for more than a letter.
    Raises PackageError.
    """
    if len(name) > LONGEST_MEMBER:
        raise PackageError(f"a file name of {len(name):,} characters: {quoted(name)}")
    for part in name.split("/"):
        odd = part.startswith(("..", "~")) or part.endswith((".", " "))
        if odd or not _PART.fullmatch(part):
            raise PackageError(f"a file name that is not allowed: {quoted(name)}")
    return PurePosixPath(name)


def refuse_collisions(files: Iterable[PurePosixPath], folders: Iterable[PurePosixPath]) -> None:
    """Raise PackageError if two names are one file on some disk, or a file is a folder, too."""
    seen: set[PurePosixPath] = set()
    spelled: dict[str, PurePosixPath] = {}
    parents = set(folders)
    for path in files:
        if path in seen:
            raise PackageError(f"holds {quoted(str(path))} twice")
        seen.add(path)
        parents.update(path.parents)
    for path in seen | parents:
        other = spelled.setdefault(str(path).lower(), path)
        if other != path or (path in seen and path in parents):
            raise PackageError(f"holds {quoted(str(path))} in two ways")


def in_archive(error: PackageError, name: str) -> PackageError:
    """The same error with the archive as its place."""
    if error.place != Place():
        return error
    fix = error.fix or "get the package again from where it comes from"
    return PackageError(error.what, fix=fix, place=Place(path=name))
