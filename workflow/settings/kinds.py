"""The kinds of values in `polypress.toml`: tags, paths inside the project, names, single lines."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from workflow.errors import PolypressError
from workflow.locales import canonical

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


class Table(BaseModel):
    """A table of the settings: no other keys than its own, and no value of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
