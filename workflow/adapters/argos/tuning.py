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
from workflow.model import PackageRef

NAME = "tuning.json"
LARGEST = 1_000_000
"""Bytes; some 4,000 packages."""
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
    replicas: Annotated[int, Field(ge=1, le=256)]
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


class _File(_Table):
    version_of_this: Literal[1] = Field(default=1, alias="schema")
    tuned: Annotated[tuple[Tuned, ...], Field(strict=False)] = ()


@dataclass(frozen=True, slots=True)
class TuningFile:
    """The file at `path`, which need not be there.

    It is no part of any package: it is never verified, and what is wrong with it is a warning and
    costs some speed, no more.
    """

    path: Path

    def sizes(self, package: PackageRef, device: Device, cores: int) -> Sizes | None:
        """What was found for a package on such a machine; None, with a warning, for another one.

        It is bounded by the default (`sizes.bounded`).
        """
        same = [one for one in self._tuned() if one.sha256 == package.sha256]
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

        A damaged file is written anew. Raises OutsideError or LockedError.
        """
        with locked(self.path.parent / ".lock"):
            others = [one for one in self._tuned() if one.key != found.key]
            new = _File(tuned=tuple(sorted([*others, found], key=lambda one: one.key)))
            body = new.model_dump_json(by_alias=True, indent=1).encode() + b"\n"
            write_atomically(self.path, body)

    def _tuned(self) -> tuple[Tuned, ...]:
        try:
            return _File.model_validate_json(read_plain(self.path, LARGEST)).tuned
        except FileNotFoundError:
            return ()
        except OSError as error:
            return self._ignored(error.strerror or str(error))
        except ValidationError as error:
            return self._ignored(first_problem(error))

    def _ignored(self, why: str) -> tuple[Tuned, ...]:
        again = "`polypress models tune` writes it anew"
        _log.warning("warning: %s is damaged and ignored (%s); %s", self.path, why, again)
        return ()
