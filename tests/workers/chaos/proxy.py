"""A line between the parts and Redis that can be cut, go silent, or become slow."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from threading import Lock, Thread

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends RST."""


class Weather(StrEnum):
    FAIR = "fair"
    RESET = "reset"
    SILENT = "silent"
    SLOW = "slow"


class Proxy:
    """Passes bytes on to a port of this machine, as the `weather` lets it.

    `RESET` cuts what is open and refuses what is new; `SILENT` takes everything and passes nothing
    on; `SLOW` keeps each piece for `delay` seconds.
    """

    def __init__(self, port: int) -> None:
        self.delay = 5.0
        self._target = port
        self._weather = Weather.FAIR
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._ears = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._ears.getsockname()[1])
        Thread(target=self._listen, daemon=True).start()

    def set(self, weather: Weather) -> None:
        self._weather = weather
        if weather is Weather.RESET:
            self._cut()

    def close(self) -> None:
        self._cut()
        self._ears.close()

    def _cut(self) -> None:
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    one.shutdown(socket.SHUT_RD)
                    one.close()
            self._open.clear()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._ears.accept()
                if self._weather is Weather.RESET:
                    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    near.close()
                    continue
                Thread(target=self._joined, args=(near,), daemon=True).start()

    def _joined(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        with self._lock:
            self._open |= {near, far}
        Thread(target=self._passed, args=(far, near), daemon=True).start()
        self._passed(near, far)

    def _passed(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                if self._weather is Weather.SLOW:
                    time.sleep(self.delay)
                while self._weather is Weather.SILENT:
                    time.sleep(0.05)
                target.sendall(piece)
        with self._lock:
            self._open -= {source, target}
        for one in (source, target):
            with suppress(OSError):
                one.close()


@contextmanager
def between(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
