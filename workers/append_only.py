"""Mending the append-only file of a Redis that does not start with it any more.

A server starts with a file that was cut in mid-write, but not with one that holds something else,
as after a power cut. The queue may begin empty: the ledger sends again what is not done.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

NAMES = ("appendonlydir/appendonly.aof.manifest", "appendonly.aof")
"""A manifest in a folder since Redis 7; one file before that."""


def mend(folder: Path, program: str) -> str:
    """Cut off what is damaged at the end of the file in `folder`, else set it aside.

    Says what was done, "" if nothing was. `program` is a redis-server; none may run meanwhile.
    """
    file = next((folder / name for name in NAMES if (folder / name).exists()), None)
    if file is None or _is_whole(file, program):
        return ""
    if _is_whole(file, program, "--fix") and _is_whole(file, program):
        return "cut off the damaged end of its append-only file"
    aside = _free_name(folder)
    (file.parent if file.suffix == ".manifest" else file).rename(aside)
    return f"its append-only file is damaged and is now {aside.name}: the queue begins empty"


def _is_whole(file: Path, program: str, *options: str) -> bool:
    """Run the server's program as `redis-check-aof`, which it is under that name."""
    command = ["redis-check-aof", *options, str(file)]
    done = subprocess.run(  # noqa: S603 (the server's own program, and our file)
        command, executable=program, input=b"y\n", capture_output=True, check=False
    )
    return done.returncode == 0


def _free_name(folder: Path) -> Path:
    number = 1
    while os.path.lexists(folder / f"damaged-{number}"):
        number += 1
    return folder / f"damaged-{number}"
