"""Where the table of withdrawn items lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from workflow.withdrawn import Withdrawal


class Withdrawals(Protocol):
    """The table of withdrawn items in the project; people may change it, too."""

    def read(self) -> Mapping[str, Withdrawal]:
        """All of them by `<collection>:<item>`; none if there is no table.

        Raises SettingsError with the line for a table that is not sound, OutsideError.
        """
        ...

    def write(self, held: Mapping[str, Withdrawal]) -> None:
        """Put these in place of what stands there. Raises OutsideError; the old table stays."""
        ...
