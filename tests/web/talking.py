"""A server on loopback and clients that may be slow, loud, or no clients at all."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sized
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from workflow.web.app import reader
from workflow.web.journal import Journal
from workflow.web.server import ears, listen, server_of

PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs, what it told its operator so far, and who is connected."""

    port: int
    said: io.StringIO
    connections: Sized

    @contextmanager
    def connected(self, *, receive: int = 0) -> Iterator[socket.socket]:
        """A connection; `receive` is how many bytes the system takes before anybody reads."""
        with socket.socket() as made:
            if receive:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
            made.settimeout(PATIENCE)
            made.connect(("127.0.0.1", self.port))
            yield made

    def get(self, path: str, headers: Mapping[str, str] = {}) -> Got:
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        ) as connection:
            connection.request("GET", path, headers=dict(headers))
            return answer(connection.getresponse())

    def said_to(self, request: bytes) -> Got:
        """The answer to these very bytes, until the server closes the connection."""
        with self.connected() as connection:
            connection.sendall(request)
            return parsed(everything(connection))


def refused(got: Got, status: int) -> None:
    """Compare with an error as the server tells them."""
    assert (got.status, set(json.loads(got.body))) == (status, {"error", "fix"})
    assert got.headers["content-type"] == "application/json"


def answer(got: http.client.HTTPResponse) -> Got:
    return Got(got.status, {name.lower(): text for name, text in got.getheaders()}, got.read())


def everything(connection: socket.socket) -> bytes:
    """What comes until the connection is closed."""
    found = b""
    while chunk := connection.recv(65_536):
        found += chunk
    return found


def parsed(body: bytes) -> Got:
    """One answer, whose body goes to the end."""
    head, _, rest = body.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): text for name, text in (line.split(": ", 1) for line in lines)}
    return Got(int(first.split()[1]), headers, rest)


@contextmanager
def running(folder: Path, *, rate: float = 0.0, verbose: bool = False) -> Iterator[Running]:
    """A server on a thread of this process, so that its limits can be made small."""
    listening, reads, said = listen("127.0.0.1", 0), reader(folder), io.StringIO()
    server = server_of(reads, Journal(verbose, stream=said), rate=rate)
    thread = threading.Thread(target=server.run, kwargs={"sockets": ears(listening)})
    thread.start()
    try:
        yield Running(listening.getsockname()[1], said, server.server_state.connections)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        reads.kept.close()
        listening.close()
        assert not thread.is_alive()
