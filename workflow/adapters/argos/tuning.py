"""`tuning.json` beside the packages: what `polypress models tune` found best on which machine."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workflow.adapters.argos.devices import Device
from workflow.adapters.argos.metadata import first_problem
from workflow.adapters.argos.sizes import Sizes, bounded, on_card, on_processor
from workflow.adapters.files import locked, read_plain, write_atomically
from workflow.errors import OutsideError, Place
from workflow.model import PackageRef

NAME = "tuning.json"
LARGEST = 1_000_000
"""Bytes; some 4,000 packages."""
SCHEMA = 1
PATIENCE = 600.0
"""Seconds; an installation holds the lock while it unpacks and probes, and findings took long."""
_log = logging.getLogger(__name__)

Count = Annotated[int, Field(ge=1, le=65_536)]
Pace = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Tuned(_Table):
    """The best sizes for a package (by the SHA-256 of its archive) on so many cores of a device.

    `pace` is theirs and `default_pace` that of the default, in segments a second.
    """

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    device: Device
    cores: Count
    replicas: Count
    rows: Count
    pieces: Count
    segments: Count
    pace: Pace
    default_pace: Pace

    @property
    def key(self) -> tuple[str, str, int]:
        """What there is one of in a file."""
        return self.sha256, self.device, self.cores

    @property
    def sizes(self) -> Sizes:
        """What the engine needs."""
        return Sizes(self.replicas, self.rows, self.pieces, self.segments)


class _Newer(BaseModel):
    """Whatever a later Polypress writes, it says so."""

    version_of_that: Annotated[int, Field(gt=SCHEMA, strict=True, alias="schema")]


class _File(_Table):
    version_of_this: Literal[1] = Field(default=1, alias="schema")
    tuned: Annotated[tuple[Tuned, ...], Field(strict=False)] = ()


@dataclass(frozen=True, slots=True)
class TuningFile:
    """The file at `path`, which need not be there.

    It is no part of any package: it is never verified, and for who decodes what is wrong with it is
    a warning and costs some speed, no more.
    """

    path: Path

    def sizes(self, package: PackageRef, device: Device, cores: int) -> Sizes | None:
        """What was found for a package on such a machine; None, with a warning, for another one.

        It is bounded by the default (`sizes.bounded`).
        """
        same = [one for one in self._ready() if one.sha256 == package.sha256]
        fitting = [one for one in same if (one.device, one.cores) == (device, cores)]
        if same and not fitting:
            _log.warning(
                "warning: %s: %s was tuned on another machine, not for %d cores (%s);"
                " `polypress models tune %s` finds what is best here",
                *(self.path, package.name, cores, device, package.name),
            )
        default = on_card() if device == "cuda" else on_processor(cores)
        return bounded(fitting[0].sizes, default) if fitting else None

    def record(self, found: Tuned) -> None:
        """Put a finding in the place of the one for the same package and machine.

        A damaged file is written anew. Raises OutsideError, also for a file that somebody may still
        need (it cannot be read, or a newer Polypress wrote it), or LockedError after `PATIENCE`.
        """
        with locked(self.path.parent / ".lock", seconds=PATIENCE):
            others = [one for one in self._tuned() if one.key != found.key]
            new = _File(tuned=tuple(sorted([*others, found], key=lambda one: one.key)))
            body = new.model_dump_json(by_alias=True, indent=1).encode() + b"\n"
            write_atomically(self.path, body)

    def _ready(self) -> tuple[Tuned, ...]:
        """What there is; nothing, with a warning, if that cannot be said."""
        try:
            return self._tuned()
        except OutsideError as error:
            _log.warning("warning: %s; until then the default is taken", error)
            return ()

    def _tuned(self) -> tuple[Tuned, ...]:
        raw = self._raw()
        if raw is None:
            return ()
        try:
            return _File.model_validate_json(raw).tuned
        except ValidationError as error:
            if _is_newer(raw):
                raise self._unknown("a newer Polypress wrote it") from error
            again = "`polypress models tune` writes it anew"
            why = first_problem(error)
            _log.warning("warning: %s is damaged and ignored (%s); %s", self.path, why, again)
            return ()

    def _raw(self) -> bytes | None:
        """None if there is no file."""
        try:
            raw = read_plain(self.path, LARGEST + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unknown(error.strerror or str(error)) from error
        if len(raw) > LARGEST:
            raise self._unknown(f"it has more than {LARGEST:,} bytes")
        return raw

    def _unknown(self, why: str) -> OutsideError:
        return OutsideError(
            f"what packages were tuned to cannot be read: {why}",
            fix="mend that or move the file away, then run `polypress models tune`",
            place=Place(path=str(self.path)),
        )


def _is_newer(raw: bytes) -> bool:
    try:
        _Newer.model_validate_json(raw)
    except ValidationError:
        return False
    return True
