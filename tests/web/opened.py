"""Hears which files are opened, by an audit hook of Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_HEARD: list[list[str]] = []


def _told(event: str, arguments: tuple[object, ...]) -> None:
    if _HEARD and event == "open" and isinstance(arguments[0], str | bytes):
        _HEARD[-1].append(os.fsdecode(arguments[0]))


sys.addaudithook(_told)  # it cannot be taken away again, so it listens only where a test asks


@contextmanager
def listening() -> Iterator[list[str]]:
    """The names of the files that are opened meanwhile, on any thread."""
    heard: list[str] = []
    _HEARD.append(heard)
    try:
        yield heard
    finally:
        _HEARD.remove(heard)
