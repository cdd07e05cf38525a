"""The server: a socket, uvicorn with uvloop and httptools, and an end without a cut answer."""

from __future__ import annotations

import resource
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType

from uvicorn import Config, Server

from workflow.errors import OutsideError
from workflow.web.app import application, reader
from workflow.web.journal import Journal
from workflow.web.live import Reader
from workflow.web.protocol import MOST_OPEN, GuardedProtocol

BACKLOG = 1_024
IDLE_SECONDS, GRACE_SECONDS = 10, 10
"""How long an idle connection is kept, and how long answers may take once the end has come."""
EARS = 16
SPARE = 200
"""Files that are open besides connections and what is being sent on them."""


class _Server(Server):
    """uvicorn, but the signal that ended it is not raised again: ending is what it asked for."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second signal ends at once."""
        del sig, frame
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises OutsideError."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, number)
    except (OSError, UnicodeError) as error:
        fix = "name an address of this machine: 127.0.0.1, 0.0.0.0 for all of IPv4, :: for all"
        raise OutsideError(f"{host[:200]!r} is no address to listen at", fix=fix) from error
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(BACKLOG)
    except OSError as error:
        found.close()
        fix = "another program may listen there: choose another --port, or another --host"
        what = f"cannot listen at {host[:200]} port {port}: {error.strerror}"
        raise OutsideError(what, fix=fix) from error
    return found


def serve(
    folder: Path,
    listening: socket.socket,
    *,
    rate: float = 0.0,
    verbose: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve a public folder until SIGTERM or SIGINT; `ready` is called when clients may come."""
    _open_files()
    reads = reader(folder)
    server = server_of(reads, Journal(verbose), rate=rate)
    with closing(listening), closing(reads.kept):
        for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn listens to them a moment later
            signal.signal(number, server.handle_exit)
        ready()
        server.run(sockets=ears(listening))


def ears(listening: socket.socket) -> list[socket.socket]:
    """The socket in several copies; whoever runs the server closes them.

    uvloop takes one client in each turn from each of them. In a crowd of 200 that ask as fast as
    they can, the last one waited for about a second where there was only one ear.
    """
    return [listening, *(listening.dup() for _ in range(EARS - 1))]


def server_of(reads: Reader, journal: Journal, *, rate: float = 0.0) -> Server:
    """Uvicorn over a public folder, not running yet."""
    server = _Server(
        Config(
            "",
            http=GuardedProtocol,
            loop="uvloop",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    connections = server.server_state.connections
    server.config.app = application(reads, rate=rate, connections=connections, journal=journal)
    return server


def _open_files() -> None:
    """Allow for a file and a connection for each client, as far as the system lets us."""
    wanted = 2 * MOST_OPEN + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
