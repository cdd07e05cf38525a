"""docker-compose.yml, Dockerfile and .dockerignore as the tests see them: read, checked, filled.

The models know the parts of the Compose Specification that Polypress uses, and refuse all others
(https://github.com/compose-spec/compose-spec).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tests.documentation import ROOT

COMPOSE, DOCKERFILE = ROOT / "docker-compose.yml", ROOT / "Dockerfile"
IGNORE = ROOT / ".dockerignore"
_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*)|:\?(?P<message>[^}]+))\}|)"
)

Text = Annotated[str, Field(min_length=1)]
Duration = Annotated[str, Field(pattern=r"^[1-9]\d*(s|m|h)$")]
Image = Annotated[str, Field(pattern=r"^[a-z][a-z/-]*:\d+\.\d+[a-z0-9.-]*$")]
"""A name with a tag that pins the minor version, and no host."""
Port = Annotated[str, Field(pattern=r"^[0-9.]+:[0-9]+:[0-9]+$")]
"""Address and port of the machine, and port of the container: never all addresses by accident."""
NamedVolume = Annotated[str, Field(pattern=r"^[a-z]+:/[a-z]+(:ro)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Healthcheck(_Strict):
    test: Annotated[list[Text], Field(min_length=2)]
    interval: Duration
    timeout: Duration
    retries: Annotated[int, Field(ge=1)]
    start_period: Duration

    @property
    def command(self) -> list[str]:
        """What Docker runs in the container."""
        kind, *rest = self.test
        return {"CMD": rest, "CMD-SHELL": ["/bin/sh", "-c", *rest]}[kind]


class Build(_Strict):
    context: Literal["."]
    args: dict[str, str] = {}


class BindOptions(_Strict):
    create_host_path: bool


class BindMount(_Strict):
    type: Literal["bind"]
    source: Text
    target: Text
    read_only: bool = False
    bind: BindOptions


class Dependency(_Strict):
    condition: Literal["service_healthy", "service_started", "service_completed_successfully"]


class Logging(_Strict):
    driver: Literal["local", "json-file"]


class Service(_Strict):
    """No `container_name`: all can be scaled."""

    image: Image | None = None
    build: Build | None = None
    command: Annotated[list[Text], Field(min_length=1)]
    user: Text
    healthcheck: Healthcheck
    restart: Literal["unless-stopped", "always", "on-failure"]
    stop_grace_period: Duration
    environment: dict[str, str]
    volumes: list[NamedVolume | BindMount]
    networks: list[Text]
    ports: list[Port] = []
    logging: Logging
    read_only: bool
    cap_drop: list[Literal["ALL"]]
    security_opt: list[Literal["no-new-privileges:true"]]
    tmpfs: list[Text] = []
    init: bool = False
    hostname: Text | None = None
    mem_limit: Annotated[str, Field(pattern=r"^\d+[mg]$")] | None = None
    depends_on: dict[str, Dependency] = {}

    @model_validator(mode="after")
    def _made_of_one_thing(self) -> Self:
        if (self.image is None) == (self.build is None):
            raise ValueError("either image or build")
        return self


class Network(_Strict):
    internal: bool = False


class Compose(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    services: dict[str, Service]
    networks: dict[str, Network]
    volumes: dict[str, None]

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        for service in self.services.values():
            named = {one.partition(":")[0] for one in service.volumes if isinstance(one, str)}
            if not (
                set(service.depends_on) <= set(self.services)
                and set(service.networks) <= set(self.networks)
                and named <= set(self.volumes)
            ):
                raise ValueError("a service, network or volume that is not there")
        return self


def load(text: str, environment: Mapping[str, str]) -> Compose:
    """A Compose file with its variables filled in. Raises ValueError for what is not right."""
    _refuse_doubles(yaml.compose(text, Loader=yaml.SafeLoader))
    whole = {key: value for key, value in yaml.safe_load(text).items() if key[:2] != "x-"}
    return Compose.model_validate(filled(whole, environment))


def _refuse_doubles(node: yaml.Node | None) -> None:
    """YAML takes the last of two equal keys without a word."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) < len(keys):
            raise ValueError(f"a key stands twice among {keys}")
        for _, value in node.value:
            _refuse_doubles(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubles(value)


def filled(value: Any, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 (YAML holds anything)
    """A value with its variables filled in, as Compose does."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _filled(found, environment), value)
    if isinstance(value, list):
        return [filled(one, environment) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, environment) for key, one in value.items()}
    return value


def _filled(found: re.Match[str], environment: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    if not found["name"]:
        raise ValueError(f"a variable with neither default nor message: {found.string!r}")
    value = environment.get(found["name"]) or found["default"]
    if value is None:
        raise ValueError(f"{found['name']}: {found['message']}")
    return value


def variables(text: str) -> set[str]:
    """The variables that a Compose file asks for."""
    return {found["name"] for found in _VARIABLE.finditer(text) if found["name"]}


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a Dockerfile; `stage` counts the FROMs before it, itself included."""

    stage: int
    name: str
    rest: str


def steps(text: str) -> list[Step]:
    """The instructions of a Dockerfile that has no lines that go on."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found, stage = [], 0
    for line in lines:
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        found.append(Step(stage, name, rest))
    return found


def assignments(rest: str) -> dict[str, str]:
    """The names and values of an ENV or ARG."""
    return {name: value for name, _, value in (each.partition("=") for each in rest.split())}


class Ignored:
    """What a .dockerignore keeps out of the build: the last pattern that matches decides."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        self._rules = [(_pattern(line.removeprefix("!")), line[0] != "!") for line in lines]

    def __call__(self, path: PurePosixPath) -> bool:
        """Whether a path in the folder, or a folder above it, is kept out."""
        names = [each.as_posix() for each in (path, *path.parents)]
        verdicts = [out for shape, out in self._rules if any(map(shape.fullmatch, names))]
        return bool(verdicts) and verdicts[-1]


def _pattern(line: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*|\?)", line.strip("/"))
    meaning = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part) or re.escape(part) for part in parts))


def sent(sources: Sequence[str], ignored: Ignored) -> Iterator[Path]:
    """The files that a COPY takes from the repository."""
    for source in sources:
        top = ROOT / source
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and not ignored(PurePosixPath(path.relative_to(ROOT).as_posix())):
                yield path
