"""The door to Redis: addresses, passwords and TLS, each against a real Redis."""

from __future__ import annotations

import select
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kombu import pools

from tests.workers.redis_for_tests import RedisForTests, running
from workers import broker, celeryapp, private_redis, redis_url
from workflow.errors import OutsideError, SettingsError


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisForTests]:
    with running(tmp_path_factory.mktemp("redis")) as made:
        yield made


def read(url: str) -> str | None:
    return broker.address({broker.VARIABLE: url})


def refused(url: str) -> str:
    with pytest.raises(SettingsError) as told:
        read(url)
    assert "sesame" not in str(told.value)
    return str(told.value)


# Addresses.


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://:sesame@redis.example:6379/3",
        "rediss://user:sesame@[::1]:6380/0?ssl_cert_reqs=none&ssl_check_hostname=false",
        "unix:///run/redis.sock?db=2",
        "  redis://localhost:1/0 ",
    ],
)
def test_addresses_that_can_be_used_are_taken(url: str) -> None:
    assert read(url) == url.strip()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("localhost:6379", "no address of a Redis"),
        ("http://localhost:6379", "no address of a Redis"),
        ("redis://:sesame/x@localhost:6379/0", "cannot be read"),
        ("redis://:ses@me:sesame@localhost:6379/0", "cannot be read"),
        ("redis://:a#sesame@localhost:6379/0", "cannot be read"),
        ("redis://:a?sesame@localhost:6379/0", "cannot be read"),
        ("redis://:sesame@localhost:port/0", "cannot be read"),
        ("redis://:sesame@localhost:6379/queue", "no number of a database"),
        ("redis://localhost/0?ssl_cert_reqs=none", "not known; known for redis: none"),
        ("rediss://localhost/0?ssl_cert_req=none", "not known; known for rediss: ssl_cert_reqs"),
        ("rediss://localhost/0?ssl_cert_reqs=maybe", "ssl_cert_reqs: is one of required, "),
        ("rediss://localhost/0?ssl_ca_certs=/nowhere/ca.pem", "there is no such file"),
        ("unix:///run/redis.sock?db=x", "db: is no number"),
    ],
)
def test_addresses_that_cannot_are_refused_and_no_secret_is_shown(url: str, why: str) -> None:
    assert why in refused(url)


def test_no_address_is_none() -> None:
    assert read("") is None
    assert broker.address({}) is None


@given(
    between=st.text(min_size=1).filter(lambda text: text.strip() == text),
    scheme=st.sampled_from(["redis", "rediss"]),
)
@example(between="a/b?c#d@e:f", scheme="redis")
@example(between="[", scheme="rediss")
def test_a_password_is_never_shown_even_if_nobody_escaped_it(between: str, scheme: str) -> None:
    marked = f"sesame{between}sesame"
    url = f"{scheme}://:{marked}@localhost:6379/0"
    with suppress(SettingsError):
        read(url)
    assert "sesame" not in broker.shown(url)


# Passwords.


def test_a_wrong_password_is_not_waited_for(redis: RedisForTests) -> None:
    wrong = redis.url.replace(redis.server.password, "open-sesame")
    with pytest.raises(OutsideError, match="refuses this user or password") as told:
        broker.answers(wrong)
    assert "sesame" not in str(told.value)
    assert broker.answers(redis.url)


def test_a_redis_that_is_not_there_does_not_answer() -> None:
    url = f"redis://127.0.0.1:{private_redis.free_port()}/0"
    assert not broker.answers(url)
    with closing(broker.client(url)) as client, pytest.raises(OutsideError), broker.reached(url):
        client.ping()


# TLS, by a small program in front of Redis.


@dataclass(frozen=True)
class Certificate:
    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """For 127.0.0.1 and by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    about = ["-days", "2", "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(made.key), "-out", str(made.certificate)]
    command = ["openssl", "req", "-x509", *key, *about, *files]
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def secure_port(redis: RedisForTests, certificate: Certificate) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    with tls_before(redis.server.port, context) as port:
        yield port


@contextmanager
def tls_before(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Take TLS connections and pass on what they say to a port of this machine."""
    ended, threads = Event(), list[Thread]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def accept() -> None:
            while not ended.is_set():
                with suppress(TimeoutError):
                    outer, _ = server.accept()
                    threads.append(Thread(target=serve, args=(outer,)))
                    threads[-1].start()

        def serve(outer: socket.socket) -> None:
            outer.settimeout(5)
            with (
                outer,
                suppress(OSError),
                socket.create_connection(("127.0.0.1", port)) as inner,
                context.wrap_socket(outer, server_side=True) as secure,
            ):
                passed_on(secure, inner, ended)

        threads.append(Thread(target=accept))
        threads[0].start()
        yield server.getsockname()[1]
        ended.set()
        for thread in threads:
            thread.join()


