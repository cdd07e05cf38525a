"""`polypress.json` in a package's folder: what was installed there, to be compared before use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from workflow.adapters.argos.archive import Written
from workflow.adapters.argos.metadata import Code, Metadata, Printable, Version, first_problem
from workflow.adapters.argos.naming import RECORD, checked_member, folder_name
from workflow.adapters.files import read_plain
from workflow.errors import PackageError, Place, PolypressError
from workflow.model import UNPROBED, PackageRef, Traits
from workflow.ports import InstalledPackage

LARGEST_RECORD = 2_000_000
"""Bytes; 2,000 files with the longest names take less than one million."""
MOST_FORMS = 100
"""Names of forms in a record; far more than there are."""


def _member(name: str) -> str:
    try:
        return str(checked_member(name))
    except PolypressError as error:
        raise ValueError(error.what) from None


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Member = Annotated[str, AfterValidator(_member)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class RecordedFile(_Table):
    """Bytes and SHA-256 of one file."""

    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class RecordedTraits(_Table):
    """What the package was found to keep (see `workflow.model.Traits`)."""

    forms: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z]{1,20}$")], ...], Field(max_length=MOST_FORMS)
    ]
    alignment: Annotated[float, Field(ge=0, le=1)] | None = None

    @property
    def traits(self) -> Traits:
        """Each form once, without those that this version of Polypress does not know.

        If it knows none of them, the probe was another one: that is not to keep nothing.
        """
        from workflow.segments import FORMS  # noqa: PLC0415 - 12 MiB that an archive need not cost

        known = tuple(dict.fromkeys(name for name in self.forms if name in FORMS))
        return Traits(known, self.alignment) if known or not self.forms else UNPROBED


class Record(_Table):
    """The whole record; `sha256` is the archive's, `traits` is what a probe found."""

    version_of_this: Literal[1] = Field(default=1, alias="schema")
    source: Code
    target: Code
    version: Version
    sha256: Sha256
    source_name: Printable = ""
    target_name: Printable = ""
    traits: RecordedTraits | None = None
    files: Mapping[Member, RecordedFile]

    @property
    def ref(self) -> PackageRef:
        """Which package this is."""
        return PackageRef(self.source, self.target, self.version, self.sha256)

    def installed(self, folder: Path) -> InstalledPackage:
        """The package as the rest of the program knows it."""
        size = sum(file.size for file in self.files.values())
        traits = self.traits.traits if self.traits else UNPROBED
        return InstalledPackage(self.ref, folder, self.source_name, self.target_name, size, traits)

    def probed(self, traits: Traits) -> Record:
        """The same package with what a probe found; nothing if it had nothing to ask."""
        if traits is UNPROBED:
            return self.model_copy(update={"traits": None})
        found = RecordedTraits(forms=traits.forms, alignment=traits.alignment)
        return self.model_copy(update={"traits": found})


def make_record(about: Metadata, sha256: str, files: Mapping[str, Written]) -> Record:
    """The record of a package that has just been unpacked."""
    return Record(
        source=about.from_code,
        target=about.to_code,
        version=about.package_version,
        sha256=sha256,
        source_name=about.from_name,
        target_name=about.to_name,
        files={
            path: RecordedFile(size=file.size, sha256=file.sha256)
            for path, file in sorted(files.items())
        },
    )


def record_bytes(record: Record) -> bytes:
    """The record as its file holds it; the same package gives the same bytes."""
    return record.model_dump_json(by_alias=True, exclude_none=True, indent=1).encode() + b"\n"


def read_record(folder: Path) -> Record:
    """The record in a package's folder. Raises PackageError if it is missing or not sound."""
    path = folder / RECORD
    try:
        record = Record.model_validate_json(read_plain(path, LARGEST_RECORD))
    except ValidationError as error:
        raise _damaged(path, first_problem(error)) from None
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    if folder_name(record.ref) != folder.name:
        raise _damaged(path, f"it records {record.ref.name}, which does not belong in this folder")
    return record


def _damaged(path: Path, what: str) -> PackageError:
    name = path.parent.name.replace("-", "@")
    return PackageError(f"the record of package {name} is damaged: {what}", place=Place(str(path)))
