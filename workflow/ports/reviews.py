"""Who said what of a text, and when: the record beside the catalogs, which hold what counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Note:
    """One word of a reviewer on one text.

    `revision` is that of the text that they were shown, `review` what they said (`approved` or
    `needs-work`), `at` the time in ISO 8601.
    """

    locale: str
    unit: str
    revision: str
    review: str
    by: str
    at: str
    why: str = ""


class ReviewLog(Protocol):
    """Keeps what reviewers said; if it is lost, the catalogs still say what is approved."""

    def note(self, notes: Iterable[Note]) -> None:
        """Keep these notes for good, in this order."""
        ...

    def of(self, unit: str, locale: str = "") -> tuple[Note, ...]:
        """The notes on a unit, the oldest first; those of one locale if it is named."""
        ...
