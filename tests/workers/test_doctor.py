from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.argos.made_packages import package
from tests.cli.program import Program, program
from tests.fake_engine import package_ref
from tests.workers.redis_for_tests import RedisForTests, running
from workers import broker, presence
from workers.doctor_address import encrypted, protected
from workers.doctor_machine import MEBIBYTE, room
from workers.doctor_redis import clock, judged, served
from workers.findings import Finding, Level
from workers.lease import KEY, Lease
from workers.presence import Presence
from workflow.adapters.sqlite.connection import Database
from workflow.jobs import Worker

ES, AR = package_ref("en", "es"), package_ref("en", "ar")
SECRET = "canary-of-a-password"  # noqa: S105 (it opens nothing)
LOOPBACK = "127.0.0.1"


@pytest.fixture
def polypress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    return program(tmp_path, monkeypatch, capsys)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisForTests]:
    with running(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture
def redis(server: RedisForTests, monkeypatch: pytest.MonkeyPatch) -> RedisForTests:
    server.client.flushall()
    monkeypatch.setenv(broker.VARIABLE, server.url)
    return server


def examined(polypress: Program) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in polypress("doctor", "--json").json}


def only(findings: Iterator[Finding]) -> Finding:
    (found,) = findings
    return found


# On the machine.


def test_a_sound_project_without_a_queue_has_nothing_wrong(polypress: Program) -> None:
    polypress("translate")
    ran = polypress("doctor")
    assert ran.code == 0
    for text in (
        "Polypress",
        "Python",
        "route to es",
        str(ES)[:6],
        "2 can be read",
        "no queue in use",
    ):
        assert text in ran.out
    assert examined(polypress)["database"]["level"] == "ok"


def test_a_folder_without_a_project_is_an_error_and_the_rest_is_looked_at(
    polypress: Program, tmp_path: Path
) -> None:
    ran = polypress("doctor", project=tmp_path / "nowhere")
    assert ran.code == 1
    assert "polypress init" in ran.out
    assert "Python" in ran.out


def test_a_machine_for_workers_needs_packages_and_no_project(
    polypress: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polypress("models", "install", str(package(tmp_path / "en_es.argosmodel")))
    monkeypatch.setenv("POLYPRESS_PACKAGES", str(polypress.root / "var" / "packages"))
    ran = polypress("doctor", project=tmp_path / "nowhere")
    assert ran.code == 0
    assert "1 as installed: en_es@1.0#" in " ".join(ran.out.split())


def test_a_damaged_package_is_named_with_what_to_do(polypress: Program, tmp_path: Path) -> None:
    polypress("models", "install", str(package(tmp_path / "en_es.argosmodel")))
    (weights,) = (polypress.root / "var" / "packages").rglob("model.bin")
    weights.write_bytes(b"other weights")
    found = examined(polypress)["package en_es@1.0"]
    assert found["level"] == "error"
    assert "model.bin" in found["found"]
    assert found["fix"]


def test_a_locale_without_a_route_is_an_error(polypress: Program) -> None:
    polypress.engine.packages = (ES,)
    assert polypress("doctor").code == 1
    assert examined(polypress)["route to ar"]["level"] == "error"


def test_a_broken_catalog_is_told_with_its_line(polypress: Program) -> None:
    polypress("translate")
    text = polypress.catalog().read_text()
    polypress.catalog().write_text(text + '\nmsgid "unfinished\n')
    found = examined(polypress)["catalog es/notices"]
    assert f"notices.po:{len(text.splitlines()) + 2}" in found["found"]
    assert examined(polypress)["catalogs"]["found"] == "1 can be read"


def test_a_damaged_database_is_told(polypress: Program) -> None:
    file = polypress.root / "var" / "polypress.db"
    assert examined(polypress)["database"]["found"] == "not made yet"
    assert not file.exists()
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"no database at all" * 100)
    assert examined(polypress)["database"]["level"] == "error"


def test_pages_that_are_damaged_are_found_by_the_quick_check(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Database(path).transaction() as connection:
        connection.executemany(
            "INSERT INTO snapshot VALUES (?, ?)", [(f"{n:05}" * 20, "x" * 100) for n in range(500)]
        )
    assert Database(path).check() == ""
    copy = tmp_path / "b.db"
    shutil.copy(path, copy)
    body = bytearray(copy.read_bytes())
    for start in range(len(body) // 2, len(body) // 2 + 4096):
        body[start] = 0xFF
    copy.write_bytes(body)
    assert Database(copy).check()


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (99, 1_000, "error"),
        (200, 1_000, "warning"),
        (2_000, 100_000, "warning"),
        (9_000, 9_999, "ok"),
    ],
)
def test_room_on_a_disk(free: int, total: int, level: str) -> None:
    assert room("x", free=free * MEBIBYTE, total=total * MEBIBYTE).level == level


# In Redis.


def test_a_sound_redis_without_hub_and_workers_gives_warnings(
    polypress: Program, redis: RedisForTests
) -> None:
    assert redis.client.ping()
    assert polypress("doctor").code == 0
    found = examined(polypress)
    for name in ("Redis", "Redis persistence", "Redis eviction", "Redis memory", "Redis clock"):
        assert found[name]["level"] == "ok", found[name]
    assert found["Redis persistence"]["found"] == "append-only, everysec"
    assert "Redis settings" not in found
    assert found["hub"]["level"] == found["workers"]["level"] == "warning"


