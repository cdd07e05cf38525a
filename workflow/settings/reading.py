"""Reading `polypress.toml` and the environment; an error names file, key and what is allowed."""

from __future__ import annotations

import os
import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from workflow.errors import Place, SettingsError
from workflow.settings.publishing import NotesTable, PublishTable, RuleTable, rule_name
from workflow.settings.tables import (
    CollectionTable,
    EngineTable,
    ModelsTable,
    ProjectTable,
    QueueTable,
    RoutesTable,
    Settings,
)

FILE_NAME = "polypress.toml"
LARGEST_FILE = 1_000_000
"""Bytes; a settings file beyond this is a mistake."""


def load(root: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read `polypress.toml` in `root`, with the environment's `POLYPRESS_…` over it.

    Raises SettingsError that names the file, the key, and what is allowed.
    """
    path = root / FILE_NAME
    return parse(_read(path), path, os.environ if environment is None else environment)


def parse(raw: bytes, path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings in the bytes of a file; `path` is for messages. Raises SettingsError."""
    table = _table(raw, path)
    _overlay(table, environment)
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise _explained(error, path) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            "there is no such file",
            fix="run `polypress init` here, or name the project's folder with --project",
            place=Place(path=str(path)),
        ) from None
    except OSError as error:
        fix = "mend the path or its permissions"
        what = f"cannot read: {error.strerror}"
        raise SettingsError(what, fix=fix, place=Place(path=str(path))) from error


def _table(raw: bytes, path: Path) -> dict[str, Any]:
    if len(raw) > LARGEST_FILE:
        fix = "this is no settings file; see docs/settings.md"
        what = f"larger than {LARGEST_FILE:,} bytes"
        raise SettingsError(what, fix=fix, place=Place(path=str(path)))
    raw = raw.removeprefix(BOM_UTF8)  # Windows' editors write one, TOML knows none
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        place = Place(path=str(path), line=line)
        raise SettingsError("not UTF-8", fix="save the file as UTF-8", place=place) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else raw.rstrip().count(b"\n") + 1
        place = Place(path=str(path), line=line)
        raise SettingsError(f"not TOML: {error}", fix="see docs/settings.md", place=place) from None


def _overlay(table: dict[str, Any], environment: Mapping[str, str]) -> None:
    """The environment goes over the file: what differs between machines is not in git."""
    for name, (table_name, key) in _VARIABLES.items():
        if environment.get(name):
            found = table.setdefault(table_name, {})
            if isinstance(found, dict):
                found[key] = environment[name]


_VARIABLES = {
    "POLYPRESS_PACKAGES": ("models", "path"),
    "POLYPRESS_INDEX": ("models", "index"),
    "POLYPRESS_KEYS": ("publish", "keys"),
}
"""Environment variables, and the table and key that each goes over."""


def _explained(error: ValidationError, path: Path) -> SettingsError:
    first = error.errors(include_url=False)[0]
    key = _key(first["loc"])
    if first["type"] == "extra_forbidden":
        return SettingsError(
            "unknown key",
            fix=f"allowed here: {_siblings(first['loc'])}",
            place=Place(path=str(path), key=key),
        )
    message = _WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = error.error_count() - 1
    also = f"; {more} more in this file" if more else ""
    return SettingsError(
        f"{message}{also}",
        fix="docs/settings.md describes each key",
        place=Place(path=str(path), key=key),
    )


_WORDS = {
    "missing": "is missing",
    "too_short": "must hold something",
    "string_too_short": "must hold something",
    "string_type": "must be a text in quotes",
    "tuple_type": "must be a list in brackets",
    "model_type": "must be a table",
    "dict_type": "must be a table",
}
"""What the validator says in Python's words, in those of TOML."""

_TABLES: dict[str, type[BaseModel]] = {
    "project": ProjectTable,
    "collections": CollectionTable,
    "routes": RoutesTable,
    "engine": EngineTable,
    "models": ModelsTable,
    "queue": QueueTable,
    "publish": PublishTable,
}


def _siblings(loc: tuple[int | str, ...]) -> str:
    table = Settings if len(loc) == 1 else _TABLES.get(str(loc[0]), Settings)
    if len(loc) > len(("publish", "rules", 0)) and loc[0] == "publish":
        table = RuleTable if loc[1] == "rules" else NotesTable
    return ", ".join(sorted(table.model_fields))


def _key(loc: tuple[int | str, ...]) -> str:
    """The key that is wrong, with dots; a rule has the name that every message gives it."""
    match loc:
        case ("publish", "rules", int(number), *rest):
            return " ".join([rule_name(number + 1), ".".join(map(str, rest))]).rstrip()
        case _:
            return ".".join(map(str, loc))
