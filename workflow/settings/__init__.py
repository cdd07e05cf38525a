"""`polypress.toml` and the environment, validated once, as one frozen object."""

from __future__ import annotations

from workflow.settings.publishing import PublishTable
from workflow.settings.reading import FILE_NAME, load, parse
from workflow.settings.tables import CollectionTable, EngineTable, RoutesTable, Settings

__all__ = [
    "FILE_NAME",
    "CollectionTable",
    "EngineTable",
    "PublishTable",
    "RoutesTable",
    "Settings",
    "load",
    "parse",
]
