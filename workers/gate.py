"""A gate for batches: many together, or one alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Gate:
    """Lets batches in together, but one that must be alone only when nobody else is inside.

    Who waits to be alone keeps later ones out, so that it gets its turn.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside = 0
        self._lonely = 0

    @contextmanager
    def entered(self, *, alone: bool) -> Iterator[None]:
        """Wait until this batch may be worked on."""
        with self._changed:
            if alone:
                self._lonely += 1
                self._changed.wait_for(lambda: self._inside == 0)
            else:
                self._changed.wait_for(lambda: self._lonely == 0)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._lonely -= alone
                self._changed.notify_all()
