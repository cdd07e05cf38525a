"""The real server on loopback: loud clients, load, releases that switch (S10, R16)."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.hostile import PATHS
from tests.web.public_for_tests import publish
from tests.web.talking import Running, answer, everything, parsed, refused, running
from workflow.model import digest_of


@pytest.fixture(scope="module")
def site(public: Path) -> Iterator[Running]:
    """One server for all tests whose limits are the usual ones."""
    with running(public) as made:
        yield made


def test_it_speaks_http_and_keeps_connections(site: Running) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
        for path in ("/release.json", "/v1/es/notices/pool.html", "/none", "/v1/auto/"):
            connection.request("GET", path)
            got = answer(connection.getresponse())
            assert got.status in {200, 302, 404}
            assert "server" not in got.headers
            assert "date" in got.headers


def test_requests_in_a_row_are_answered_in_their_order(site: Running) -> None:
    requests = [b"GET /v1/es/ HTTP/1.1\r\nHost: x\r\n", b"GET /none HTTP/1.1\r\nHost: x\r\n"]
    got = b"\r\n".join(
        [*requests, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]
    )
    with site.connected() as connection:
        connection.sendall(got)
        body = everything(connection)
    assert body.index(b"HTTP/1.1 200") < body.index(b"HTTP/1.1 404")
    assert body.count(b"HTTP/1.1 ") == 3


@pytest.mark.parametrize(
    "request_",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_told_so_and_ends_the_connection(
    site: Running, request_: bytes
) -> None:
    got = site.said_to(request_)
    refused(got, 400)
    assert got.headers["connection"] == "close"


def test_an_upgrade_is_passed_over(site: Running) -> None:
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "x"}
    assert site.get("/release.json", asked).status == 200


def test_long_addresses_and_headers_are_refused(site: Running) -> None:
    close = b"HTTP/1.1\r\nConnection: close\r\n"
    refused(site.said_to(b"GET /%s %s\r\n" % (b"a" * 3_000, close)), 414)
    refused(site.said_to(b"GET /%s " % (b"a" * 20_000)), 414)
    refused(site.said_to(b"GET / %sA: %s\r\n\r\n" % (close, b"a" * 40_000)), 431)
    many = b"".join(b"A%d: b\r\n" % number for number in range(10_000))
    refused(site.said_to(b"GET / %s%s\r\n" % (close, many)), 431)


def test_encoded_paths_lead_nowhere(site: Running) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
        for path in PATHS:
            text = "".join(f"%{byte:02x}" for byte in path.encode(errors="replace"))
            for before in ("/", "/objects/", "/releases/", "/v1/", "/v1/es/notices/"):
                if text:
                    connection.request("GET", before + text)
                    got = answer(connection.getresponse())
                    assert 400 <= got.status < 500, before + text


def test_a_hundred_megabytes_of_body_are_not_taken(site: Running) -> None:
    size = 100 * 2**20
    for head in (f"Content-Length: {size}", "Transfer-Encoding: chunked"):
        with site.connected() as connection:
            connection.sendall(f"POST /release.json HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
            chunk = b"fa00\r\n" + b"x" * 0xFA00 + b"\r\n"
            sent = 0
            with suppress(OSError):  # the server has closed the connection
                while sent < size:
                    sent += connection.send(chunk)
            assert sent < size / 4
    with site.connected() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n")
        refused(parsed(everything(connection)), 413)


def loud(site: Running, seconds: float, path: str) -> Counter[int]:
    """What one client gets that asks as fast as it can."""
    found: Counter[int] = Counter()
    end = time.monotonic() + seconds
    with closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
        while time.monotonic() < end:
            connection.request("GET", path)
            found[answer(connection.getresponse()).status] += 1
    return found


def beside(work: Callable[[], object], others: Callable[[], Counter[int]]) -> Counter[int]:
    """What many others get while some work is done here."""
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(others) for _ in range(8)]
        work()
        return sum((future.result() for future in futures), Counter[int]())


def test_health_answers_within_a_second_under_load(tmp_path: Path) -> None:
    """More than a thousand requests a second, while files of a whole collection are made."""
    publish(tmp_path, {f"item-{n}": "Open daily. " * 20 for n in range(60)}, tags=["en"])
    took: list[float] = []

    def ask() -> None:
        until = time.monotonic() + 0.5
        while not made.done() or time.monotonic() < until:
            begun = time.monotonic()
            assert site.get("/healthz").status == 200
            took.append(time.monotonic() - begun)
        assert made.result().status == 200

    with running(tmp_path, rate=50) as site, ThreadPoolExecutor(1) as pool:
        made = pool.submit(site.get, "/v1/en/notices/messages.mo")  # before others take its turn
        got = beside(ask, lambda: loud(site, 0.5, "/release.json"))
    assert set(got) == {200, 429}
    assert 100 <= got[200] < 300
    assert got[429] > got[200]
    assert max(took) < 1


def test_a_release_that_switches_breaks_no_request(tmp_path: Path) -> None:
    """Every body is whole, and is what its ETag says, whichever release it is of."""
    publish(tmp_path, serial=1)
    seen: set[bytes] = set()
    stop = threading.Event()

    def ask() -> Counter[int]:
        found: Counter[int] = Counter()
        with closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
            while not stop.is_set():
                for name in ("messages.json", "labels.json", "pool.html", "feed.atom", ""):
                    connection.request("GET", f"/v1/es/notices/{name}")
                    got = answer(connection.getresponse())
                    found[got.status] += 1
                    assert digest_of(got.body) == got.headers["etag"].strip('"')
                    if name == "messages.json":
                        seen.add(got.body)
        return found

    def work() -> None:
        for serial in range(2, 12):
            publish(tmp_path, {"pool": f"Closed on day {serial}."}, serial=serial)
        stop.set()

    with running(tmp_path) as site:
        assert set(beside(work, ask)) == {200}
        assert site.said.getvalue() == ""
    assert len(seen) > 3


def test_requests_are_told_one_line_each(public: Path) -> None:
    with running(public, verbose=True) as site:
        site.get("/v1/es/notices/pool.json?x=secret", {"X": "secret"})
        site.get("/secret")
    lines = [json.loads(line) for line in site.said.getvalue().splitlines()]
    assert [(one["route"], one["status"]) for one in lines] == [
        ("/v1/{locale}/{collection}/{file}", 200),
        ("none", 404),
    ]
