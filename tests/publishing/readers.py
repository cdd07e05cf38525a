"""Readers that poll all the time, each a process: of a server, and of the folder of a site.

They count what no reader may see (`whole.KINDS`), and what they may: that what they were reading
was cleared away because newer releases came. They then read the pointer again.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.publishing.whole import (
    BACK,
    SERVER,
    TORN,
    UNVERIFIABLE,
    GoneError,
    WrongError,
    signed,
    site_whole,
    whole,
)
from workflow.adapters.bundles.decoding import pieces
from workflow.bundle import Release

FORK = multiprocessing.get_context("fork")
PAUSE, LONGER = 0.01, 0.1
"""Seconds between two readings: of those in haste, and of others."""
PATIENCE = 15.0
"""Seconds in which a server has to answer, and a reader to end."""
KEEPS = 2
"""Releases that stay whole: an object may be gone when the second newer one is live."""
EXAMPLES = 5
READ, OVERTAKEN, OBJECTS = "readings", "overtaken", "objects"


@dataclass(slots=True)
class Seen:
    """What a reader has seen: counts, some examples of what is wrong, and each release's bytes."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    releases: dict[int, bytes] = field(default_factory=dict)
    last: int = 0

    def see(self, release: Release) -> None:
        """A release that was read. Raises WrongError if it is older than the last one."""
        if release.serial < self.last:
            raise WrongError(BACK, f"{release.serial} after {self.last}")
        self.last = release.serial
        body = release.to_bytes()
        if self.releases.setdefault(release.serial, body) != body:
            raise WrongError(UNVERIFIABLE, f"two releases have the number {release.serial}")

    def wrong(self, error: Exception) -> None:
        kind = error.kind if isinstance(error, WrongError) else TORN
        self.counts[kind] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append("".join(traceback.format_exception(error))[-1_500:])


class Client:
    """Asks a server for the files of a public folder, over one connection."""

    def __init__(self, port: int, coding: str) -> None:
        self._headers = {"Accept-Encoding": coding} if coding else {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str) -> bytes:
        """The body. Raises GoneError for 404, WrongError for what no server may answer."""
        try:
            self._connection.request("GET", f"/{path}", headers=self._headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise WrongError(SERVER, f"{path}: {error!r}") from error
        if answer.status == http.client.NOT_FOUND:
            raise GoneError(path)
        if answer.status != http.client.OK:
            raise WrongError(SERVER, f"{path}: status {answer.status}")
        try:
            return b"".join(pieces([body], answer.headers.get("Content-Encoding", "")))
        except ValueError as error:
            raise WrongError(SERVER, f"{path}: {error}") from error


def over_http(port: int, coding: str, key: str) -> Callable[[Seen], None]:
    """Reads a whole release from a server."""
    client = Client(port, coding)

    def read(seen: Seen) -> None:
        release = signed(client.get("release.json"), key)
        seen.see(release)
        try:
            seen.counts[OBJECTS] += len(whole(client.get, release))
        except GoneError as error:
            now = signed(client.get("release.json"), key)
            seen.see(now)
            if now.serial < release.serial + KEEPS:
                what = f"{error} of release {release.serial} is gone, live is {now.serial}"
                raise WrongError(TORN, what) from error
            seen.counts[OVERTAKEN] += 1

    return read


def of_site(site: Path, key: str) -> Callable[[Seen], None]:
    """Reads the tree that `current` leads to, which is looked up once."""

    def read(seen: Seen) -> None:
        tree = Path(os.path.realpath(site / "current"))
        try:
            seen.see(site_whole(site, key, tree))
        except GoneError as error:
            if tree.exists() or Path(os.path.realpath(site / "current")) == tree:
                raise WrongError(TORN, f"{error} below {tree.name} is not there") from error
            seen.counts[OVERTAKEN] += 1

    return read


def _poll(
    make: Callable[[], Callable[[Seen], None]],
    end: Any,  # noqa: ANN401
    told: Any,  # noqa: ANN401
    pause: float,
) -> None:
    """Read again and again until `end` is set, then tell what was seen."""
    seen, read = Seen(), make()
    while not end.is_set():
        try:
            read(seen)
            seen.counts[READ] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, no reader may see it
            seen.wrong(error)
        time.sleep(pause)
    told.send(seen)


@contextmanager
def polling(
    makers: dict[str, Callable[[], Callable[[Seen], None]]], *, pause: float
) -> Iterator[dict[str, Seen]]:
    """Readers at work, by name; when they have ended, the dictionary holds what each has seen."""
    end = FORK.Event()
    pipes = {name: FORK.Pipe(duplex=False) for name in makers}
    readers = [
        FORK.Process(target=_poll, args=(makers[name], end, pipes[name][1], pause), daemon=True)
        for name in makers
    ]
    found: dict[str, Seen] = {}
    for reader in readers:
        reader.start()
    try:
        yield found
    finally:
        end.set()
        for name, (into, _) in pipes.items():
            found[name] = into.recv() if into.poll(PATIENCE) else Seen(Counter({SERVER: 1}))
        for reader in readers:
            reader.join(PATIENCE)


def together(found: dict[str, Seen]) -> Seen:
    """What all of them saw; a release that differs from one reader to the next is wrong."""
    every = Seen()
    for name, seen in found.items():
        every.counts.update(seen.counts)
        every.examples += [f"{name}: {example}" for example in seen.examples]
        for serial, body in seen.releases.items():
            if every.releases.setdefault(serial, body) != body:
                every.wrong(WrongError(UNVERIFIABLE, f"{name} saw another release {serial}"))
    return every
