"""The real server with little patience: clients that dawdle, and too many of them."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.web.public_for_tests import publish
from tests.web.talking import Running, everything, parsed, refused, running
from workflow.model import digest_of
from workflow.web import gates, protocol

LARGE = os.urandom(8 * 2**20)
QUICK = 0.25


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("public")
    publish(folder, tags=["en"])
    (folder / "objects" / digest_of(LARGE)).write_bytes(LARGE)
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(protocol, "HEADER_SECONDS", QUICK)
        changed.setattr(protocol, "STALL_SECONDS", QUICK)
        changed.setattr(gates, "BODY_SECONDS", QUICK)
        changed.setattr(gates, "MOST_CONNECTIONS", 20)
        changed.setattr(protocol, "MOST_OPEN", 30)
        changed.setattr(protocol, "MOST_WAITING", 20)
        with running(folder) as made:
            yield made


def closed(connection: socket.socket) -> float:
    """Seconds until the server closes a connection."""
    begun = time.monotonic()
    with suppress(ConnectionError):
        everything(connection)
    return time.monotonic() - begun


def test_who_does_not_finish_their_headers_is_let_go(hasty: Running) -> None:
    with hasty.connected() as one, hasty.connected() as two, hasty.connected() as three:
        two.sendall(b"GET /release.json HT")
        three.sendall(b"GET /release.json HTTP/1.1\r\nHost: x\r\n")
        assert all(closed(connection) < 8 * QUICK for connection in (one, two, three))


def test_bytes_that_come_one_by_one_buy_no_time(hasty: Running) -> None:
    with hasty.connected() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        begun = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - begun < 8 * QUICK:
                connection.sendall(b"\r\n")
                time.sleep(QUICK / 8)
        assert time.monotonic() - begun < 8 * QUICK


def test_a_body_that_never_comes_is_given_up(hasty: Running) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
    refused(hasty.said_to(asked), 408)


def test_who_takes_nothing_of_an_answer_is_let_go(hasty: Running) -> None:
    asked = f"GET /objects/{digest_of(LARGE)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with hasty.connected(receive=4096) as connection:
        connection.sendall(asked)
        assert connection.recv(1)
        begun = time.monotonic()
        while hasty.connections:
            assert time.monotonic() - begun < 8 * QUICK
            time.sleep(0.01)


def test_a_slow_reader_gets_all_of_it(hasty: Running) -> None:
    asked = f"GET /objects/{digest_of(LARGE)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with hasty.connected(receive=65_536) as connection:
        connection.sendall(asked.encode())
        found = b""
        while chunk := connection.recv(2**20):
            found += chunk
            time.sleep(0.002)
    assert parsed(found).body == LARGE


def test_too_many_connections_are_asked_to_come_again_and_more_are_closed(hasty: Running) -> None:
    open_ = [socket.create_connection(("127.0.0.1", hasty.port)) for _ in range(20)]
    try:
        refused(hasty.get("/release.json"), 503)
        assert hasty.get("/healthz").status == 200
        open_ += [socket.create_connection(("127.0.0.1", hasty.port)) for _ in range(10)]
        with pytest.raises(OSError):  # noqa: PT011 - reset, or closed without an answer
            hasty.get("/healthz")
    finally:
        for one in open_:
            one.close()
    time.sleep(0.1)
    assert hasty.get("/release.json").status == 200


def waiting(running: Running) -> int:
    """Requests, and KiB of their bodies, that wait now."""
    open_now = list(running.connections)  # type: ignore[call-overload]
    return sum(len(one.pipeline) + len(one.cycle.body) // 1024 for one in open_now if one.cycle)


@pytest.mark.parametrize("body", [b"", b"x"])
def test_of_thousands_of_requests_at_once_some_are_answered_and_then_it_ends(
    hasty: Running, body: bytes
) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with hasty.connected() as connection:
        found = b""
        with suppress(ConnectionError):
            connection.sendall(asked * 5_000)
            found = everything(connection)
    assert found.count(b"HTTP/1.1 200") <= 22
    assert waiting(hasty) == 0


@pytest.mark.parametrize("size", [0, 2**30])
def test_who_asks_on_and_on_and_takes_nothing_fills_no_memory(hasty: Running, size: int) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx" * 15
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
    with hasty.connected(receive=4096) as connection:
        connection.settimeout(QUICK)
        most = 0
        with suppress(OSError):
            connection.sendall(first + last)
            for _ in range(100):
                connection.sendall((b"x" * 100_000) if size else last * 1_000)
                most = max(most, waiting(hasty))
    assert most <= 20 + 2_048


def test_requests_in_a_row_within_bounds_are_all_answered(hasty: Running) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
    with hasty.connected() as connection:
        connection.sendall((asked + b"\r\n") * 19 + asked + b"Connection: close\r\n\r\n")
        assert everything(connection).count(b"HTTP/1.1 200") == 20
