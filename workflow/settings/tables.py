"""The tables of `polypress.toml`: which keys there are, and what each may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from workflow.errors import PolypressError
from workflow.locales import canonical
from workflow.presets import Preset

_NOT_IN_A_LINE = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode's categories of control characters, halves of characters, and separators of lines."""


def _tag(value: str) -> str:
    try:
        return canonical(value)
    except PolypressError as error:
        raise ValueError(f"{error.what}; {error.fix}") from None


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in value:
        raise ValueError("must be a path inside the project, relative, with / and without ..")
    return str(path)


def _one_line(value: str) -> str:
    if any(unicodedata.category(character) in _NOT_IN_A_LINE for character in value):
        raise ValueError("must hold no line breaks and no control characters")
    return value


Tag = Annotated[str, AfterValidator(_tag)]
Line = Annotated[str, AfterValidator(_one_line)]
Inside = Annotated[Line, AfterValidator(_inside)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ProjectTable(_Table):
    """`[project]`: what the project is called, its source language and its target locales."""

    name: Annotated[Line, Field(min_length=1, max_length=200)]
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
    """`[engine]`: how to decode; a beam or a length penalty that is set goes before the preset's.

    `threads` 0 is one for each core. `memory` is in MiB and for packages alone; 0 is no limit. The
    default holds 19 packages of Argos' usual size and leaves half of a machine of 4 GiB.
    """

    preset: Preset = "standard"
    beam_size: Annotated[int, Field(ge=1, le=32)] | None = None
    length_penalty: Annotated[float, Field(ge=0, le=5)] | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    memory: Annotated[int, Field(ge=0, le=1_048_576)] = 2048


class ModelsTable(_Table):
    """`[models]`: where packages are installed, and where an Argos index is read from."""

    path: Annotated[Line, Field(min_length=1)] = "var/packages"
    index: Line = ""


class QueueTable(_Table):
    """`[queue]`: how the hub sends batches to workers."""

    window: Annotated[int, Field(ge=1, le=10_000)] = 32
    overdue: Annotated[int, Field(ge=10, le=86_400)] = 300


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
    queue: QueueTable = QueueTable()
    publish: PublishTable = PublishTable()

    @field_validator("collections")
    @classmethod
    def _domains_differ(
        cls, tables: Mapping[str, CollectionTable]
    ) -> Mapping[str, CollectionTable]:
        domains = [table.domain or name for name, table in tables.items()]
        twice = sorted({domain for domain in domains if domains.count(domain) > 1})
        if twice:
            raise ValueError(f"the gettext domain {', '.join(twice)} is used by two collections")
        return tables
