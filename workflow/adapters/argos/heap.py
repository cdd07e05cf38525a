"""The C library's heap: what a dropped package had goes back to the system."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Return what is free in the heap to the system (glibc; elsewhere nothing is done)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
