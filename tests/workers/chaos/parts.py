"""What runs in a child of the nursery: the real hub or worker, with an engine for tests.

A part is a dict of JSON: `role` (`hub` or `worker`), `root` and `url`, for a worker `name`,
`threads` and `engine` (see `TownEngine`), for a hub `window`, `overdue`; `packages` is a folder of
real ones to be used instead; `settings` maps
`module:NAME` or `module:NAME/key/key` to another value; `clock` names a file with the seconds
by which this process' clock is wrong.
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fake_engine import FakeEngine, package_ref
from tests.workers.chaos import town
from workers import broker, hub, logs, worker
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.store import ArgosStore
from workflow.adapters.sqlite.connection import Database
from workflow.adapters.sqlite.ledger import SqliteLedger
from workflow.errors import PolypressError
from workflow.model import DecodeParameters, PackageRef
from workflow.ports import Engine, Hypotheses, InstalledPackage
from workflow.settings.tables import QueueTable

Part = dict[str, Any]


def warm() -> None:
    """Import what Celery and kombu import only when they are first used."""
    for name in ("celery.app.amqp", "celery.worker.consumer", "celery.concurrency.thread",
                 "celery.apps.worker", "celery.worker.components", "celery.fixups.django",
                 "celery.backends.base", "celery.loaders.app", "kombu.transport.redis",
                 "kombu.asynchronous.hub", "celery.worker.autoscale", "celery.bin.base",
                 "celery.worker.strategy", "celery.app.trace"):  # fmt: skip
        importlib.import_module(name)


def run(part: Part) -> int:
    """Serve; the exit code that the command would have."""
    _set(part.get("settings", {}))
    if part.get("clock"):
        _wrong_clock(Path(part["clock"]))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full disk is an error, not a signal
    logs.configure(level="info", as_json=True)
    try:
        return _hub(part) if part["role"] == "hub" else _worker(part)
    except PolypressError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def _hub(part: Part) -> int:
    root = Path(part["root"])
    rules = QueueTable.model_construct(
        window=part.get("window", 32), overdue=part.get("overdue", 300)
    )
    project = town.open_town(root).project
    if "packages" in part:
        engine = ArgosEngine(ArgosStore(Path(part["packages"])))
        project = dataclasses.replace(project, engine=engine)
    ledger = SqliteLedger(Database(root / "var" / "polypress.db"))
    return hub.serve(project, ledger, part["url"], rules, hub.Listeners())


def _worker(part: Part) -> int:
    broker.answers(part["url"])  # as the command does
    threads = part.get("threads", 2)
    engine, store = _engine(part, threads)
    setup = worker.Setup(part["url"], engine, store, name=part["name"], concurrency=threads)
    return worker.serve(setup)


def _engine(part: Part, threads: int) -> tuple[Engine, worker.Store]:
    if "packages" in part:
        store = ArgosStore(Path(part["packages"]))
        return ArgosEngine(store, replicas=threads), store
    engine = TownEngine(**part.get("engine", {}))
    return engine, Shelf(engine.packages)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store of packages that are there by word only."""

    packages: Sequence[PackageRef]

    def installed(self) -> tuple[InstalledPackage, ...]:
        return tuple(InstalledPackage(ref, Path("nowhere")) for ref in self.packages)


class TownEngine(FakeEngine):
    """The fake engine with a price and a temper.

    A batch takes `seconds`; a text that holds `poison` ends the process (`how`: exit or segv); one
    that holds `slow` takes `slow_seconds`; `pairs` (like `en_es`) and `version` say what it has,
    `damaged` that none of it can be used.
    """

    def __init__(  # noqa: PLR0913 (all by keyword, from JSON)
        self,
        *,
        seconds: float = 0.0,
        poison: str = "",
        how: str = "exit",
        slow: str = "",
        slow_seconds: float = 0.0,
        pairs: Sequence[str] = town.PAIRS,
        version: str = "1.0",
        damaged: bool = False,
    ) -> None:
        super().__init__([package_ref(*pair.split("_"), version) for pair in pairs])
        self.form = town.FORM
        self._seconds, self._poison, self._how = seconds, poison, how
        self.broken = frozenset(self.packages if damaged else ())
        self._slow, self._slow_seconds = slow, slow_seconds

    def translate(
        self,
        package: PackageRef,
        segments: Sequence[str],
        parameters: DecodeParameters,
        progress: Callable[[int], None],
    ) -> list[Hypotheses]:
        slow = self._slow and any(self._slow in text for text in segments)
        time.sleep(self._slow_seconds if slow else self._seconds)
        if self._poison and any(self._poison in text for text in segments):
            _die(self._how)
        self.decoded.clear()
        return super().translate(package, segments, parameters, progress)


def _die(how: str) -> None:
    if how == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(5)
    os._exit(139)


def _set(settings: dict[str, Any]) -> None:
    for where, value in settings.items():
        module, _, path = where.partition(":")
        name, *keys = path.split("/")
        owner = importlib.import_module(module)
        if not keys:
            setattr(owner, name, value)
            continue
        table = getattr(owner, name)
        for key in keys[:-1]:
            table = table[key]
        table[keys[-1]] = value


def _wrong_clock(file: Path) -> None:
    """Let this process' wall clock go wrong by what the file says, in all modules that ask it."""
    right = time.time

    def wrong() -> float:
        try:
            return right() + float(file.read_text("ascii") or 0)
        except (OSError, ValueError):
            return right()

    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if value is right:
                setattr(module, name, wrong)
