"""The table of withdrawn items as a file of the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workflow.adapters.files import clear_beside, write_atomically
from workflow.errors import OutsideError, Place
from workflow.tablefile import MOST_BYTES
from workflow.withdrawn import Withdrawal, parse, written

WITHDRAWN = "locales/withdrawn.csv"


class WithdrawalsFile:
    """Implements `ports.withdrawals.Withdrawals` in `locales/withdrawn.csv`."""

    def __init__(self, root: Path) -> None:
        self._path = root / WITHDRAWN

    def read(self) -> Mapping[str, Withdrawal]:
        """All rows; a table that is not sound is refused whole: to pass a row over publishes it."""
        try:
            with self._path.open("rb") as file:
                return parse(file.read(MOST_BYTES + 1), WITHDRAWN)
        except FileNotFoundError:
            return {}
        except OSError as error:
            what = f"the table of withdrawn items cannot be read: {error.strerror}"
            fix = "mend the permissions, or move away what stands in the way"
            raise OutsideError(what, fix=fix, place=Place(path=WITHDRAWN)) from error

    def write(self, held: Mapping[str, Withdrawal]) -> None:
        """Write beside, then rename; the same rows are not written again.

        The caller holds the publish lock: what lies half written beside is nobody's.
        """
        clear_beside(self._path)
        body = written(held)
        if not self._path.exists() or self._path.read_bytes() != body:
            write_atomically(self._path, body)
