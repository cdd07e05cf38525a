"""Two publishers at once, and a site that pulls while the pointer is switched."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.publishing.city import LIMIT, City
from tests.publishing.forked import Fate
from tests.publishing.stage import Figures, Stage, judged, watched

ROUNDS, FEW = 60, 1
LOCKED = 4
STOPPED_AT = 40
"""The change to the disk at which a publisher stands still; it holds the lock by then."""
ITEM = "pages:item1"


def at_once(stage: Stage) -> Figures:
    """Publishers and a pull start together; each ends well or finds the lock held."""
    rounds = ROUNDS if stage.full else FEW
    city = City(stage.folder / "city").begin()
    first = city.live().serial
    counts: Counter[str] = Counter()
    with watched(stage, city) as found:
        for number in range(rounds):
            earlier = str(city.live().serial - 1)
            other = (("withdraw", ITEM), ("publish",), ("rollback", earlier))[number % 3]
            _round(city, other, counts)
    city.done("publish")
    city.done("pull", *city.pulling())
    assert city.seen() == city.live()
    told = {"rounds": rounds, **counts, "releases": city.live().serial - first}
    if stage.full:
        told["told that the lock is held"] = _held(city)
    return {**told, **judged(found)}


def _round(city: City, other: tuple[str, ...], counts: Counter[str]) -> None:
    """Every release that was made has a number of its own, and there are no others."""
    before = city.live().serial
    made = []
    for name, said in _together(city, other):
        counts[f"{name} {'done' if said else 'told to wait'}"] += 1
        told = said.get("release", said)
        if name == "publishers" and told.get("changed"):
            made.append(told["serial"])
    assert sorted(made) == list(range(before + 1, city.live().serial + 1)), made
    city.seen()
    if other[0] == "withdraw":
        assert ITEM in city.live().withdrawn, "a publish that had begun before brought it back"
        city.done(*other, "--undo")


def _together(city: City, other: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What two publishers and a pull told that ran at once; nothing if they found the lock held."""
    city.change(much=2)
    programs = []
    for number, words in enumerate((("publish",), other, ("pull", *city.pulling()))):
        log = city.root / f"said-{number}.txt"
        log.unlink(missing_ok=True)
        programs.append((words[0], log, city.start(*words, "--json", log=log)))
    for word, log, program in programs:
        code, said = program.wait(LIMIT).code, log.read_text("utf-8")
        assert code in {0, LOCKED}, (word, code, said)
        name = "pulls" if word == "pull" else "publishers"
        yield name, json.loads(said[said.index("{") :]) if code == 0 else {}


def _held(city: City) -> int:
    """A publisher stands still in mid-work: the next one says so, and the first then ends well."""
    city.change(much=3)
    before = city.pointer()
    first = city.start("publish", fate=Fate(stop=STOPPED_AT))
    first.stands_still()
    city.done("publish", expect=(LOCKED,))
    assert city.pointer() == before
    first.go_on()
    assert first.wait(LIMIT).code == 0
    assert city.live().to_bytes() != before
    return 1
