"""The worker: serves the queues of the packages that it has; needs them and Redis, nothing else."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol

from workers import alive, broker, celeryapp
from workers.dispatching import queue_of
from workers.logs import logger
from workers.messages import TRANSLATE
from workers.presence import EVERY, LONGEST_NAME, LONGEST_NOTE, MOST_PACKAGES, Presence
from workers.stall import Stall
from workers.translating import Translating, sender
from workflow.errors import OutsideError
from workflow.model import PackageRef
from workflow.ports import Engine, InstalledPackage

log = logger("worker")
NOTHING = "polypress.nothing"
"""A queue that nobody sends to: what a worker serves that has no package."""
STALLED_AFTER, HANGS_AFTER = 60.0, 600.0
"""Seconds without a message while some wait, and without a segment at work: then a worker ends."""
UNFIT_FOR = 30.0
"""Seconds before a package that was found unfit is tried again: somebody may have mended it."""


class Store(Protocol):
    """What a worker needs of `ports.PackageStore`."""

    def installed(self) -> tuple[InstalledPackage, ...]:
        """The packages that are installed now."""
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """How a worker is set up; `pairs` limits it to these pairs of languages (`en_es`), if any."""

    url: str
    engine: Engine
    store: Store
    name: str
    concurrency: int = 1
    pairs: frozenset[str] = frozenset()

    def packages(self) -> tuple[PackageRef, ...]:
        """The packages to serve."""
        return tuple(
            package.ref
            for package in self.store.installed()
            if package.ref.sha256
            and (not self.pairs or f"{package.ref.source}_{package.ref.target}" in self.pairs)
        )


@dataclass(slots=True)
class _Rounds:
    """What a worker does every two seconds, beside its work."""

    setup: Setup
    server: celeryapp.Server
    translating: Translating
    presence: Presence
    packages: tuple[PackageRef, ...]
    ended: Event = field(default_factory=Event)
    stalled: bool = False
    _unfit: tuple[PackageRef, ...] = ()
    _stall: Stall = field(default_factory=Stall)

    def run(self) -> None:
        while not self.ended.wait(EVERY):
            try:
                self._once()
            except OutsideError as error:
                log.warning("waiting for Redis", reason=error.what)
                alive.touch("worker")
            except Exception:
                log.exception("a round failed")

    def _once(self) -> None:
        self._keep_in_step()
        if self._hangs():
            self._give_up("nothing at work gets on")
            return
        self.presence.beat()
        if self._is_stalled():
            self._give_up("no message for a minute although some wait")
            return
        alive.touch("worker")

    def _give_up(self, why: str) -> None:
        """End with 1, to be started anew; what hangs stays at work, and so counts as a crash."""
        log.error(why, then="the worker ends")
        self.stalled = True
        self.ended.set()
        self.server.give_up()

    def _keep_in_step(self) -> None:
        """Serve what is installed now, but for what was found unfit a moment ago."""
        packages = self.setup.packages()
        refused, now = self.translating.tally.refused, time.monotonic()
        for package, since in tuple(refused.items()):
            if packages != self.packages or now - since > UNFIT_FOR:
                refused.pop(package, None)
        unfit = tuple(sorted(refused, key=str))
        if (packages, unfit) != (self.packages, self._unfit):
            self.packages, self._unfit = packages, unfit
            served = [package for package in packages if package not in unfit]
            log.info("packages", serves=[str(package) for package in served])
            self.server.set_queues(queues_of(served))

    def _is_stalled(self) -> bool:
        with broker.reached(self.setup.url):
            waiting = any(self.presence.client.llen(each) for each in self._lists())
        return self._stall.seen(
            waiting=waiting and not self.presence.busy,
            taken=self.translating.tally.last,
            after=STALLED_AFTER,
        )

    def _hangs(self) -> bool:
        """Whether batches are at work, and none gets on; long before, one segment would be done."""
        idle = time.monotonic() - self.translating.tally.last
        return self.presence.at_work > 0 and idle > HANGS_AFTER

    def _lists(self) -> list[str]:
        served = [package for package in self.packages if package not in self._unfit]
        return [each for queue in queues_of(served) for each in celeryapp.lists_of(queue)]


def queues_of(packages: Sequence[PackageRef]) -> list[str]:
    """The queues of packages; one that stays empty if there are none."""
    return [queue_of(package) for package in packages] or [NOTHING]


def serve(setup: Setup) -> int:
    """Serve until told to end; the exit code. Raises OutsideError for a wrong password."""
    app = celeryapp.make_app(setup.url)
    begun = time.monotonic()
    presence = Presence(setup.url, lambda: _about(setup, translating, rounds, begun))
    translating = Translating(setup.engine, sender(app), presence, setup.name)
    celeryapp.serve_task(app, TRANSLATE, translating)
    packages = setup.packages()
    server = celeryapp.Server(
        app,
        name=setup.name,
        threads=setup.concurrency,
        queues=queues_of(packages),
        ending=translating.ending,
    )
    rounds = _Rounds(setup, server, translating, presence, packages)
    presence.begin()
    log.info("worker starts", name=setup.name, serves=[str(package) for package in packages])
    thread = Thread(target=rounds.run, name="rounds", daemon=True)
    thread.start()
    try:
        code = server.run()
    finally:
        rounds.ended.set()
        thread.join(timeout=5)
        presence.leave()
    return 1 if rounds.stalled else code


def resident(process: int | None = None) -> int:
    """The memory that a process (this one if None) holds now, in bytes.

    Where the system does not say, what this one held at most.
    """
    try:
        pages = int(Path(f"/proc/{process or 'self'}/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * os.sysconf("SC_PAGE_SIZE")


def _about(setup: Setup, translating: Translating, rounds: _Rounds, begun: float) -> dict[str, Any]:
    loaded: tuple[tuple[PackageRef, int], ...] = getattr(setup.engine, "loaded", tuple)()
    unfit = translating.tally.refused
    served = (package for package in rounds.packages if package not in unfit)
    note = "; ".join(f"{package} is unfit here" for package in sorted(unfit, key=str))
    return {
        "name": setup.name[:LONGEST_NAME],
        "packages": [str(package) for package in served][:MOST_PACKAGES],
        "concurrency": setup.concurrency,
        "resident": resident(),
        "models": sum(size for _, size in loaded),
        "seconds": round(time.monotonic() - begun, 1),
        "batches": translating.tally.batches,
        "note": note[:LONGEST_NOTE],
    }
