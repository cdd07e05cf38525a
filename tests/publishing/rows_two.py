"""Two publishers at once, and a site that pulls while the pointer is switched."""

from __future__ import annotations

from collections import Counter

from tests.publishing.city import LIMIT, City
from tests.publishing.stage import Figures, Stage, judged, watched

ROUNDS, FEW = 60, 3
LOCKED = 4
STOPPED_AT = 40
"""The change to the disk at which a publisher stands still; it holds the lock by then."""


def at_once(stage: Stage) -> Figures:
    """Publishers and a pull start together; each ends well or finds the lock held."""
    rounds = ROUNDS if stage.full else FEW
    city = City(stage.folder / "city").begin()
    live = {city.live().serial: city.pointer()}
    ended: Counter[str] = Counter()
    with watched(city, sites=1) as found:
        for number in range(rounds):
            other = ("withdraw", "pages:item1", *(("--undo",) if number % 2 else ()))
            ended.update(_together(city, other if number % 4 < 2 else ("publish",)))
            _next(city, live)
    city.done("publish")
    city.done("pull", *city.pulling())
    assert city.seen() == city.live()
    told = {"rounds": rounds, **ended, "releases": len(live)}
    if stage.full:
        told["told that the lock is held"] = _held(city)
    return {**told, **judged(found)}


def _together(city: City, other: tuple[str, ...]) -> list[str]:
    """How two publishers and a pull ended that ran at once."""
    city.change()
    first = city.start("publish")
    city.change()
    rest = {"publishers": city.start(*other), "pulls": city.start("pull", *city.pulling())}
    told = []
    for name, program in {
        "publishers": first,
        **{f"the {one}": of for one, of in rest.items()},
    }.items():
        code = program.wait(LIMIT).code
        assert code in {0, LOCKED}, (name, code, city.said())
        told.append(f"{name.removeprefix('the ')} {'done' if code == 0 else 'told to wait'}")
    return told


def _next(city: City, live: dict[int, bytes]) -> None:
    """What is live now is newer than all before, or just the last one."""
    release = city.live()
    assert release.serial >= max(live)
    assert live.setdefault(release.serial, release.to_bytes()) == release.to_bytes()
    city.seen()


def _held(city: City) -> int:
    """A publisher stands still in mid-work: the next one says so, and the first then ends well."""
    city.change(much=3)
    before = city.pointer()
    first = city.start("publish", stop=STOPPED_AT)
    first.stands_still()
    city.done("publish", expect=(LOCKED,))
    assert city.pointer() == before
    first.go_on()
    assert first.wait(LIMIT).code == 0
    assert city.live().to_bytes() != before
    return 1
