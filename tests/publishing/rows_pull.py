"""R16: sites pull all the time while a publisher publishes, and is killed again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.publishing.city import LIMIT, City
from tests.publishing.readers import FORK, PATIENCE
from tests.publishing.stage import Figures, Stage, serving
from workflow import bootstrap_site
from workflow.adapters.bundles.fetching import HttpRemote, _Answer
from workflow.adapters.bundles.sitefolder import SiteFolder
from workflow.adapters.bundles.writing import BodyWriter
from workflow.model import digest_of
from workflow.steps.pull import Asked, pull
from workflow.steps.pull_trust import Trust

CLIENTS, PER_PROCESS = 16, 4
PUBLISHES, FEW = 1_000, 25
KILLED = 0.8
"""The share of publishes that are killed, as far as they have not ended before."""
PAUSE = 0.6
"""Seconds that a client waits after a pull: on two cores, sixteen of them take half a one."""


@dataclass(slots=True)
class Watch:
    """What the clients of one process have seen; a release's digest by its serial."""

    pulls: int = 0
    switched: int = 0
    bodies: int = 0
    wrong: list[str] = field(default_factory=list)
    releases: dict[int, str] = field(default_factory=dict)


class WatchedRemote(HttpRemote):
    """The real one; what it would patiently try again is wrong here at once."""

    def __init__(self, port: int, watch: Watch) -> None:
        super().__init__(f"http://127.0.0.1:{port}", "the server")
        self._watch = watch

    def _asked(self, path: str, body: BodyWriter, headers: Mapping[str, str]) -> _Answer:
        try:
            answer = super()._asked(path, body, headers)
        except Exception as error:
            self._watch.wrong.append(f"{path}: {error!r}")
            raise
        self._watch.bodies += 1
        if path.startswith("objects/") and (answer.status, path) != (200, f"objects/{body.digest}"):
            self._watch.wrong.append(f"{path}: {answer.status}, digest {body.digest}")
        return answer


def pulled(stage: Stage) -> Figures:
    """Publish so often, and compare what all clients got with what was live."""
    publishes = PUBLISHES if stage.full else FEW
    city = City(stage.folder / "city", ("notices",), items=4, locales=("es",)).begin()
    live = {city.live().serial: city.pointer()}
    killed = 0
    with serving(city.public) as ports, _clients(city, list(ports.values())) as watches:
        usual = city.done("publish").seconds
        for _ in range(publishes):
            city.change()
            killed += _published(city, stage, usual)
            release = city.live()
            assert release.serial >= max(live)
            assert live.setdefault(release.serial, release.to_bytes()) == release.to_bytes()
    city.done("publish")
    return {"publishes": publishes, "kills": killed, "releases": len(live), **_told(watches, live)}


def _published(city: City, stage: Stage, usual: float) -> bool:
    """One publish, which may be killed; whether it was."""
    program = city.start("publish")
    if stage.chance.random() > KILLED:
        ended = program.wait(LIMIT)
    else:
        ended = program.killed_after(stage.chance.uniform(0, usual), LIMIT)
    assert ended.killed or ended.code == 0, city.said()
    return ended.killed


def _told(watches: list[Watch], live: Mapping[int, bytes]) -> Figures:
    wrong = [line for watch in watches for line in watch.wrong]
    assert not wrong, (len(wrong), wrong[:5])
    digests = {serial: digest_of(body) for serial, body in live.items()}
    assert all(watch.releases.items() <= digests.items() for watch in watches)
    assert all(watch.switched > 1 for watch in watches)
    return {
        "clients": CLIENTS,
        "pulls": sum(watch.pulls for watch in watches),
        "of a new release": sum(watch.switched for watch in watches),
        "bodies": sum(watch.bodies for watch in watches),
        "wrong bodies, 5xx or cut off": len(wrong),
    }


@contextmanager
def _clients(city: City, ports: list[int]) -> Iterator[list[Watch]]:
    """Sites at work; what they have seen is in the list when they have ended."""
    end = FORK.Event()
    found: list[Watch] = []
    pipes = [FORK.Pipe(duplex=False) for _ in range(CLIENTS // PER_PROCESS)]
    processes = [
        FORK.Process(target=_pulling, args=(city, ports, number, end, pipe[1]), daemon=True)
        for number, pipe in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    try:
        yield found
    finally:
        end.set()
        for into, _ in pipes:
            told = into.recv() if into.poll(PATIENCE) else Watch(wrong=["a client has not ended"])
            found.append(told)
        for process in processes:
            process.join(PATIENCE)


def _pulling(city: City, ports: list[int], number: int, end: Any, told: Any) -> None:  # noqa: ANN401
    """The clients of one process, a thread each."""
    watch = Watch()
    sites = [city.root / f"site-{number}-{each}" for each in range(PER_PROCESS)]
    threads = [
        threading.Thread(
            target=_client, args=(site, ports[each % len(ports)], city.key, end, watch)
        )
        for each, site in enumerate(sites)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.send(watch)


def _client(site: Path, port: int, key: str, end: Any, watch: Watch) -> None:  # noqa: ANN401
    """Pull again and again; each pull is a new one, as from cron, but in the same process."""
    asked, tools = Asked(Trust((key,)), parallel=2), bootstrap_site.tools()
    while not end.is_set():
        try:
            with closing(WatchedRemote(port, watch)) as remote:
                done = pull(SiteFolder(site), remote, asked, tools=tools)
        except Exception as error:  # noqa: BLE001 - no pull may fail here
            watch.wrong.append(repr(error))
            return
        watch.pulls += 1
        watch.switched += done.switched
        body = (site / "current" / "release.json").read_bytes()
        watch.releases[done.serial] = digest_of(body)
        time.sleep(PAUSE)
