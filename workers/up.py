"""The command `up`: a Redis if none is named, a hub and a worker, kept running until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from workers import alive, append_only, broker, private_redis
from workers.presence import BEAT
from workers.private_redis import PrivateRedis
from workers.supervise import Part, Supervisor
from workers.where import REDIS_LOCK
from workflow.adapters.argos.devices import usable_cores
from workflow.adapters.files import locked
from workflow.errors import LockedError, OutsideError
from workflow.settings import load

UP_LOCK = "var/locks/up.lock"
PROGRAM = (sys.executable, "-P", "-m", "workers.main")
"""How the parts are called; -P: a folder `workers` where somebody stands is not ours."""
HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ONE_WISH = 0.5
"""Seconds within which two signals are one: a terminal and what runs us may both send it."""


def up_command(
    context: typer.Context,
    concurrency: Annotated[
        int, typer.Option(min=0, max=256, help="Batches at a time; 0: one for each core.")
    ] = 0,
) -> None:
    """Run all that a queue needs on this machine: Redis, the hub and a worker.

    It uses the Redis that `POLYPRESS_REDIS_URL` names; without one it runs a private Redis, whose
    data lie in var/redis. A part that dies or stalls is started again. Ctrl-C ends all of it.
    """
    root: Path = context.obj
    load(root)  # what is wrong with the settings is said once, here
    threads = concurrency or usable_cores()
    with _alone(root), _redis(root) as (url, first):
        told = f"hub, and a worker with {threads} thread{'s' * (threads > 1)}"
        serve([*first, *parts(root, url, threads)], f"{broker.shown(url)}, {told}")


def parts(root: Path, url: str, threads: int) -> tuple[Part, ...]:
    """The hub and the worker of a project, on the Redis at `url`."""
    folder = Path(os.environ.get(alive.VARIABLE) or root / alive.FOLDER).resolve() / alive.OF_UP
    environment = {
        broker.VARIABLE: url,
        alive.VARIABLE: str(folder),
        "OMP_NUM_THREADS": "1",  # OpenMP's own threads may keep a process from ending
    }
    command = (*PROGRAM, "--project", str(root.resolve()))
    return (
        Part("hub", (*command, "hub"), environment, folder / "hub"),
        Part(
            "worker",
            (*command, "worker", "--concurrency", str(threads)),
            environment,
            folder / "worker",
            died=partial(_forget, url),
        ),
    )


def redis_part(redis: PrivateRedis) -> Part:
    """A private Redis as the first of the parts."""
    return Part(
        "redis", redis.command, ready=partial(_answers, redis.url), died=partial(_mend, redis)
    )


def serve(parts: Sequence[Part], told: str) -> None:
    """Keep the parts running until a signal says to end."""
    supervisor = Supervisor(parts, say=say)
    with signals_to(supervisor.stop):
        say(f"Running: {told}. Ctrl-C ends all of it.")
        supervisor.run()
    say("All has ended.")


def say(line: str) -> None:
    """Show a line; that nobody reads any more is no reason to end."""
    with suppress(OSError, ValueError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


@contextmanager
def signals_to(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` for each signal that asks to end, but for those that are ignored (nohup)."""
    last: list[float] = []

    def heed(*_: object) -> None:
        now = time.monotonic()
        if not last or now - last[-1] > ONE_WISH:
            last.append(now)
            stop()

    heeded = [each for each in HEEDED if signal.getsignal(each) != signal.SIG_IGN]
    before = {each: signal.signal(each, heed) for each in heeded}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(root / UP_LOCK, seconds=0.2))
        except LockedError as error:
            raise LockedError(
                "`polypress up` runs for this project already",
                fix="end that one with Ctrl-C where it runs, or use it",
                place=error.place,
            ) from None
        yield


@contextmanager
def _redis(root: Path) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """The address of the Redis to use, and the part that runs it if it is a private one."""
    url = broker.address()
    if url:
        if not broker.answers(url):
            say(f"{broker.shown(url)} cannot be reached yet: hub and worker wait for it.")
        yield url, ()
        return
    with locked(root / REDIS_LOCK, seconds=2):
        made = private_redis.prepare(
            root.resolve() / private_redis.FOLDER, settings={"logfile": '""'}
        )
        yield made.url, (redis_part(made),)


def _answers(url: str) -> bool:
    try:
        return broker.answers(url)
    except OutsideError:  # another Redis, which does not know our password, took the port
        return False


def _mend(redis: PrivateRedis, _pid: int, code: int) -> None:
    """After a failure of its own (not a signal): what keeps it from starting may be its file."""
    if code > 0:
        try:
            done = append_only.mend(redis.folder, redis.program)
        except OSError as error:
            done = f"its file cannot be mended: {error.strerror}"
        if done:
            say(f"redis  | {done}")


def _forget(url: str, pid: int, _code: int) -> None:
    """Take back the word of a worker that died, so that the hub need not wait for it to expire.

    In a thread: a Redis that does not answer keeps nobody waiting.
    """

    def forget() -> None:
        with suppress(OutsideError), closing(broker.client(url)) as client, broker.reached(url):
            client.delete(f"{BEAT}{socket.gethostname()}:{pid}")

    Thread(target=forget, daemon=True).start()
