"""What takes time to make: made once though many ask, beside the requests, kept in bounds."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Made = TypeVar("Made")

MOST = 64 * 2**20
"""Bytes of all that is kept."""
SULK = 5.0
"""Seconds until something is tried again that could not be made."""


class Kept:
    """Values by what they are made from, which never changes: digests.

    They are made one after the other on one thread, so requests that need none of them wait for
    none of them. What was used longest ago goes first when there is more than `most` bytes.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._bytes = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._failed: dict[Hashable, tuple[Exception, float]] = {}
        self._underway: dict[Hashable, asyncio.Future[Any]] = {}
        self._thread = ThreadPoolExecutor(1, "polypress-serve")

    async def get(
        self, key: Hashable, make: Callable[[], Made], size: Callable[[Made], int]
    ) -> Made:
        """The value of a key; `make` makes it, `size` says how many bytes it takes.

        Raises what `make` raises, for some seconds without trying again.
        """
        if key in self._values:
            self._values.move_to_end(key)
            value: Made = self._values[key][0]
            return value
        failed, until = self._failed.get(key, (None, 0.0))
        if failed and time.monotonic() < until:
            raise failed.with_traceback(None)
        if key not in self._underway:
            self._underway[key] = asyncio.ensure_future(self._made(key, make, size))
            self._underway[key].add_done_callback(_seen)
        made: Made = await asyncio.shield(self._underway[key])
        return made

    async def _made(
        self, key: Hashable, make: Callable[[], Made], size: Callable[[Made], int]
    ) -> Made:
        try:
            value = await asyncio.get_running_loop().run_in_executor(self._thread, make)
            self._keep(key, value, size(value))
        except Exception as error:
            self._failed = {key: (error, time.monotonic() + SULK), **self._fresh()}
            raise
        else:
            return value
        finally:
            del self._underway[key]

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        self._values[key] = (value, size)
        self._bytes += size
        while self._bytes > self._most and len(self._values) > 1:
            _, (_, freed) = self._values.popitem(last=False)
            self._bytes -= freed

    def _fresh(self) -> dict[Hashable, tuple[Exception, float]]:
        now = time.monotonic()
        return {key: told for key, told in self._failed.items() if told[1] > now}

    def close(self) -> None:
        """Let go of the thread; what waits for it is not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _seen(future: asyncio.Future[Any]) -> None:
    """Let no failure be called unseen because whoever asked has gone."""
    if not future.cancelled():
        future.exception()
