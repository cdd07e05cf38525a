"""A disk that is full and a folder that cannot be written, in this very process."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def full_disk(limit: int = 4096) -> Iterator[None]:
    """No file may grow beyond `limit` bytes; Python gets an error instead of a signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(*folders: Path) -> Iterator[None]:
    """These folders can be read but not written; root becomes nobody meanwhile."""
    for folder in folders:
        folder.chmod(0o555)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(NOBODY)
        yield
    finally:
        if root:
            os.seteuid(0)
        for folder in folders:
            folder.chmod(0o755)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A new folder that nobody may read too (pytest's own is for one user)."""
    folder = Path(tempfile.mkdtemp(prefix="polypress-faults-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
