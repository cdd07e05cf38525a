"""The program itself, by what tells one state of it from another: its files and what it builds on.

A number that somebody has to raise with every change of a rule would be forgotten one day, and
then a better rule would not reach the texts that it is for.
"""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import workflow
from workflow.signature import signature

BUILT_ON = ("babel", "langcodes", "markdown-it-py", "polib", "pyyaml", "rapidfuzz", "sentencex")
"""The distributions that decide how content is cut, and catalogs are read and written."""


@cache
def program() -> str:
    """All modules of the core with their signatures, and the versions of what they build on."""
    folder = Path(workflow.__file__).parent
    return "\n".join([platform.python_version(), *map(_version, BUILT_ON), *_modules(folder)])


def _modules(folder: Path) -> list[str]:
    found = sorted(folder.rglob("*.py"))
    return [f"{path.relative_to(folder).as_posix()} {signature(path.stat())}" for path in found]


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} unknown"
