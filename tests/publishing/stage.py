"""What all rows share: chance from a seed, servers of a public folder, readers of both sides."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.publishing import readers
from tests.publishing.city import City
from tests.publishing.whole import KINDS
from tools import nginx
from tools.programs import offer_unpacked

Figures = dict[str, Any]
POLYPRESS = Path(sys.executable).parent / "polypress"
NO_LIMIT = 1_000_000
"""Requests a second that nginx lets through: it is not its limit that is tested."""
CODINGS = ("br", "gzip", "")


@dataclass(slots=True)
class Stage:
    """Where a row is played: a folder of its own that others may read, and its own chance."""

    folder: Path
    full: bool
    chance: Random


@dataclass(frozen=True, slots=True)
class Row:
    """A fault: `play` raises AssertionError if something does not hold, else gives figures."""

    id: str
    title: str
    play: Callable[[Stage], Figures]


@contextmanager
def serving(public: Path) -> Iterator[dict[str, int]]:
    """The ports of all servers that there are here for a public folder, by name."""
    offer_unpacked(os.environ)
    with ExitStack() as stack:
        ports = {"serve": stack.enter_context(_served(public))}
        if shutil.which("nginx"):
            ports["nginx"] = stack.enter_context(nginx.nginx(public, rate=NO_LIMIT, burst=NO_LIMIT))
        yield ports


@contextmanager
def _served(public: Path) -> Iterator[int]:
    command: list[str | Path] = [POLYPRESS, "serve", "--folder", public, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            told = json.loads("".join(iter(server.stdout.readline, "}\n")) + "}")
            yield int(told["address"].rpartition(":")[2])
        finally:
            server.terminate()


@contextmanager
def watched(stage: Stage, city: City, *, sites: int = 1) -> Iterator[dict[str, readers.Seen]]:
    """A reader of each server and of the site, at work; what they saw is there afterwards."""
    pause = readers.PAUSE if stage.full else readers.LONGER
    with serving(city.public) as ports:
        makers: dict[str, Callable[[], Callable[[readers.Seen], None]]] = {}
        for (name, port), coding in zip(ports.items(), CODINGS, strict=False):
            makers[name] = lambda port=port, coding=coding: readers.over_http(  # type: ignore[misc]
                port, coding, city.key
            )
        for number in range(sites):
            makers[f"site {number}"] = lambda: readers.of_site(city.site, city.key)
        with readers.polling(makers, pause=pause) as found:
            yield found


def judged(found: dict[str, readers.Seen], actual: dict[int, bytes] | None = None) -> Figures:
    """The figures of readers; raises AssertionError if they saw what may not be.

    `actual` are the releases that were live, by serial: readers saw no others.
    """
    seen = readers.together(found)
    assert not seen.examples, "\n".join(seen.examples)
    assert all(one.counts[readers.READ] for one in found.values()), found
    if actual is not None:
        assert seen.releases.items() <= actual.items()
    return {
        "readers": len(found),
        "releases read whole": seen.counts[readers.READ] - seen.counts[readers.OVERTAKEN],
        "objects over HTTP": seen.counts[readers.OBJECTS],
        "cleared while read": seen.counts[readers.OVERTAKEN],
        **{kind: seen.counts[kind] for kind in KINDS},
    }
