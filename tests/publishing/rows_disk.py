"""R17: the disk is full while something is published; what was live stays, and is served whole."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.publishing.city import LIMIT, City
from tests.publishing.forked import Fate
from tests.publishing.readers import Client
from tests.publishing.stage import Figures, Stage, judged, serving, watched
from workflow.bundle import Release

TIMES, LAST = 20, 20
DISK = 24 << 20
"""Bytes of the small file system."""
ROOM = 3.0
"""Up to so many times the room that another publish took is left; only in the full form."""
REFUSED = 5
FILLER, STAYED = "filler", "refused"


def full_disk(stage: Stage) -> Figures:
    """At some point no new file can be written; and a small file system with little room."""
    counts: Counter[str] = Counter()
    city = City(stage.folder / "city").begin()
    city.change(much=len(city.collections))
    last = city.done("publish").changes
    points = [*range(0, last, last // TIMES), *range(last - LAST, last)]
    points = points if stage.full else [last * 3 // 4]
    with watched(stage, city) as found, serving(city.public) as ports:
        for point in points:
            counts[_refused(city, ports, Fate(full=point))] += 1
    rooms = [ROOM * number / TIMES for number in range(TIMES)] if stage.full else []
    if rooms:
        counts.update(_on_a_small_disk(stage, rooms))
    assert counts[STAYED]
    return {"points without room": len(points), **counts, **judged(found)}


def _on_a_small_disk(stage: Stage, rooms: list[float]) -> Counter[str]:
    """What became of publishes with so much room; nothing where no file system may be mounted."""
    counts: Counter[str] = Counter()
    with suppress(PermissionError), small_disk(stage.folder / "disk") as folder:
        small = City(folder / "city", told=stage.folder / "said.txt").begin()
        counts.update(_little_room(small, rooms))
        counts["amounts of room"] = len(rooms)
    return counts


def _little_room(city: City, rooms: list[float]) -> Iterator[str]:
    """Publish with so many times the room that a publish takes in the end."""
    before = _room(city.root)
    city.change(much=len(city.collections))
    city.done("publish")
    needed = before - _room(city.root)
    with serving(city.public) as ports:
        for room in rooms:
            yield _refused(city, ports, Fate(), room=int(room * needed))
            city.done("gc")


def _refused(city: City, ports: dict[str, int], fate: Fate, *, room: int | None = None) -> str:
    """A publish without room, and one with it; what became of the first.

    Behind the switch there may be no room for the record of the release, or for what makes the next
    publish cheap: that is told, and what is live is live.
    """
    before = city.live().to_bytes()
    city.change(much=len(city.collections))
    city.log.unlink(missing_ok=True)
    if room is not None:
        _fill(city.root, room)
    ended = city.start("publish", fate=fate).wait(LIMIT)
    between = city.live().to_bytes()
    _served(city, ports, between)
    assert city.temporary() == []
    (city.root / FILLER).unlink(missing_ok=True)
    if ended.code == 0:
        assert between != before
        return "had enough"
    assert ended.code == REFUSED, city.said()
    city.done("publish")
    after = city.live()
    assert after.manifests != Release.parse(before).manifests
    _served(city, ports, after.to_bytes())
    return STAYED if between == before else "live, and told what had no room behind it"


def _served(city: City, ports: dict[str, int], body: bytes) -> None:
    """Each server has this release, and all of it."""
    for port in ports.values():
        assert city.checked(Client(port, "gzip").get).to_bytes() == body


def _fill(root: Path, room: int) -> None:
    """Leave only so many bytes on the file system."""
    size = max(0, _room(root) - room)
    with (root / FILLER).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size or 1)


def _room(root: Path) -> int:
    found = os.statvfs(root)
    return found.f_bavail * found.f_frsize


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a few megabytes. Raises PermissionError where none may be mounted."""
    folder.mkdir()
    mount = shutil.which("mount")
    options = ("-t", "tmpfs", "-o", f"size={DISK},mode=755", "polypress", str(folder))
    if (
        not mount
        or subprocess.run([mount, *options], check=False, stderr=subprocess.DEVNULL).returncode
    ):
        raise PermissionError("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
