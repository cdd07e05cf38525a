"""A file's signature: what tells it from itself after a change, without reading it.

Size, times and inode, as `stat` gives them. Whoever changes a file may set its time of modification
back, but the kernel sets the time of change of the inode at every write, rename and `touch`, and
nobody else can. Two changes within one tick of the kernel's clock have the same time, so a
signature can be relied on only when it has become `ripe`.

One save goes unseen: Linux sets the times of a file that is written through a mapping (`mmap`) when
a page of it first becomes dirty, and not again until that page has gone to disk. No program by
which people write content or catalogs is known to save in that way.
"""

from __future__ import annotations

import os

TICK = 15_000_000
"""Nanoseconds after which a further change has another time: kernels count in 1 to 10 ms."""
COARSE = 2_000_000_000
"""The same for file systems that keep whole seconds, two of them at worst."""
NEVER = 1 << 63
"""The moment at which a signature is ripe that cannot be relied on."""
_SECOND = 1_000_000_000
_FAT = 10_000_000
"""Nanoseconds: FAT and exFAT count in these, or in whole seconds."""


def signature(found: os.stat_result) -> str:
    """The signature of a file; take it before the file is read, never after."""
    return f"{found.st_size}.{found.st_mtime_ns}.{found.st_ctime_ns}.{found.st_ino}"


def keeps_change(found: os.stat_result) -> bool:
    """Whether the file system keeps a time of change that nobody can set.

    FAT and its like do not: there it is the time of modification once more, which anyone may set.
    """
    return found.st_ctime_ns != found.st_mtime_ns or bool(found.st_ctime_ns % _FAT)


def ripe(found: os.stat_result) -> int:
    """When (in ns since 1970) a further change of the file is sure to change its signature."""
    if not keeps_change(found):
        return NEVER
    changed = found.st_ctime_ns
    return changed + (TICK if changed % _SECOND else COARSE)
