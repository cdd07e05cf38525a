"""A run that is killed, or interrupted by a person, between any two of its writes.

The ports of a project are wrapped, so that no part of it knows: whatever writes tells the fuse
before and after, and the fuse that is set for that point goes off.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.steps.project_for_tests import Place, place
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.history import SqliteHistory
from workflow.steps.remembered import RememberedCatalogs

WRITES = {
    "history": ("intend", "record"),
    "catalogs": ("write_template",),
    "memory": ("learn",),
    "cache": ("put",),
    "engine": ("translate",),
    "bundles": ("switch",),
}
PUBLISHING = ("before bundles.switch", "after bundles.switch")
POINTS = (
    *(
        f"{when} {name}.{verb}"
        for name, verbs in WRITES.items()
        for verb in verbs
        for when in ("before", "after")
        if name != "bundles"
    ),
    "before the switch",
)
"""The points between two writes: what lies before one and behind it."""


class Killed(BaseException):
    """The run ends here, as if somebody had pulled the plug."""


@dataclass(slots=True)
class Fuse:
    """What goes off once, at a point; `went` tells whether it did. `always` is done at each."""

    point: str = ""
    act: Callable[[], None] = lambda: None
    went: bool = False
    always: Callable[[], None] = lambda: None

    def set(self, point: str, act: Callable[[], None]) -> None:
        self.point, self.act, self.went = point, act, False

    def at(self, point: str) -> None:
        self.always()
        if point == self.point:
            self.point, self.went = "", True
            self.act()


class Wired:
    """A port whose writing verbs tell the fuse."""

    def __init__(self, inner: object, name: str, fuse: Fuse) -> None:
        self._inner, self._name, self._fuse = inner, name, fuse

    def __getattr__(self, verb: str) -> Any:  # noqa: ANN401 (it may be anything)
        found = getattr(self._inner, verb)
        if verb not in WRITES[self._name]:
            return found

        def told(*args: object, **more: object) -> object:
            self._fuse.at(f"before {self._name}.{verb}")
            result = found(*args, **more)
            self._fuse.at(f"after {self._name}.{verb}")
            return result

        return told


def wired_place(root: Path, fuse: Fuse) -> Place:
    """A project in a folder, all its writing ports wired."""
    city = place(root, "es")
    store = city.project.catalogs.store  # type: ignore[attr-defined]
    store._between = lambda _path: fuse.at("before the switch")
    history = Wired(SqliteHistory(Database(root / "var" / "polypress.db")), "history", fuse)
    catalogs = RememberedCatalogs(store, history)  # type: ignore[arg-type]
    ports = {name: getattr(city.project, name) for name in WRITES if name != "history"}
    ports["catalogs"] = catalogs
    wired = {name: Wired(port, name, fuse) for name, port in ports.items()}
    return Place(dataclasses.replace(city.project, **wired), city.engine)  # type: ignore[arg-type]
