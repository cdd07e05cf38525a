"""The tables of `polypress.toml`: which keys there are, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from workflow.model import COMES, GOES
from workflow.presets import Preset
from workflow.settings.kinds import FieldName, Inside, Line, Name, Table, Tag
from workflow.settings.publishing import Known, PublishTable


class ProjectTable(Table):
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


class CollectionTable(Table):
    """`[collections.<name>]`: where items lie, their format, and which fields are text."""

    path: Inside
    format: Literal["markdown", "digest"]
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, strict=False)] = ("body",)
    notes: FieldName = "note"
    domain: Name | None = None
    formats: Mapping[FieldName, Literal["date", "number", "list"]] = {}

    @field_validator("fields", "notes")
    @classmethod
    def _times_stay_times(cls, value: tuple[str, ...] | str) -> tuple[str, ...] | str:
        if {COMES, GOES} & {value, *value}:
            raise ValueError(f"{COMES} and {GOES} say when an item comes and goes, and no more")
        return value

    @property
    def known_fields(self) -> tuple[str, ...]:
        """The fields that there are: a digest has but one."""
        return self.fields if self.format == "markdown" else ("body",)


class RoutesTable(Table):
    """`[routes]`: Argos' own code for a locale, and pivots that shall be taken."""

    codes: Mapping[Tag, Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = {}
    via: Mapping[Tag, Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = {}


class EngineTable(Table):
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


class ModelsTable(Table):
    """`[models]`: where packages are installed, and where an Argos index is read from."""

    path: Annotated[Line, Field(min_length=1)] = "var/packages"
    index: Line = ""


class QueueTable(Table):
    """`[queue]`: how the hub sends batches to workers."""

    window: Annotated[int, Field(ge=1, le=10_000)] = 32
    overdue: Annotated[int, Field(ge=10, le=86_400)] = 300


class Settings(Table):
    """All settings of a project; the keys are those of `polypress.toml`."""

    project: ProjectTable
    collections: Annotated[Mapping[Name, CollectionTable], Field(min_length=1)]
    routes: RoutesTable = RoutesTable()
    engine: EngineTable = EngineTable()
    models: ModelsTable = ModelsTable()
    queue: QueueTable = QueueTable()
    publish: PublishTable = PublishTable()

    @field_validator("publish")
    @classmethod
    def _rules_match(cls, table: PublishTable, info: ValidationInfo) -> PublishTable:
        """Refuse rules and notes that are about nothing in this project: they are misspelt."""
        if {"project", "collections"} <= info.data.keys():
            project = info.data["project"]
            fields = {name: one.known_fields for name, one in info.data["collections"].items()}
            table.refuse_what_matches_nothing(Known((project.source, *project.locales), fields))
        return table

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