def passed_on(secure: ssl.SSLSocket, inner: socket.socket, ended: Event) -> None:
    while not ended.is_set():
        ready = [secure] if secure.pending() else select.select([secure, inner], [], [], 0.05)[0]
        for one in ready:
            block = one.recv(65536)
            if not block:
                return
            (inner if one is secure else secure).sendall(block)


def secured(redis: RedisForTests, port: int, options: str = "", host: str = "127.0.0.1") -> str:
    url = f"rediss://:{redis.server.password}@{host}:{port}/0{options}"
    assert read(url) == url
    return url


def test_a_certificate_of_a_known_authority_is_trusted(
    redis: RedisForTests, secure_port: int, certificate: Certificate
) -> None:
    url = secured(redis, secure_port, f"?ssl_ca_certs={certificate.certificate}")
    with closing(broker.client(url)) as client:
        client.set("by", "tls")
    assert redis.client.get("by") == "tls"


@pytest.mark.parametrize("options", ["", "?ssl_cert_reqs=required"])
def test_any_other_certificate_is_refused_at_once_and_by_default(
    redis: RedisForTests, secure_port: int, options: str
) -> None:
    with pytest.raises(OutsideError, match="not trusted") as told:
        broker.answers(secured(redis, secure_port, options))
    assert "ssl_ca_certs" in told.value.fix


def test_a_certificate_for_another_name_is_refused(
    redis: RedisForTests, secure_port: int, certificate: Certificate
) -> None:
    options = f"?ssl_ca_certs={certificate.certificate}"
    with pytest.raises(OutsideError, match="not trusted"):
        broker.answers(secured(redis, secure_port, options, "localhost"))
    url = secured(redis, secure_port, f"{options}&ssl_check_hostname=false", "localhost")
    assert broker.answers(url)


def test_who_asks_for_it_gets_no_check(redis: RedisForTests, secure_port: int) -> None:
    assert broker.answers(secured(redis, secure_port, "?ssl_cert_reqs=none"))


# Celery's transport.


def sent(url: str, queue: str) -> None:
    """Send something by our Celery."""
    app = celeryapp.make_app(url)
    try:
        celeryapp.send(app, "polypress.nothing", {}, queue=queue, priority=0)
    finally:
        app.close()
        pools.reset()  # they would give the next address the connection of the last


def test_celery_gets_the_same_password_and_number(redis: RedisForTests) -> None:
    sent(redis.url, "plain")
    assert redis.client.llen("plain") == 1
    assert broker.transport_url(redis.url) == redis.url


def test_celery_checks_certificates_as_well(
    redis: RedisForTests, secure_port: int, certificate: Certificate
) -> None:
    sent(secured(redis, secure_port, f"?ssl_ca_certs={certificate.certificate}"), "secure")
    assert redis.client.llen("secure") == 1
    with pytest.raises(celeryapp.Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        sent(secured(redis, secure_port), "never")
    assert not redis.client.exists("never")


def test_a_socket_in_the_file_system_serves_both(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with running(tmp_path / "redis", settings={"unixsocket": str(path)}) as redis:
        url = f"unix://:{redis.server.password}@{path}?db=0"
        assert read(url) == url
        assert broker.answers(url)
        sent(url, "near")
        assert redis.client.llen("near") == 1
        assert broker.shown(url) == f"unix://{path}"


def test_what_an_address_says_of_its_safety() -> None:
    assert redis_url.is_encrypted("rediss://localhost/0")
    assert not redis_url.is_encrypted("redis://localhost/0")
    assert redis_url.has_password("redis://:sesame@localhost/0")
    assert redis_url.host_of("redis://:sesame@[::1]:1/0") == "::1"
    assert not redis_url.host_of("unix:///run/redis.sock")
