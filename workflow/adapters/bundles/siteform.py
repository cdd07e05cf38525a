"""What the files of a section look like follows from some of the program's own modules.

A number that somebody has to raise with every change would be forgotten one day, and sites would
go on with pages of an older make until their texts change.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import workflow

_MODULES = ("bundle/*.py", "steps/derived.py", "adapters/bundles/sitesections.py")


def form() -> str:
    """SHA-256 of the modules that make the files of items; the version if they are not at hand."""
    folder = Path(workflow.__file__).parent
    paths = sorted(path for pattern in _MODULES for path in folder.glob(pattern))
    if not paths:
        return version("polypress")
    made = hashlib.sha256()
    for path in paths:
        made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()
