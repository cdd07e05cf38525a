"""The container files: sound as they stand, and every command in them run outside a container."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.request import urlopen

import pytest

from tests.documentation import DOCS, ROOT, blocks, codes, rows, section
from tests.workers import container_files as files
from tests.workers.redis_for_tests import ends_with_us
from workers import broker, main, private_redis

OPERATORS = DOCS / "operators.md"
BIN = Path(sys.executable).parent
GIVEN = {"REDIS_PASSWORD": "letters-and_digits1"}
TEXT = files.COMPOSE.read_text("utf-8")
STEPS = files.steps(files.DOCKERFILE.read_text("utf-8"))
IGNORED = files.Ignored(files.IGNORE.read_text("utf-8"))
PATIENCE = 20.0
MOUNTED = "alive" in {command.name for command in main.app.registered_commands}


@pytest.fixture(scope="module")
def compose() -> files.Compose:
    return files.load(TEXT, GIVEN)


# docker-compose.yml as it stands.


def test_it_holds_redis_one_hub_workers_that_can_be_many_and_a_web_server(
    compose: files.Compose,
) -> None:
    assert set(compose.services) == {"redis", "hub", "worker", "web"}
    assert compose.services["worker"].hostname is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    restart: unless-stopped\n", "    restart: unless-stoped\n"),
        ("  init: true\n", "  innit: true\n"),
        ("    hostname: hub", "    container_name: hub"),
        ("    hostname: hub", "    ports: ['6379:6379']"),
        ("    hostname: hub", "    user: root\n    user: hub"),
        ("redis:7.2-bookworm", "redis:latest"),
        ("redis:7.2-bookworm", "redis"),
        ("redis:7.2-bookworm", "registry.example/redis:7.2"),
        ("${RUN_AS:-1000:1000}", "$RUN_AS"),
        ("${RUN_AS:-1000:1000}", "${RUN_AS}"),
        ("packages:/packages:ro", "other:/packages:ro"),
        ("stop_grace_period: 30s", "stop_grace_period: 30"),
    ],
)
def test_a_slip_in_it_would_be_found(old: str, new: str) -> None:
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    with pytest.raises(ValueError, match=r"."):
        files.load(changed, GIVEN)


def test_without_a_password_it_says_what_to_do_and_there_is_none_in_it() -> None:
    with pytest.raises(ValueError, match=r"REDIS_PASSWORD: set it in \.env"):
        files.load(TEXT, {})
    with pytest.raises(ValueError, match=r"REDIS_PASSWORD: set it in \.env"):
        files.load(TEXT, {"REDIS_PASSWORD": ""})
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_every_variable_is_described_and_none_else() -> None:
    described = {codes(row[0])[0] for row in rows(section(OPERATORS, "## With containers"))}
    assert described == files.variables(TEXT)


def test_no_part_runs_as_root_or_can_become_it(compose: files.Compose) -> None:
    for name, service in compose.services.items():
        assert service.user.partition(":")[0] not in {"root", "0"}, name
        assert service.cap_drop == ["ALL"], name
        assert service.security_opt == ["no-new-privileges:true"], name
        assert service.read_only, name


def test_the_user_is_that_of_the_image_and_can_be_chosen() -> None:
    chosen = files.load(TEXT, GIVEN | {"RUN_AS": "1234:5678"})
    for name in ("hub", "worker", "web"):
        service = chosen.services[name]
        assert service.build
        assert service.user == service.build.args["RUN_AS"] == "1234:5678"


def test_no_part_of_the_queue_has_a_way_out_or_in(compose: files.Compose) -> None:
    for name, service in compose.services.items():
        if name != "web":
            assert all(compose.networks[one].internal for one in service.networks)
            assert service.ports == []


def test_the_web_server_is_reached_from_this_machine_alone_unless_somebody_says_so(
    compose: files.Compose,
) -> None:
    assert compose.services["web"].ports == ["127.0.0.1:8480:8480"]
    opened = files.load(TEXT, GIVEN | {"WEB_ADDRESS": "0.0.0.0:80"}).services["web"]
    assert opened.ports == ["0.0.0.0:80:8480"]


def test_the_web_server_sees_what_is_published_and_nothing_else(compose: files.Compose) -> None:
    web = compose.services["web"]
    (mount,) = web.volumes
    assert isinstance(mount, files.BindMount)
    assert (mount.source, mount.target, mount.read_only) == ("./var/public", "/public", True)
    assert not mount.bind.create_host_path
    assert (web.environment, web.depends_on) == ({}, {})
    others = [one for name, one in compose.services.items() if name != "web"]
    assert not set(web.networks) & {name for one in others for name in one.networks}
    given = GIVEN | {"PROJECT": "../notices", "PUBLIC": "public"}
    (chosen,) = files.load(TEXT, given).services["web"].volumes
    assert isinstance(chosen, files.BindMount)
    assert chosen.source == "../notices/public"


def test_every_part_of_the_queue_waits_for_redis_and_all_start_again(
    compose: files.Compose,
) -> None:
    for name, service in compose.services.items():
        assert service.restart == "unless-stopped"
        if name not in {"redis", "web"}:
            assert service.depends_on["redis"].condition == "service_healthy"


def test_workers_may_only_read_packages_and_have_no_project(compose: files.Compose) -> None:
    assert compose.services["worker"].volumes == ["packages:/packages:ro"]
    assert "packages:/packages" in compose.services["hub"].volumes


def test_the_project_is_the_folder_itself_or_another_that_is_there() -> None:
    for given, source in ((GIVEN, "."), (GIVEN | {"PROJECT": "../notices"}, "../notices")):
        hub = files.load(TEXT, given).services["hub"]
        (mount,) = (one for one in hub.volumes if isinstance(one, files.BindMount))
        assert (mount.source, mount.target) == (source, "/project")
        assert not mount.bind.create_host_path


def test_the_password_is_in_no_command_line(compose: files.Compose) -> None:
    for service in compose.services.values():
        assert GIVEN["REDIS_PASSWORD"] not in " ".join(service.command + service.healthcheck.test)


def test_docker_compose_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(ROOT / name, tmp_path)
    for program in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(program[0]) and not run([*program, "version"], tmp_path).returncode:
            break
    else:
        pytest.skip("there is no docker compose here")
    done = run([*program, "config", "--quiet"], tmp_path, os.environ | GIVEN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Dockerfile and .dockerignore as they stand.


def test_there_are_two_stages_of_a_pinned_python() -> None:
    first, last = [step.rest for step in STEPS if step.name == "FROM"]
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+ AS build", first)
    assert first == f"{last} AS build"


def test_the_image_runs_as_the_same_user_as_the_compose_file(compose: files.Compose) -> None:
    *_, user = (step.rest for step in STEPS if step.name == "USER")
    (default,) = (files.assignments(step.rest) for step in STEPS if step.name == "ARG")
    assert user == "$RUN_AS"
    assert default["RUN_AS"] == compose.services["hub"].user


def test_what_is_copied_is_there_and_sent_to_the_build() -> None:
    for step in STEPS:
        sources = step.rest.split()[:-1]
        if step.name == "COPY" and not sources[0].startswith("--from=build"):
            for source in sources:
                assert list(files.sent([source], IGNORED)), source


def test_nothing_else_is_sent_to_the_build() -> None:
    for path in (
        ".env",
        ".git/config",
        ".venv/bin/python",
        "var/polypress.db",
        "content/notices/a.md",
        "locales/es/LC_MESSAGES/notices.po",
        "packages/translate-en_es-1_0.argosmodel",
        "workers/__pycache__/hub.cpython-311.pyc",
        "workflow/cli/__pycache__/app.cpython-311.pyc",
    ):
        assert IGNORED(PurePosixPath(path)), path


@pytest.mark.parametrize(
    ("patterns", "path", "ignored"),
    [
        ("*", "a/b", True),
        ("*\n!a", "a/b", False),
        ("*\n!a/b", "a/b", False),
        ("*\n!a/b", "a/c", True),
        ("*\n!a\na/b", "a/b/c", True),
        ("**/x", "x", True),
        ("**/x", "a/b/x/c", True),
        ("a/*.py", "a/b/c.py", False),
        ("?.md", "ab.md", False),
    ],
)
def test_patterns_are_read_as_docker_reads_them(patterns: str, path: str, *, ignored: bool) -> None:
    assert files.Ignored(patterns)(PurePosixPath(path)) is ignored


def test_what_is_fetched_is_compared_with_hashes() -> None:
    fetching = [step.rest for step in STEPS if "pip" in step.rest and " install " in step.rest]
    for command in fetching:
        assert "--no-deps" in command
        assert ("--require-hashes" in command) == ("-r requirements/" in command)
        assert "--require-hashes" in command or "--no-index" in command
    for name in ("run.txt", "build.txt"):
        text = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ")
        assert all("--hash=sha256:" in line for line in text.splitlines())


def test_the_wheel_is_built_with_what_pyproject_asks_for() -> None:
    (wanted,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"][
        "requires"
    ]
    pinned = (ROOT / "requirements" / "build.txt").read_text("utf-8")
    assert pinned.startswith(f"{wanted} ")


# Everything is run.


def run(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@dataclass(slots=True)
class Outside:
    """The containers' folders and addresses on this machine, and what runs."""

    folder: Path
    port: int
    web: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """A part of a command or of an environment with everything put in its place here."""
        text = text.replace("@redis:", "@127.0.0.1:").replace("bind * -::*", "bind 127.0.0.1")
        text = text.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - it is taken away
        text = re.sub(r"\b6379\b", str(self.port), text)
        text = re.sub(r"\b8480\b", str(self.web), text)
        places = r"(?<![\w./])(?=/(?:project|packages|public|tmp|data|opt|build)\b)"
        return re.sub(places, str(self.folder), text)

    def command(self, words: Sequence[str]) -> list[str]:
        return [self.here(word) for word in words]

    def environment(self, service: files.Service) -> dict[str, str]:
        """What the image and the service set, and nothing of this machine but programs."""
        image = {
            name: value
            for step in STEPS
            if (step.stage, step.name) == (2, "ENV")
            for name, value in files.assignments(step.rest).items()
        }
        redis = Path(private_redis.find_program()).parent
        set_there = (image | service.environment).items()
        here = {name: self.here(value) for name, value in set_there}
        return here | {"PATH": f"{BIN}:{redis}:/usr/bin:/bin"}

    def start(self, name: str, service: files.Service, cwd: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                self.command(service.command),
                cwd=self.folder / cwd,
                env=self.environment(service),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=ends_with_us(),  # noqa: PLW1509 (one call into the kernel, no lock)
            )

    def run(self, service: files.Service, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command as `docker compose run` and health checks do."""
        return run(self.command(words), self.folder / "project", self.environment(service))

    def becomes(self, name: str, ready: Callable[[], bool]) -> None:
        """Wait until a part is ready; fail with its log if it ends or takes too long."""
        end = time.monotonic() + PATIENCE
        while not ready():
            if self.running[name].poll() is not None or time.monotonic() > end:
                pytest.fail((self.folder / f"{name}.log").read_text("utf-8", errors="replace"))
            time.sleep(0.05)

    def healthy(self, service: files.Service, environment: Mapping[str, str] = {}) -> bool:
        """Whether a health check is content, with some of the environment replaced."""
        changed = service.model_copy(
            update={"environment": service.environment | dict(environment)}
        )
        return self.run(changed, changed.healthcheck.command).returncode == 0

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the commands of the documentation write into `.env`."""
    folder = tmp_path_factory.mktemp("env")
    lines = [line for line in documented() if not line.startswith("docker ")]
    done = run(["/bin/sh", "-euc", "\n".join(lines)], folder)
    assert done.returncode == 0, done.stderr
    file = folder / ".env"
    assert file.stat().st_mode & 0o077 == 0
    return files.assignments(file.read_text("utf-8"))


def documented() -> list[str]:
    """The lines of the first block of the documentation's part on containers."""
    (block, *_) = [block for block in blocks(OPERATORS, "sh") if "REDIS_PASSWORD" in block.text]
    return block.text.splitlines()


@pytest.fixture(scope="module")
def outside(
    tmp_path_factory: pytest.TempPathFactory, given: dict[str, str]
) -> Iterator[tuple[Outside, dict[str, files.Service]]]:
    """All services, started in their order, with packages as the documentation installs them."""
    folder = tmp_path_factory.mktemp("containers")
    made = Outside(folder, private_redis.free_port(), private_redis.free_port())
    services = files.load(TEXT, given).services
    for name in ("packages", "tmp", "data", "empty"):
        (folder / name).mkdir()
    for name in ("content", "locales", "packages"):
        shutil.copytree(ROOT / name, folder / "project" / name)
    shutil.copy(ROOT / "polypress.toml", folder / "project")
    (folder / "project" / "var" / "public").mkdir(parents=True)
    (folder / "public").symlink_to(folder / "project" / "var" / "public")
    try:
        made.start("redis", services["redis"], "data")
        made.becomes("redis", lambda: made.healthy(services["redis"]))
        made.start("hub", services["hub"], "project")
        made.start("worker", services["worker"], "empty")
        made.start("web", services["web"], "empty")
        yield made, services
    finally:
        made.end()


Stack = tuple[Outside, dict[str, files.Service]]


def inside() -> list[list[str]]:
    """The commands that the documentation runs in the hub's container."""
    shape = re.compile(r"^docker compose run --rm hub (polypress .*)$", re.MULTILINE)
    return [line.split() for block in blocks(OPERATORS, "sh") for line in shape.findall(block.text)]


def test_what_is_documented_for_the_hubs_container_runs(outside: Stack) -> None:
    made, services = outside
    commands = inside()
    assert commands
    for command in commands:
        done = made.run(services["hub"], command)
        assert done.returncode == 0, (command, done.stderr)
    assert list((made.folder / "packages").glob("en_es-*"))


def test_the_web_server_gives_out_what_was_published_and_is_healthy_then(outside: Stack) -> None:
    made, services = outside
    made.becomes("web", lambda: made.healthy(services["web"]))
    with urlopen(f"http://127.0.0.1:{made.web}/v1/") as got:
        assert json.load(got)["serial"] == 1


def has_drafts(catalog: Path) -> bool:
    return b"polypress: machine" in catalog.read_bytes()


def test_hub_and_worker_do_what_they_are_for(outside: Stack) -> None:
    made, _ = outside
    catalogs = list((made.folder / "project" / "locales").rglob("notices.po"))
    made.becomes("worker", lambda: any(map(has_drafts, catalogs)))


@pytest.mark.parametrize("name", ["hub", "worker"])
def test_a_part_starts_as_written_and_gives_signs_of_life(outside: Stack, name: str) -> None:
    made, _ = outside
    made.becomes(name, (made.folder / "tmp" / "alive" / name).exists)


@pytest.mark.skipif(not MOUNTED, reason="there is no `polypress alive` yet")
@pytest.mark.parametrize("name", ["hub", "worker"])
def test_a_health_check_is_content_with_a_part_that_runs(outside: Stack, name: str) -> None:
    made, services = outside
    made.becomes(name, lambda: made.healthy(services[name]))


@pytest.mark.skipif(not MOUNTED, reason="there is no `polypress alive` yet")
def test_a_health_check_tells_of_a_part_that_does_not_run(outside: Stack) -> None:
    made, services = outside
    assert not made.healthy(services["hub"], {"POLYPRESS_ALIVE": "/project"})


def test_redis_keeps_what_it_is_given(outside: Stack, given: dict[str, str]) -> None:
    made, _ = outside
    client = broker.client(f"redis://:{given['REDIS_PASSWORD']}@127.0.0.1:{made.port}/0")
    wanted = ("appendonly", "appendfsync", "save", "maxmemory-policy", "crash-log-enabled")
    try:
        found = {name: client.config_get(name)[name] for name in wanted}
        assert found == {name: private_redis.SETTINGS[name].strip('"') for name in wanted}
        assert client.config_get("dir")["dir"] == str(made.folder / "data")
    finally:
        client.close()


@pytest.mark.parametrize("password", ["", "wrong"])
def test_redis_is_healthy_only_to_who_knows_the_password(outside: Stack, password: str) -> None:
    made, services = outside
    assert made.healthy(services["redis"])
    assert not made.healthy(services["redis"], {"REDISCLI_AUTH": password})


@pytest.mark.parametrize("password", ["a b", "a@b", 'a"b', "a$(id)", "a\nport 1"])
def test_a_password_that_no_address_can_hold_is_refused(outside: Stack, password: str) -> None:
    made, services = outside
    redis = services["redis"]
    other = redis.model_copy(update={"environment": {"REDISCLI_AUTH": password}})
    done = made.run(other, redis.command)
    assert done.returncode == 64
    assert "only letters, digits" in done.stderr


def test_the_password_is_in_no_list_of_processes(outside: Stack, given: dict[str, str]) -> None:
    made, _ = outside
    for process in made.running.values():
        shown = Path(f"/proc/{process.pid}/cmdline")
        if not shown.exists():
            pytest.skip("this system shows no command lines in /proc")
        assert given["REDIS_PASSWORD"].encode() not in shown.read_bytes()


def test_each_part_ends_in_time_when_it_is_told_to(outside: Stack) -> None:
    made, services = outside
    for name in ("web", "worker", "hub", "redis"):
        process, grace = made.running[name], seconds(services[name].stop_grace_period)
        process.send_signal(signal.SIGTERM)
        assert process.wait(min(grace, PATIENCE)) == 0, name


def seconds(duration: str) -> float:
    return float(duration[:-1]) * {"s": 1, "m": 60, "h": 3600}[duration[-1]]


def test_the_image_is_built_as_written_but_for_what_is_fetched(tmp_path: Path) -> None:
    """The packages that the build would fetch are lent by this environment."""
    pytest.importorskip("setuptools")
    made = Outside(tmp_path, 0, 0)
    for name in ("build", "opt"):
        (tmp_path / name).mkdir()
    for step in STEPS:
        if step.name == "COPY" and not step.rest.startswith("--from"):
            copy(step.rest.split(), tmp_path / "build")
        elif step.name == "RUN" and "--require-hashes" not in step.rest:
            done = run(["/bin/sh", "-euc", made.here(step.rest)], tmp_path / "build", built(made))
            assert done.returncode == 0, (step.rest, done.stderr)
    lend(tmp_path / "opt" / "polypress")
    program = tmp_path / "opt" / "polypress" / "bin" / "polypress"
    assert (tmp_path / "packages").is_dir()
    assert program.read_text("utf-8").startswith(f"#!{program.parent}/python")
    *_, command = (step.rest for step in STEPS if step.name == "CMD")
    assert command == '["polypress", "--help"]'
    assert run([str(program), "--help"], tmp_path, {"COLUMNS": "80"}).returncode == 0


def built(made: Outside) -> dict[str, str]:
    """The environment of the build, as a user that may be given folders here."""
    user = f"{os.getuid()}:{os.getgid()}"
    return {"PATH": f"{BIN}:/usr/bin:/bin", "RUN_AS": user, "HOME": str(made.folder)}


def copy(words: list[str], folder: Path) -> None:
    """A COPY: a folder's content, or files into a folder."""
    *sources, target = words
    for path in files.sent(sources, IGNORED):
        tops = [ROOT / source for source in sources if (ROOT / source).is_dir()]
        (base,) = tops or [path.parent]
        place = folder / target / path.relative_to(base)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def lend(environment: Path) -> None:
    """Let an environment import what this one has, after its own."""
    (packages,) = environment.glob("lib/python*/site-packages")
    assert (packages / "workers" / "main.py").exists()
    lent = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "lent.pth").write_text("\n".join(lent), "utf-8")