def test_hub_and_workers_are_seen_and_what_no_worker_has(
    polypress: Program, redis: RedisForTests
) -> None:
    lease = Lease(redis.url, polypress.root)
    lease.keep()
    other = str(package_ref("en", "ar", "1.1"))
    said = {"name": "w1", "packages": [str(ES), other], "concurrency": 2, "note": "one is unfit"}
    Presence(redis.url, lambda: said).beat()
    found = examined(polypress)
    assert redis.client.exists(KEY)
    assert found["hub"]["level"] == "ok"
    assert found["workers"]["found"] == "1: w1"
    assert found[f"workers for {AR.name}"]["found"] == f"none has {AR}, but {other}"
    assert found["worker w1"]["found"] == "one is unfit"
    assert f"workers for {ES.name}" not in found
    assert presence.look(redis.client)[0]


def test_a_redis_that_may_drop_messages_is_an_error(
    polypress: Program, redis: RedisForTests
) -> None:
    redis.client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert polypress("doctor").code == 1
        assert examined(polypress)["Redis eviction"]["level"] == "error"
    finally:
        redis.client.config_set("maxmemory-policy", "noeviction")


def test_a_user_who_may_not_ask_gets_warnings(
    polypress: Program, redis: RedisForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis.client.acl_setuser(
        "narrow",
        enabled=True,
        passwords=[f"+{SECRET}"],
        keys=["*"],
        commands=["+@all", "-config", "-info"],
    )
    address = redis.url.rpartition("@")[2]
    monkeypatch.setenv(broker.VARIABLE, f"redis://narrow:{SECRET}@{address}")
    ran = polypress("doctor")
    assert ran.code == 0
    assert "cannot be read" in ran.out
    assert SECRET not in ran.out + ran.err


@pytest.mark.parametrize("options", [(), ("--json",), ("--quiet",)])
def test_a_wrong_password_and_no_redis_are_5_and_no_secret_is_shown(
    polypress: Program,
    redis: RedisForTests,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
) -> None:
    for url in (
        f"redis://:{SECRET}@{redis.url.rpartition('@')[2]}",
        f"redis://:{SECRET}@{LOOPBACK}:1/0",
    ):
        monkeypatch.setenv(broker.VARIABLE, url)
        ran = polypress("doctor", *options)
        assert ran.code == 5
        assert "Redis" in ran.out + ran.err
        assert SECRET not in ran.out + ran.err


def test_an_address_that_is_none_is_an_error_and_not_shown(
    polypress: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(broker.VARIABLE, f"http://:{SECRET}@host")
    ran = polypress("doctor", "--json")
    assert ran.code == 1
    assert SECRET not in ran.out + ran.err
    assert any("rediss://" in one["fix"] for one in json.loads(ran.out))


@pytest.mark.parametrize(
    ("told", "name", "level"),
    [
        ({"redis_version": "5.0.7"}, "Redis version", "error"),
        ({"redis_version": "6.2.14"}, "Redis version", "warning"),
        ({"redis_version": "7.4.0"}, "Redis version", "ok"),
        ({"aof_enabled": 0}, "Redis persistence", "warning"),
        ({"appendonly": "yes", "appendfsync": "no"}, "Redis persistence", "warning"),
        ({"appendonly": "yes", "appendfsync": "everysec"}, "Redis persistence", "ok"),
        ({"aof_last_write_status": "err"}, "Redis persistence", "error"),
        ({"role": "slave"}, "Redis role", "error"),
        ({"maxmemory_policy": "volatile-ttl"}, "Redis eviction", "error"),
        ({"used_memory": 5, "maxmemory": 0}, "Redis memory", "ok"),
        ({"used_memory": 90, "maxmemory": 100}, "Redis memory", "warning"),
        ({"used_memory": 100, "maxmemory": 100}, "Redis memory", "error"),
    ],
)
def test_what_redis_says_is_judged(told: dict[str, Any], name: str, level: str) -> None:
    found = only(judged(told))
    assert (found.name, str(found.level)) == (name, level)
    assert found.fix or level == "ok"


def test_clocks_that_differ_by_more_than_a_minute_are_told() -> None:
    assert clock(5).level is clock(-59).level is Level.OK
    assert clock(61).level is clock(-3600).level is Level.WARNING


def test_workers_that_have_all_give_one_good_finding() -> None:
    found = only(served([Worker("h:1", "w1", (str(ES),))], [ES]))
    assert found.level is Level.OK


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("redis://redis:6379/0", True),
        ("rediss://10.0.0.1/0", True),
        ("redis://:x@redis:6379/0", False),
        ("redis://127.0.0.1/0", False),
        ("redis://localhost/0", False),
        ("unix:///run/redis.sock", False),
    ],
)
def test_a_redis_of_others_needs_a_password(url: str, warns: bool) -> None:  # noqa: FBT001
    assert bool(list(protected(url))) is warns


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("redis://:x@8.8.8.8:6379/0", True),
        ("redis://:x@[2606:4700::1]:6379/0", True),
        ("rediss://:x@8.8.8.8:6379/0", False),
        ("redis://:x@10.0.0.1/0", False),
        ("redis://localhost/0", False),
        (f"redis://{'x' * 70}.invalid/0", False),
        ("unix:///run/redis.sock", False),
    ],
)
def test_texts_do_not_cross_the_internet_in_the_open(url: str, warns: bool) -> None:  # noqa: FBT001
    assert bool(list(encrypted(url))) is warns
