"""Rows R10, R13, R14, R15 and Q3 of the list of faults, in small form for the suite and in full."""

from __future__ import annotations

import json
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from tests.simulation.fuse import POINTS, PUBLISHING, Fuse, wired_place
from tests.simulation.town import SENTENCES, Town
from tests.simulation.two_people import two_at_once
from tests.simulation.ways import Polypress
from tests.steps.project_for_tests import Place, place
from workflow import catalog, locales
from workflow.adapters.pofile.store import FileCatalogStore
from workflow.model import Freshness, Message
from workflow.policy import Policy, Stale, Text
from workflow.steps.unpack import unpack

KILLED = 9


def killed_at_each_point(root: Path, *, rounds: int) -> dict[str, Any]:
    """R10: a process dies at each named point; every file is of before or after, then all is well.

    The process is a child that ends without a word to anybody, as by SIGKILL.
    """
    kills = 0
    points = (*POINTS, *PUBLISHING)
    for number in range(rounds):
        seen, end = _undisturbed(root / f"{number}-whole", number)
        for at, point in enumerate(points):
            city = _prepared(root / f"{number}-{at}", number)
            kills += _child_ends_at(city.root, point)
            mixed = {name for name, body in _files(city.root).items() if body not in seen[name]}
            assert not mixed, (number, point, mixed)
            _whole_run(wired_place(city.root, Fuse()))
            assert _files(city.root) == end, (number, point)
    assert kills == rounds * len(points), kills
    return {"points": len(points), "kills": kills, "files of neither before nor after": 0}


def _prepared(root: Path, seed: int) -> Place:
    """A town that was translated and published, and whose sources and texts changed since."""
    chance = Random(seed)
    city = wired_place(root, Fuse())
    town = Town(root / "content" / "notices")
    town.found(chance, 3)
    _whole_run(city)
    way = Polypress(root)
    way.put([_approved(one, at) if at % 3 else one for at, one in enumerate(way.read())])
    for kind in ("number", "inserted", "renamed", "quotes"):
        town.edit(kind, chance)
    return city


def _approved(message: Message, number: int) -> Message:
    return replace(message, translations=(f"Texto {number}",), flags=frozenset())


def _whole_run(city: Place) -> None:
    city.translate()
    city.publish()


def _undisturbed(root: Path, seed: int) -> tuple[dict[str, set[bytes]], dict[str, bytes]]:
    """All that each file ever held in a run from beginning to end, and what it holds then."""
    _prepared(root, seed)
    seen: dict[str, set[bytes]] = {}
    fuse = Fuse()

    def look() -> None:
        for name, body in _files(root).items():
            seen.setdefault(name, set()).add(body)

    look()
    fuse.always = look
    _whole_run(wired_place(root, fuse))
    look()
    return seen, _files(root)


def _files(root: Path) -> dict[str, bytes]:
    found = [*root.glob("locales/**/*.po*"), root / "var" / "public" / "release.json"]
    there = [path for path in found if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in there}


def _child_ends_at(root: Path, point: str) -> bool:
    """Whether a child that runs the project ended at the point."""
    child = os.fork()
    if not child:
        fuse = Fuse()
        fuse.set(point, lambda: os._exit(KILLED))
        try:
            _whole_run(wired_place(root, fuse))
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def many_at_once(root: Path, *, translators: int, edits: int) -> dict[str, Any]:
    """R13: translators edit different entries while the machine and ingest run: all edits stay."""
    city = place(root, "es")
    store = FileCatalogStore(root, plural_forms=locales.plural_forms, patience=60)
    city = city.with_(catalogs=replace(city.project.catalogs, store=store))  # type: ignore[type-var]
    for one in range(translators):
        texts = (f"Text {at} of {one}." for at in range(edits))
        city.notice(f"desk-{one}", f"Desk {one}", "\n\n".join(texts))
    city.translate()
    working = [True]

    def translator(one: int) -> None:
        for at in range(edits):
            city.edit(f"Text {at} of {one}.", f"Texto {at} de {one}.")

    def machine() -> None:
        while working:
            city.notice("news", f"News of {time.monotonic_ns()}")
            city.translate()

    with ThreadPoolExecutor(translators + 1) as people:
        engine = people.submit(machine)
        done = [people.submit(translator, one) for one in range(translators)]
        for one in done:
            one.result()
        working.clear()
        engine.result()
    there = {one.translation for one in city.messages().values() if not one.fuzzy}
    wanted = {f"Texto {at} de {one}." for one in range(translators) for at in range(edits)}
    assert wanted <= there, sorted(wanted - there)[:5]
    return {"translators": translators, "edits": len(wanted), "edits missing": 0}


