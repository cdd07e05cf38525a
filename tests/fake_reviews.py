"""The port `ReviewLog` in a list, held to the contract of the real one."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.ports.reviews import Note


class FakeReviews:
    def __init__(self) -> None:
        self.notes: list[Note] = []

    def note(self, notes: Iterable[Note]) -> None:
        self.notes.extend(notes)

    def of(self, unit: str, locale: str = "") -> tuple[Note, ...]:
        return tuple(one for one in self.notes if one.unit == unit and locale in {"", one.locale})
