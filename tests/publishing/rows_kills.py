"""The crash test: every program that writes releases is killed at random, and readers watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.publishing.city import KEEP, LIMIT, City
from tests.publishing.forked import Ended, Fate
from tests.publishing.stage import Figures, Stage, judged, watched
from tests.publishing.whole import GoneError, public_files, signed, whole

TURNS = ("publish", "pull", "withdraw", "undo", "rollback", "pull", "gc")
"""What is killed, in turn; each finds something to do."""
WITHDRAWN = "notices:item3"
NEAR = 6
"""Changes to the disk that count as near the switch: it, and those behind it."""
KILLS, FEW = 200, 4
PLACES, AGES = ("live", "site"), ("old", "new")


def crash(stage: Stage) -> Figures:
    """Kill programs until so many have died; see the module."""
    kills = KILLS if stage.full else FEW
    city = City(stage.folder / "city").begin()
    play = _Play(city, stage)
    with watched(stage, city, sites=2 if stage.full else 1) as found:
        while play.counts["kills"] < kills:
            play.turn()
        play.cleared()
    if stage.full:
        assert all(
            play.counts[f"{place}: {age} after the kill"] for place in PLACES for age in AGES
        )
    return {**play.told(), **judged(found, play.releases)}


@dataclass(slots=True)
class _Play:
    """The test under way: what an undisturbed run of each program took, and what was counted."""

    city: City
    stage: Stage
    number: int = 0
    usual: dict[str, Ended] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    releases: dict[int, bytes] = field(default_factory=dict)

    def turn(self) -> None:
        """The next program, killed somewhere; then again to its end. Check all in between."""
        turn = TURNS[self.number % len(TURNS)]
        self.number += 1
        words = self._prepared(turn)
        before = self._live()
        if turn not in self.usual:
            self.usual[turn] = self._whole_run(turn, words)
            return
        ended = self._cut_off(turn, words)
        between = self._live()
        self._whole_run(turn, words)
        after = self._live()
        if ended.killed:
            self.counts["kills"] += 1
            self.killed[turn] += 1
            for place, old, now, new in zip(PLACES, before, between, after, strict=True):
                self._count(place, old, now, new)

    def _count(self, place: str, before: bytes, between: bytes, after: bytes) -> None:
        assert between in {before, after}, f"{place}: neither the old release nor the new one"
        if before != after:
            self.counts[f"{place}: {'old' if between == before else 'new'} after the kill"] += 1

    def _prepared(self, turn: str) -> tuple[str, ...]:
        """What the program is called with, after something has been made for it to do."""
        city = self.city
        if turn == "publish":
            city.change(much=self.stage.chance.randint(1, len(city.collections)))
        elif turn == "gc":
            self.counts["left half written"] += len(city.temporary())
            city.age()
        earlier = str(city.live().serial - 1)
        words: dict[str, Sequence[str]] = {
            "pull": ("pull", *city.pulling()),
            "withdraw": ("withdraw", WITHDRAWN),
            "undo": ("withdraw", WITHDRAWN, "--undo"),
            "rollback": ("rollback", earlier),
        }
        return tuple(words.get(turn, (turn,)))

    def _cut_off(self, turn: str, words: tuple[str, ...]) -> Ended:
        """A third at a moment, a third before any change to the disk, a third right at the switch.

        Each way finds other places.
        """
        usual, chance = self.usual[turn], self.stage.chance
        way = chance.choice(("moment", "change", "switch"))
        if way == "moment":
            program = self.city.start(*words)
            ended = program.killed_after(chance.uniform(0, usual.seconds), LIMIT)
        else:
            at = chance.randrange(max(1, usual.changes)) if way == "change" else None
            past = chance.randrange(NEAR) if way == "switch" else None
            ended = self.city.start(*words, fate=Fate(at, past)).wait(LIMIT)
        assert ended.code in {0, -9}, self.city.said()
        return ended

    def _whole_run(self, turn: str, words: tuple[str, ...]) -> Ended:
        """An item that the killed program took off the table cannot be taken off again."""
        ended = self.city.done(*words, expect=(0, 2) if turn == "undo" else (0,))
        if turn == "pull":
            assert not (self.city.site / "building").exists()
        return ended

    def _live(self) -> tuple[bytes, bytes]:
        """The live release, compared with all it names, and so what the site shows."""
        release = self.city.live()
        body = release.to_bytes()
        assert self.releases.setdefault(release.serial, body) == body
        assert release.serial == max(self.releases)
        try:
            shown = self.city.seen()
        except GoneError as error:
            raise AssertionError(f"the site lacks {error}") from error
        assert self.releases[shown.serial] == shown.to_bytes()
        return body, shown.to_bytes()

    def cleared(self) -> None:
        """Nothing that was left half written stays, and no object that no release names."""
        city = self.city
        city.age()
        city.done("gc")
        assert city.temporary() == []
        fetch = public_files(city.public)
        records = {path.read_bytes() for path in (city.public / "releases").iterdir()}
        records.add(city.pointer())  # the next switch records it, if a kill came in between
        named = {one for body in records for one in whole(fetch, signed(body, city.key))}
        there = {path.name.partition(".")[0] for path in (city.public / "objects").iterdir()}
        assert (len(records), there) == (KEEP, named)

    def told(self) -> Figures:
        return {**self.counts, "killed": dict(self.killed)}
