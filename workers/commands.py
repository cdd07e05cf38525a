"""The commands `hub` and `worker`: from options and settings to a process that serves.

What serves is imported when it is needed: Celery takes a third of a second, and every command of
the program comes by here.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workers import alive, broker, where
from workers.presence import LONGEST_NAME
from workflow.adapters.argos.devices import usable_cores
from workflow.adapters.argos.engine import ArgosEngine
from workflow.adapters.argos.store import ArgosStore
from workflow.bootstrap import memory_limit, open_engine, open_ledger, open_project
from workflow.errors import Place, SettingsError, UsageError
from workflow.ports import Ledger
from workflow.settings import FILE_NAME, load

if TYPE_CHECKING:
    from workers.hub import Listeners

PATIENCE = 1.0
"""Seconds that the hub waits for a catalog's lock: its other catalogs must not wait long."""
PACKAGES = "POLYPRESS_PACKAGES"

METRICS_HOST = "127.0.0.1"

Level = Annotated[str, typer.Option("--log-level", help="debug, info or warning.")]


def hub_command(
    context: typer.Context,
    metrics_port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Serve metrics for Prometheus here; 0: do not.")
    ] = 0,
    metrics_host: Annotated[
        str, typer.Option(help="The address for that; others than this machine's are open to all.")
    ] = METRICS_HOST,
    log_level: Level = "info",
) -> None:
    """Settle what workers answer into the catalogs, and send them what is due.

    One hub serves one project, and runs until it is told to end (Ctrl-C, SIGTERM). It needs the
    Redis that `POLYPRESS_REDIS_URL` names, and waits for it if it is down.
    """
    root: Path = context.obj
    settings = load(root)
    url = found(root)
    os.environ.setdefault(alive.VARIABLE, str(root / alive.FOLDER))
    _logging(log_level)
    from workers import hub  # noqa: PLC0415 (see above)

    project = open_project(root, settings, patience=PATIENCE)
    ledger = open_ledger(root)
    with _listeners(ledger, metrics_host, metrics_port) as listeners:
        code = hub.serve(project, ledger, url, settings.queue, listeners)
    raise typer.Exit(code)


def worker_command(  # noqa: PLR0913 (one for each option)
    context: typer.Context,
    *,
    packages: Annotated[
        str, typer.Option(help="Only these pairs, e.g. en-es,en-ar; all that are installed else.")
    ] = "",
    concurrency: Annotated[
        int, typer.Option(min=0, max=256, help="Batches at a time; 0: one for each core.")
    ] = 0,
    memory: Annotated[
        int | None, typer.Option(min=0, help="MiB that packages may take; 0: no limit.")
    ] = None,
    name: Annotated[str, typer.Option(help="What `polypress jobs` calls it.")] = "",
    log_level: Level = "info",
) -> None:
    """Translate what the queue holds for the packages that are installed here.

    A worker needs packages (`POLYPRESS_PACKAGES`, else the project's) and the Redis that
    `POLYPRESS_REDIS_URL` names, no project and no shared disk. It runs until it is told to end,
    and finishes what it has begun.
    """
    root: Path = context.obj
    if len(name) > LONGEST_NAME:
        raise UsageError(f"--name has {len(name)} characters", fix=f"take {LONGEST_NAME} at most")
    url = found(root)
    threads = concurrency or usable_cores()
    if (root / FILE_NAME).exists():
        os.environ.setdefault(alive.VARIABLE, str(root / alive.FOLDER))
    _logging(log_level)
    broker.answers(url)  # else it is waited for, but not what waiting cannot mend
    from workers import worker  # noqa: PLC0415 (see above)

    store, engine = _engine(root, threads, memory)
    raise typer.Exit(
        worker.serve(
            worker.Setup(
                url,
                engine,
                store,
                name=name or socket.gethostname()[:LONGEST_NAME],
                concurrency=threads,
                pairs=_pairs(packages),
            )
        )
    )


def found(root: Path) -> str:
    """The Redis to use. Raises SettingsError if there is none."""
    url = where.redis_url(root)
    if not url:
        raise SettingsError(
            "no Redis is named",
            fix="set it to redis://HOST:PORT/0, or run `polypress up`, which brings one",
            place=Place(key=broker.VARIABLE),
        )
    return url


@contextmanager
def _listeners(ledger: Ledger, host: str, port: int) -> Iterator[Listeners]:
    """Who hears of the hub's rounds: the metrics, if they are wanted."""
    from workers import hub, metrics  # noqa: PLC0415 (see above)

    if not port:
        yield hub.Listeners()
        return
    made = metrics.Metrics(ledger)
    with metrics.served(made, host=host, port=port):
        yield made.listeners


def _logging(level: str) -> None:
    from workers import logs  # noqa: PLC0415 (see above)

    if level not in logs.LEVELS:
        raise UsageError(f"{level[:20]!r} is no level", fix=f"one of {', '.join(logs.LEVELS)}")
    logs.configure(level=level)


def _engine(root: Path, threads: int, memory: int | None) -> tuple[ArgosStore, ArgosEngine]:
    settings = load(root) if (root / FILE_NAME).exists() else None
    folder = settings.models.path if settings else os.environ.get(PACKAGES)
    if not folder:
        fix = f"set {PACKAGES} to a folder of installed packages, or name a project"
        raise SettingsError("no packages are named", fix=fix, place=Place(key=PACKAGES))
    limit = memory_limit(settings.engine if settings else None)
    if memory is not None:
        limit = memory * 2**20 or None
    path = root / folder
    replicas = min(threads, usable_cores())  # more only take memory
    device = settings.engine.device if settings else "auto"
    engine = open_engine(path, replicas=replicas, memory=limit, device=device)
    return ArgosStore(path), engine


def _pairs(text: str) -> frozenset[str]:
    names = [part.strip().replace("-", "_") for part in text.split(",") if part.strip()]
    for name in names:
        source, _, target = name.partition("_")
        if not (source.isalpha() and target.isalpha()):
            fix = "write them as en-es,en-ar"
            raise UsageError(f"{name[:40]!r} is no pair of languages", fix=fix)
    return frozenset(names)
