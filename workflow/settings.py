"""`polypress.toml` and the environment, validated once, as one frozen object."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from workflow.errors import Place, PolypressError, SettingsError
from workflow.locales import canonical

FILE_NAME = "polypress.toml"
LARGEST_FILE = 1_000_000
"""Bytes; a settings file beyond this is a mistake."""


def _tag(value: str) -> str:
    try:
        return canonical(value)
    except PolypressError as error:
        raise ValueError(f"{error.what}; {error.fix}") from None


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if not value or path.is_absolute() or ".." in path.parts or "\\" in value or "\0" in value:
        raise ValueError("must be a path inside the project, relative, with / and without ..")
    return str(path)


Tag = Annotated[str, AfterValidator(_tag)]
Inside = Annotated[str, AfterValidator(_inside)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ProjectTable(_Table):
    """`[project]`: what the project is called, its source language and its target locales."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: Tag
    locales: Annotated[tuple[Tag, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _distinct(self) -> ProjectTable:
        tags = (self.source, *self.locales)
        twice = sorted({tag for tag in tags if tags.count(tag) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is named twice among source and locales")
        return self


class CollectionTable(_Table):
    """`[collections.<name>]`: where items lie, their format, and which fields are text."""

    path: Inside
    format: Literal["markdown", "digest"]
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, strict=False)] = ("body",)
    notes: FieldName = "note"
    domain: Name | None = None


class RoutesTable(_Table):
    """`[routes]`: Argos' own code for a locale, and pivots that shall be taken."""

    codes: Mapping[Tag, Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = {}
    via: Mapping[Tag, Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = {}


class EngineTable(_Table):
    """`[engine]`: how to decode; the defaults are argostranslate's."""

    beam_size: Annotated[int, Field(ge=1, le=32)] = 4
    length_penalty: Annotated[float, Field(ge=0, le=5)] = 0.2
    threads: Annotated[int, Field(ge=0, le=256)] = 0


class ModelsTable(_Table):
    """`[models]`: where packages are installed, and where an Argos index is read from."""

    path: str = "var/packages"
    index: str = ""


class PublishTable(_Table):
    """`[publish]`: where bundles go, and what may stand in them."""

    path: Inside = "var/public"
    machine: Literal["labelled", "never"] = "labelled"
    fallback: Literal["source", "withhold"] = "source"


class Settings(_Table):
    """All settings of a project; the keys are those of `polypress.toml`."""

    project: ProjectTable
    collections: Annotated[Mapping[Name, CollectionTable], Field(min_length=1)]
    routes: RoutesTable = RoutesTable()
    engine: EngineTable = EngineTable()
    models: ModelsTable = ModelsTable()
    publish: PublishTable = PublishTable()

    @model_validator(mode="after")
    def _domains_differ(self) -> Settings:
        domains = [table.domain or name for name, table in self.collections.items()]
        twice = sorted({domain for domain in domains if domains.count(domain) > 1})
        if twice:
            raise ValueError(f"the gettext domain {', '.join(twice)} is used by two collections")
        return self


def load(root: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read `polypress.toml` in `root`, with `POLYPRESS_PACKAGES` and `POLYPRESS_INDEX` over it.

    Raises SettingsError that names the file, the key, and what is allowed.
    """
    path = root / FILE_NAME
    table = _read(path)
    _overlay(table, os.environ if environment is None else environment)
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise _explained(error, path) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            "there is no such file",
            fix="run `polypress init` here, or name the project's folder with --project",
            place=Place(path=str(path)),
        ) from None
    except OSError as error:
        raise SettingsError(f"{error.strerror}", place=Place(path=str(path))) from error
    return _parsed(raw, path)


def _parsed(raw: bytes, path: Path) -> dict[str, Any]:
    if len(raw) > LARGEST_FILE:
        raise SettingsError(f"larger than {LARGEST_FILE:,} bytes", place=Place(path=str(path)))
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        place = Place(path=str(path), line=line)
        raise SettingsError("not UTF-8", fix="save the file as UTF-8", place=place) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        place = Place(path=str(path), line=int(found[1]) if found else 0)
        raise SettingsError(f"not TOML: {error}", fix="see docs/settings.md", place=place) from None


def _overlay(table: dict[str, Any], environment: Mapping[str, str]) -> None:
    """The environment goes over the file: what differs between machines is not in git."""
    for name, key in (("POLYPRESS_PACKAGES", "path"), ("POLYPRESS_INDEX", "index")):
        if environment.get(name):
            models = table.setdefault("models", {})
            if isinstance(models, dict):
                models[key] = environment[name]


def _explained(error: ValidationError, path: Path) -> SettingsError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return SettingsError(
            "unknown key",
            fix=f"allowed here: {_siblings(first['loc'])}",
            place=Place(path=str(path), key=key),
        )
    message = first["msg"].removeprefix("Value error, ")
    more = error.error_count() - 1
    also = f"; {more} more in this file" if more else ""
    return SettingsError(
        f"{message}{also}",
        fix="docs/settings.md describes each key",
        place=Place(path=str(path), key=key),
    )


_TABLES: dict[str, type[BaseModel]] = {
    "project": ProjectTable,
    "collections": CollectionTable,
    "routes": RoutesTable,
    "engine": EngineTable,
    "models": ModelsTable,
    "publish": PublishTable,
}


def _siblings(loc: tuple[int | str, ...]) -> str:
    table = Settings if len(loc) == 1 else _TABLES.get(str(loc[0]), Settings)
    return ", ".join(sorted(table.model_fields))