def too_late(root: Path, *, rounds: int, notices: int = 20) -> dict[str, Any]:
    """R15: the machine's answer comes after a person's edit, or after the source changed."""
    human = stale = 0
    for number in range(rounds):
        fuse = Fuse()
        city = wired_place(root / str(number), fuse)
        for one in range(notices):
            city.notice(f"n{one}", f"Title {one}", f"Text {one}.")
        city.ingest()
        way = Polypress(city.root)

        def meanwhile(city: Place = city, way: Polypress = way) -> None:
            way.put([_approved(one, at) if "#title" in (one.context or "") else one
                     for at, one in enumerate(way.read())])  # fmt: skip
            for one in range(notices):
                city.notice(f"n{one}", f"Title {one}", f"Other text {one}.")

        fuse.set("after engine.translate", meanwhile)
        city.translate()
        assert fuse.went
        city.translate()
        for message in city.messages().values():
            title = "#title" in (message.context or "")
            right = message.translation.startswith("Texto " if title else "es: Other text ")
            assert message.obsolete or right, message
            human, stale = human + title, stale + (not title)
    return {"people's texts kept": human, "answers to an old source dropped": stale}


AT_ONCE = Policy(Text.REVIEWED, stale=Stale.SOURCE, atomic=False)
"""What people approved for today's source, and nothing else."""


def sources_changed(root: Path, *, rounds: int) -> dict[str, Any]:
    """Q3: a source text changed: the entry is fuzzy with the old source, and is not served."""
    changed = 0
    for number in range(rounds):
        chance = Random(number)
        city = place(root / str(number), "es", policy=AT_ONCE)
        town = Town(city.root / "content" / "notices")
        town.found(chance, 10)
        city.translate()
        for at, source in enumerate(city.messages()):
            city.approve(source, f"Texto {at}.")
        before = {source: one.translation for source, one in city.messages().items()}
        all_of_them = {one.number: one for notice in town.notices for one in notice.body}
        pairs = [town.change(chance.choice(SENTENCES), chance, {one}) for one in all_of_them]
        city.ingest()
        now = {pair[1].source: pair[0].source for pair in pairs if pair}
        now = {new: old for new, old in now.items() if new != old}
        changed += len(now)
        city.publish()
        _are_stale(city, now, before)
    return {"sources changed": changed, "stale texts served": 0}


def _are_stale(city: Place, now: dict[str, str], before: dict[str, str]) -> None:
    served = set(_served(city))
    for new, old in now.items():
        found = city.messages()[new]
        assert found.fuzzy, found
        assert (found.previous_source, found.translation) == (old, before[old])
        assert catalog.facts_of(found).freshness is Freshness.STALE
        assert before[old] not in served


def _served(city: Place) -> Collection[str]:
    found = unpack(city.project.bundles, city.project.compiler, "es")
    bodies = {one.path: one.body for one in found}
    told: dict[str, str] = json.loads(bodies["notices/messages.json"])
    return told.values()


ROWS: dict[str, tuple[str, Callable[[Path], dict[str, Any]], Callable[[Path], dict[str, Any]]]] = {
    "R10": ("a process is killed at each named point: every file is of before or after",
            lambda root: killed_at_each_point(root, rounds=1),
            lambda root: killed_at_each_point(root, rounds=20)),
    "R13": ("many translators, the machine and ingest at once: every edit is there",
            lambda root: many_at_once(root, translators=8, edits=4),
            lambda root: many_at_once(root, translators=16, edits=50)),
    "R14": ("two people set the review of one entry: one goes through, one is refused",
            lambda root: two_at_once(root, entries=100),
            lambda root: two_at_once(root, entries=1_000)),
    "R15": ("the machine answers after a person's edit, or after the source changed",
            lambda root: too_late(root, rounds=3),
            lambda root: too_late(root, rounds=125)),
    "Q3": ("a source text changed: fuzzy, with the old source, and not served",
           lambda root: sources_changed(root, rounds=1),
           lambda root: sources_changed(root, rounds=45)),
}  # fmt: skip
"""By ID: what happens, the small form and the full one."""


def full() -> list[dict[str, Any]]:
    """All rows in full, told as those of `make chaos`."""
    return [_played(name, title, play) for name, (title, _, play) in ROWS.items()]


def _played(name: str, title: str, play: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    begun, figures, passed = time.monotonic(), {}, True
    with tempfile.TemporaryDirectory(prefix="polypress-rows-") as folder:
        try:
            figures = play(Path(folder))
        except Exception:  # noqa: BLE001 (the other rows are played, too)
            traceback.print_exc()
            passed = False
    seconds = round(time.monotonic() - begun, 1)
    return {"id": name, "title": title, "passed": passed, "seconds": seconds, "figures": figures}
