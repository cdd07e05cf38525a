"""What `polypress doctor` looks at in Redis: version, persistence, memory, clock, hub, workers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from workers import broker, presence
from workers.doctor_address import encrypted, protected
from workers.findings import Finding, error, failed, ok, warning
from workers.lease import KEY
from workflow.errors import OutsideError
from workflow.jobs import Worker
from workflow.model import PackageRef

OLDEST, ADVISED = 6, 7
"""Major versions: older ones lack what is used, or are no longer mended."""
SETTINGS = ("appendonly", "appendfsync", "maxmemory-policy")
NEARLY_FULL = 0.8
CLOCKS = 60.0
"""Seconds that two clocks may differ."""
MEGABYTE = 1_000_000
UNREADABLE = "cannot be read: this user may not ask"
ALLOW = "allow it INFO and CONFIG GET, or ask who runs this Redis"


def look(url: str, packages: Iterable[PackageRef]) -> Iterator[Finding]:
    """All findings about a Redis. Raises OutsideError if it cannot be reached.

    `packages` are those that the project's routes need.
    """
    with closing(broker.client(url)) as client:
        with broker.reached(url):
            client.ping()
        yield ok("Redis", f"answers at {broker.shown(url)}")
        yield from protected(url)
        yield from encrypted(url)
        yield from _server(url, client)
        yield from _clock(url, client)
        yield from _hub(url, client)
        yield from _workers(url, client, list(packages))


def _server(url: str, client: Any) -> Iterator[Finding]:  # noqa: ANN401 (redis' own type is generic)
    try:
        with broker.reached(url):
            told = client.info()
    except OutsideError:
        yield warning("Redis version", UNREADABLE, ALLOW)
        told = {}
    try:
        with broker.reached(url):
            for name in SETTINGS:  # several at once only since Redis 7
                told = {**told, **client.config_get(name)}
    except OutsideError:
        yield warning("Redis settings", UNREADABLE, ALLOW)
    yield from judged(told)


def judged(told: Mapping[str, Any]) -> Iterator[Finding]:
    """What INFO and CONFIG GET say; what they do not say is not judged."""
    if "redis_version" in told:
        yield _version(str(told["redis_version"]))
    if "appendonly" in told or "aof_enabled" in told:
        kept = told.get("appendonly") == "yes" or bool(told.get("aof_enabled"))
        yield _kept(kept=kept, synced=str(told.get("appendfsync", "")))
    if told.get("aof_last_write_status", "ok") != "ok":
        fix = "free some space where its data lie, or mend the permissions"
        yield error("Redis persistence", "it cannot write its append-only file", fix)
    if told.get("role", "master") != "master":
        yield error("Redis role", "a replica, which takes no messages", "name its primary")
    policy = told.get("maxmemory-policy", told.get("maxmemory_policy"))
    if policy is not None:
        yield _policy(str(policy))
    if "used_memory" in told:
        yield _memory(int(told["used_memory"]), int(told.get("maxmemory", 0)))


def _version(text: str) -> Finding:
    name, major = "Redis version", text.partition(".")[0]
    number = int(major) if major.isdecimal() else ADVISED
    if number < OLDEST:
        return error(name, f"{text} is too old", f"install Redis {ADVISED} or newer")
    if number < ADVISED:
        return warning(name, f"{text} works", f"Redis {ADVISED} or newer is advised")
    return ok(name, text)


def _kept(*, kept: bool, synced: str) -> Finding:
    name = "Redis persistence"
    lost = "what a restart loses is sent again, which takes time: "
    if not kept:
        return warning(name, "it keeps nothing on disk", f"{lost}set `appendonly yes`")
    if synced == "no":
        found = "append-only, but written when the system likes"
        return warning(name, found, f"{lost}set `appendfsync everysec`")
    return ok(name, f"append-only, {synced or 'how often it is synced is not known'}")


def _policy(policy: str) -> Finding:
    name = "Redis eviction"
    if policy != "noeviction":
        fix = "set `maxmemory-policy noeviction`: else it drops messages when it is full"
        return error(name, policy, fix)
    return ok(name, policy)


def _memory(used: int, most: int) -> Finding:
    name = "Redis memory"
    if not most:
        return ok(name, f"{used / MEGABYTE:.0f} MB used, no limit")
    found = f"{used / MEGABYTE:.0f} of {most / MEGABYTE:.0f} MB used"
    if used >= most:
        return error(name, found, "it takes no messages: set `maxmemory` higher")
    if used > most * NEARLY_FULL:
        return warning(name, found, "set `maxmemory` higher")
    return ok(name, found)


def _clock(url: str, client: Any) -> Iterator[Finding]:  # noqa: ANN401 (see _server)
    try:
        with broker.reached(url):
            seconds, micro = client.time()
    except OutsideError:
        yield warning("Redis clock", UNREADABLE, "allow it TIME")
        return
    yield clock(seconds + micro / 1e6 - time.time())


def clock(ahead: float) -> Finding:
    """Redis' clock is so many seconds ahead of ours."""
    found = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} this machine's"
    if abs(ahead) > CLOCKS:
        return warning("Redis clock", found, "set both clocks by a time server")
    return ok("Redis clock", found)


def _hub(url: str, client: Any) -> Iterator[Finding]:  # noqa: ANN401 (see _server)
    try:
        with broker.reached(url):
            holder = client.get(KEY)
    except OutsideError as problem:
        yield failed("hub", problem)
        return
    if holder is None:
        yield warning("hub", "none serves this Redis", "`polypress hub` or `polypress up`")
    else:
        yield ok("hub", f"runs{_host(holder)}")


def _host(holder: str) -> str:
    try:
        return f" on {json.loads(holder)['host']!s:.100}"
    except (ValueError, KeyError, TypeError):
        return ""


def _workers(url: str, client: Any, packages: list[PackageRef]) -> Iterator[Finding]:  # noqa: ANN401
    try:
        with broker.reached(url):
            workers, _ = presence.look(client)
    except OutsideError as problem:
        yield failed("workers", problem)
        return
    yield from served(workers, packages)


def served(workers: list[Worker], packages: list[PackageRef]) -> Iterator[Finding]:
    """Whether the workers have what the routes need."""
    if not workers:
        yield warning("workers", "none is there", "`polypress worker` or `polypress up`")
        return
    yield ok("workers", f"{len(workers)}: {', '.join(one.name for one in workers)}")
    had = {package for worker in workers for package in worker.packages}
    for package in packages:
        if str(package) not in had:
            pair = f"{package.source}_{package.target}@"
            others = sorted(other for other in had if other.partition("@")[0] + "@" == pair)
            instead = f", but {', '.join(others)}" if others else ""
            yield warning(
                f"workers for {package.name}",
                f"none has {package}{instead}",
                "install that very package where a worker runs",
            )
    for worker in workers:
        if worker.note:
            yield warning(f"worker {worker.name}", worker.note, "`polypress models verify` there")
