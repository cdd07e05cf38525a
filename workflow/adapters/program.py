"""The program itself, by what tells one state of it from another: its files and what it builds on.

A number that somebody has to raise with every change of a rule would be forgotten one day, and
then a better rule would not reach the texts that it is for.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import workflow
from workflow.signature import keeps_change, signature

OURS = "polypress"
BUILT_ON = (
    "babel",
    "langcodes",
    "markdown-it-py",
    "nh3",
    "polib",
    "pyyaml",
    "rapidfuzz",
    "sentencex",
)
"""The distributions that decide how content is cut, catalogs are read and written, and pages are
made: a better cleaner of HTML has to reach the pages that are live."""


def program() -> str:
    """All modules of the core with their signatures, its version, and those of what it builds on.

    Looked at anew each time: an upgrade may come in the middle of a run.
    """
    folder = Path(workflow.__file__).parent
    versions = map(_version, (OURS, *BUILT_ON))
    return "\n".join([platform.python_version(), *versions, *_modules(folder)])


def _modules(folder: Path) -> list[str]:
    return [line for path in sorted(_sources(folder)) for line in _told(folder, path)]


def _sources(folder: Path) -> Iterator[Path]:
    """But for hidden ones: Emacs keeps its locks as links that lead nowhere, `.#model.py`."""
    for below, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py") and not name.startswith("."):
                yield Path(below, name)


def _told(folder: Path, path: Path) -> Iterator[str]:
    """A line for a module, none for one that is gone by now."""
    try:
        found = path.stat()
        told = signature(found) if keeps_change(found) else _sha256(path)
        yield f"{path.relative_to(folder).as_posix()} {told}"
    except FileNotFoundError:
        return


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} unknown"
