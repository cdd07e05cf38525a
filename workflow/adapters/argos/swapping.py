"""Folders that change place in one step, and what an interrupted run may have left behind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from workflow.adapters.files import exchange, sync_folder

INCOMING = ".incoming-"
"""A folder that is being unpacked: worthless once nobody holds the lock."""
ASIDE = ".aside-"
"""A package on its way out; it comes back if nothing has taken its place."""


def put_in_place(incoming: Path, target: Path) -> None:
    """Make a finished folder the package `target`, in one step; what was there before is removed.

    Where the system cannot exchange two folders (it is no Linux), the old one is renamed first:
    killed just between, `sweep` brings it back.
    """
    if not target.exists():
        incoming.rename(target)
    elif exchanged(incoming, target):
        shutil.rmtree(incoming, ignore_errors=True)
    else:
        _replace(incoming, target)
    sync_folder(target.parent)


def take_away(target: Path) -> None:
    """Remove a package: it is gone in one step, its files after that."""
    outgoing = target.with_name(f"{INCOMING}{target.name}")
    target.rename(outgoing)
    sync_folder(target.parent)
    shutil.rmtree(outgoing)


def sweep(store: Path) -> None:
    """Under the lock: clear away what a killed run left, and undo its half of an exchange."""
    for left in store.glob(f"{INCOMING}*"):
        _discard(left)
    for left in store.glob(f"{ASIDE}*"):
        target = store / left.name.removeprefix(ASIDE)
        if target.exists():
            _discard(left)
        else:
            left.rename(target)


def sync_tree(folder: Path) -> None:
    """Flush the names in a folder and in all folders below; the files are flushed already."""
    for below, _, _ in os.walk(folder):
        sync_folder(Path(below))


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False if this system or file system cannot."""
    try:
        exchange(one, other)
    except OSError:
        return False
    return True


def _discard(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink()


def _replace(incoming: Path, target: Path) -> None:
    aside = target.with_name(f"{ASIDE}{target.name}")
    target.rename(aside)
    try:
        incoming.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
