"""What no request gets past."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.web.asking import Site, site
from workflow.web import gates
from workflow.web.app import Watched, application, reader
from workflow.web.journal import Journal
from workflow.web.rates import Rates, network

LARGE = 65_537


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "X"])
def test_only_reading_is_allowed(served: Site, method: str) -> None:
    for path in ("/release.json", "/v1/es/", "/healthz", "/none"):
        got = served.get(path, method=method)
        assert (got.status, got["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_browsers_of_other_sites_are_told_what_they_may_ask(served: Site) -> None:
    asked = {
        "Origin": "https://other.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-secret",
    }
    got = served.get("/v1/es/notices/pool.json", asked, method="OPTIONS")
    assert (got.status, got.body) == (204, b"")
    assert got["access-control-allow-origin"] == "*"
    assert got["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert got["access-control-allow-headers"] == "If-None-Match, If-Range, Range"
    assert "ETag" in served.get("/release.json", asked)["access-control-expose-headers"]


def test_every_answer_keeps_browsers_from_guessing_and_leaking(served: Site) -> None:
    for path, method in (("/release.json", "GET"), ("/none", "GET"), ("/v1", "GET"), ("/", "PUT")):
        got = served.get(path, method=method)
        assert got["x-content-type-options"] == "nosniff"
        assert got["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in got["content-security-policy"]
        assert got["access-control-allow-origin"] == "*"


def test_a_body_that_says_it_is_too_large_is_not_read(served: Site) -> None:
    for length in (str(LARGE), "9" * 30):
        got = served.get("/release.json", {"Content-Length": length}, body=())
        assert (got.status, got["connection"]) == (413, "close")


def test_a_body_that_turns_out_to_be_too_large_is_refused(served: Site) -> None:
    chunks = [b"x" * 1000] * 66
    got = served.get("/release.json", {"Transfer-Encoding": "chunked"}, method="POST", body=chunks)
    assert (got.status, got["connection"]) == (413, "close")


def test_a_small_body_is_thrown_away(served: Site) -> None:
    got = served.get("/release.json", {"Content-Length": "3"}, body=[b"a", b"bc"])
    assert got.status == 200


def test_a_body_that_never_ends_is_given_up(served: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "BODY_SECONDS", 0.05)
    got = served.get("/release.json", {"Content-Length": "9"}, body=())
    assert (got.status, got["connection"]) == (408, "close")


def test_a_long_address_is_refused(served: Site) -> None:
    assert served.get("/v1/" + "a" * 2000).status == 414
    assert served.get("/release.json", query=b"a" * 2000).status == 414
    assert served.get("/release.json", query=b"a" * 1900).status == 200


def test_too_many_connections_are_asked_to_come_again(public: Path) -> None:
    crowd = range(gates.MOST_CONNECTIONS + 1)
    served = Site(public, application(reader(public), connections=crowd))
    got = served.get("/release.json")
    assert (got.status, got["retry-after"], got["connection"]) == (503, "1", "close")
    assert served.get("/healthz").status == 200


def test_who_asks_too_often_is_told_when_to_come_again(public: Path) -> None:
    served = site(public, rate=0.5)
    first, second = (served.get("/release.json") for _ in range(2))
    assert first.status == 200
    assert (second.status, second["retry-after"]) == (429, "2")
    assert served.get("/release.json", client="10.0.0.2").status == 200
    assert served.get("/healthz").status == 200


def test_without_a_rate_anybody_may_ask_as_often_as_they_like(served: Site) -> None:
    assert {served.get("/release.json").status for _ in range(100)} == {200}


def test_a_bucket_is_filled_again_steadily() -> None:
    now = 0.0
    rates = Rates(10, clock=lambda: now)
    assert [bool(rates.wait("a")) for _ in range(21)] == [False] * 20 + [True]
    now = 0.25
    assert [bool(rates.wait("a")) for _ in range(3)] == [False, False, True]
    assert rates.wait("a") == pytest.approx(0.05)


def test_the_table_of_addresses_is_bounded() -> None:
    rates = Rates(1, clock=lambda: 0.0)
    for number in range(20_000):
        rates.wait(str(number))
    assert len(rates._buckets) == 10_000


def test_an_ipv6_client_is_its_network() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff") != network("2001:db8:0:1::1")
    assert network("fe80::1%eth0") == network("fe80::2")
    assert network("no address:") == ""


def test_an_ipv4_client_is_itself_also_where_the_server_listens_to_both() -> None:
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") != network("::ffff:192.0.2.2")


def told(lines: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.read_text("utf-8").splitlines()]


def test_requests_are_told_only_if_asked_and_without_their_words(
    public: Path, tmp_path: Path
) -> None:
    for verbose in (False, True):
        file = tmp_path / f"{verbose}.log"
        with file.open("w") as stream:
            served = site(public, Journal(verbose=verbose, stream=stream))
            served.get("/v1/es/notices/pool.json", {"X": "secret"}, query=b"secret")
            served.get("/v1/es/notices/secret.json", client="10.1.2.3", method="SECRET")
            served.get("/secret")
        text = file.read_text("utf-8").lower()
        assert not {word for word in ("secret", "10.1.2.3") if word in text}
        assert len(text.splitlines()) == 3 * verbose
    first, second, third = told(file)
    assert (first["route"], first["status"]) == ("/v1/{locale}/{collection}/{file}", 200)
    assert (second["method"], second["status"], third["route"]) == ("other", 405, "none")


def test_a_failure_is_an_answer_and_one_line_without_its_words(tmp_path: Path) -> None:
    async def broken(*_request: object) -> None:
        raise RuntimeError("a secret text")

    file = tmp_path / "log"
    with file.open("w") as stream:
        served = Site(tmp_path, Watched(broken, Journal(stream=stream)))
        got = [served.get("/") for _ in range(3)]
    assert {one.status for one in got} == {500}
    assert "secret" not in file.read_text("utf-8") + got[0].body.decode()
    (line,) = told(file)
    assert line["error"] == "RuntimeError"
    assert str(line["at"]).startswith("tests.web.test_gates:")
