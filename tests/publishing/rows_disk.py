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
from tests.publishing.readers import Client
from tests.publishing.stage import Figures, Stage, judged, serving, watched
from workflow.bundle import Release

LIMITS = 20
LEAST = 1_000
"""Bytes; the program has to be able to say that it failed."""
DISK = 24 << 20
"""Bytes of the small file system."""
REFUSED = 5
FILLER = "filler"


def full_disk(stage: Stage) -> Figures:
    """No file may grow beyond a limit; in full also a small file system with so much room left."""
    limits = LIMITS if stage.full else 1
    counts: Counter[str] = Counter()
    city = City(stage.folder / "city").begin()
    largest = max(path.stat().st_size for path in (city.root / "var").glob("*.db"))
    with watched(city) as found, serving(city.public) as ports:
        for number in range(limits):
            most = int(LEAST + (largest - LEAST) * (number + stage.chance.random()) / limits)
            counts[_refused(city, ports, most=most)] += 1
    figures = judged(found)
    rooms = 0
    if stage.full:
        with suppress(PermissionError), small_disk(stage.folder / "disk") as folder:
            rooms = _little_room(City(folder / "city").begin(), counts)
    return {"limits of a file's size": limits, "amounts of room left": rooms, **counts, **figures}


def _little_room(city: City, counts: Counter[str]) -> int:
    """Publish with none, some and nearly enough room; how often."""
    before = _room(city.root)
    city.change(much=len(city.collections))
    city.done("publish")
    needed = before - _room(city.root)
    with serving(city.public) as ports:
        for number in range(LIMITS):
            room = needed * number // (LIMITS - 1)
            counts[_refused(city, ports, room=room)] += 1
            city.done("gc")
    return LIMITS


def _refused(
    city: City, ports: dict[str, int], *, most: int | None = None, room: int | None = None
) -> str:
    """A publish without room, and one with it; what became of the first.

    Behind the switch, the database may have no room for what makes the next publish cheap: that
    is told, and what is live is live.
    """
    before = city.live().to_bytes()
    city.change(much=len(city.collections))
    (city.root / "said.txt").unlink(missing_ok=True)
    if room is not None:
        _fill(city.root, room)
    ended = city.start("publish", most=most).wait(LIMIT)
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
    return "refused" if between == before else "live, without room for notes on it"


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
