"""`metadata.json` of an Argos package (format: `IPackage` in argostranslate's `package.py`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workflow.adapters.argos.naming import CODE, LONGEST_VERSION, VERSION
from workflow.errors import PackageError

METADATA = "metadata.json"
LARGEST_METADATA = 100_000
"""Bytes; real ones have about 300."""

Code = Annotated[str, Field(pattern=rf"^{CODE}$")]
Version = Annotated[str, Field(pattern=rf"^{VERSION}$", max_length=LONGEST_VERSION)]
Printable = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$", max_length=100)]


class Metadata(BaseModel):
    """The keys that matter here; Argos writes others, too."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    from_code: Code
    to_code: Code
    package_version: Version
    from_name: Printable = ""
    to_name: Printable = ""
    target_prefix: Printable = ""
    type: Literal["translate"] = "translate"

    @property
    def name(self) -> str:
        """Language pair and version, as in `PackageRef.name`."""
        return f"{self.from_code}_{self.to_code}@{self.package_version}"

    @model_validator(mode="after")
    def _two_languages(self) -> Metadata:
        if self.from_code == self.to_code:
            raise ValueError(f"from_code and to_code are both {self.from_code}")
        return self


def parse_metadata(raw: bytes) -> Metadata:
    """Read the bytes of a `metadata.json`. Raises PackageError that names the key."""
    try:
        return Metadata.model_validate_json(raw)
    except ValidationError as error:
        raise PackageError(f"{METADATA}: {first_problem(error)}") from None


def first_problem(error: ValidationError) -> str:
    """The first thing that pydantic found, in one line, and how many more there are."""
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    more = error.error_count() - 1
    also = f" (and {more} more)" if more else ""
    return f"{key}: {message}{also}"[:300] if key else f"{message}{also}"[:300]
