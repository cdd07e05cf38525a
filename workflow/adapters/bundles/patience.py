"""How long a server is waited for, and how often it is asked again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for any answer (`timeout`); then a rate in bytes/s, kept from `grace` s on.

    `pauses` are the seconds before an attempt after a failed one; a server that asks for more than
    `longest` seconds is asked no more.
    """

    timeout: float = 30.0
    grace: float = 60.0
    slowest: float = 1_000.0
    pauses: tuple[float, ...] = (0.5, 1.0, 2.0)
    longest: float = 60.0

    def bears(self, come: int, seconds: float) -> bool:
        """Whether so many bytes in so many seconds are enough to go on."""
        return seconds <= self.grace or come >= self.slowest * seconds


def asked_to_wait(value: str) -> float:
    """The seconds that a `Retry-After` asks for, 0 for one that cannot be read."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
