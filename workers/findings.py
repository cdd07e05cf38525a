"""A finding of `polypress doctor`: what was looked at, how it stands, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow.errors import PolypressError


class Level(StrEnum):
    """How a thing stands: an error keeps Polypress from working, a warning may do so one day."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, what was found, and what to do about it."""

    name: str
    level: Level
    found: str
    fix: str = ""


def ok(name: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(name, Level.OK, found)


def warning(name: str, found: str, fix: str) -> Finding:
    """One can live with it."""
    return Finding(name, Level.WARNING, found, fix)


def error(name: str, found: str, fix: str) -> Finding:
    """One cannot."""
    return Finding(name, Level.ERROR, found, fix)


def failed(name: str, problem: PolypressError) -> Finding:
    """An error of the tree, with its place."""
    where = str(problem.place)
    return error(name, f"{where}: {problem.what}" if where else problem.what, problem.fix)
