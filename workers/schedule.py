"""The schedule: every minute the hub asks whether an item comes or goes, and then publishes.

Asking takes a look at the names and times of files. Publishing is done by a process of its own, the
command that cron would call: it holds the publish lock, may take minutes and as much memory as it
likes, and nothing that happens to it happens to the hub.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from workers.child import Child
from workers.logs import logger
from workers.up import PROGRAM
from workflow.bootstrap import open_project
from workflow.errors import PolypressError
from workflow.settings import load
from workflow.steps.due import due

log = logger("hub")
EVERY = 60.0
"""Seconds between two questions."""
LONGEST = 600.0
"""Seconds to wait at most after something went wrong; the wait doubles until then."""
LOOK = 0.2
LAST_LINES = 5
"""Lines that are told of a publish that failed."""


def is_due(root: Path) -> Sequence[str]:
    """The collections of a project of which something is due; none if it has no schedule.

    Settings are read anew each time. Raises PolypressError.
    """
    settings = load(root)
    return sorted(due(open_project(root, settings))) if settings.publish.schedule else ()


@dataclass(slots=True)
class Schedule:
    """One project's schedule, in a thread that lives as long as the hub (`workers.leash`).

    `ask` says what is due; `command` publishes it.
    """

    root: Path
    ask: Callable[[Path], Sequence[str]] = is_due
    command: Sequence[str] = ()
    ended: Event = field(default_factory=Event)
    _wait: float = 0.0

    def run(self) -> None:
        """Ask until the end; whatever goes wrong, it is asked again later."""
        while not self.ended.wait(self._wait):
            fine = self.round()
            self._wait = EVERY if fine else min(max(self._wait * 2, EVERY), LONGEST)

    def stop(self) -> None:
        """End; a publish that is at work ends, too: the old release is live, or the new one."""
        self.ended.set()

    def round(self) -> bool:
        """Ask once and publish if something is due; whether all went well."""
        try:
            found = self.ask(self.root)
            return not found or self._published(found)
        except PolypressError as error:
            log.warning("the schedule waits", reason=str(error))
        except Exception:
            log.exception("the schedule waits")
        return False

    def _published(self, found: Sequence[str]) -> bool:
        log.info("publishing what is due", collections=list(found))
        code, lines = self._called()
        if code == 0:
            log.info("published what was due")
        elif not self.ended.is_set():
            log.warning("publishing failed", code=code, reason=" / ".join(lines[-LAST_LINES:]))
        return code == 0

    def _called(self) -> tuple[int, list[str]]:
        """The exit code of the command, and what it said."""
        publish = ("--project", str(self.root.resolve()), "publish", "--due", "--quiet")
        child = Child(self.command or (*PROGRAM, *publish), {})
        lines: list[str] = []
        try:
            while (code := child.ended()) is None:
                lines += child.lines()
                if self.ended.wait(LOOK):
                    child.kill()
            return code, [*lines, *child.rest()]
        except BaseException:
            child.kill()
            raise
