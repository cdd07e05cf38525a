"""How often a client may ask: a bucket of tokens for each address, filled again steadily."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv6Address

MOST = 10_000
"""Addresses that are remembered; who is forgotten begins with a full bucket."""
BURST = 2.0
"""Seconds' worth of requests that may come at once."""


@dataclass(slots=True)
class Rates:
    """`rate` requests a second for each address, 0 for any number of them."""

    rate: float
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, address: str) -> float:
        """Take a token for a request; the seconds until there is one, 0 if there was."""
        if not self.rate:
            return 0.0
        now, whose = self.clock(), network(address)
        tokens, then = self._buckets.pop(whose, (self._full, now))
        tokens = min(self._full, tokens + (now - then) * self.rate)
        taken = tokens >= 1
        self._buckets[whose] = (tokens - taken, now)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - tokens) / self.rate

    @property
    def _full(self) -> float:
        return max(1.0, self.rate * BURST)


def network(address: str) -> str:
    """Whose an address is: with IPv6 one client has 2^64 of them.

    A socket that listens to both shows IPv4 clients as `::ffff:192.0.2.1`.
    """
    if ":" not in address:
        return address
    try:
        whole = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return ""
    return str(whole.ipv4_mapped or whole.packed[:8].hex())
