"""The crash test: every program that writes releases is killed at random, and readers watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.publishing.city import KEEP, LIMIT, City
from tests.publishing.forked import Ended
from tests.publishing.stage import Figures, Stage, judged, watched
from tests.publishing.whole import GoneError

TURNS = ("publish", "pull", "withdraw", "undo", "rollback", "pull", "gc")
"""What is killed, in turn; each finds something to do."""
WITHDRAWN = "notices:item3"
KILLS, FEW = 200, 14


def crash(stage: Stage) -> Figures:
    """Kill programs until so many have died; see the module."""
    kills = KILLS if stage.full else FEW
    city = City(stage.folder / "city").begin()
    play = _Play(city, stage)
    with watched(city, sites=2 if stage.full else 1) as found:
        while play.counts["kills"] < kills:
            play.turn()
        play.cleared()
    assert play.counts["the old release lived on"]
    assert play.counts["the new release was live"]
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
            assert between in {before, after}, "neither the old release nor the new one"
            self._count(turn, before, between, after)

    def _count(self, turn: str, before: bytes, between: bytes, after: bytes) -> None:
        self.counts["kills"] += 1
        self.killed[turn] += 1
        if before != after:
            old = between == before
            self.counts["the old release lived on" if old else "the new release was live"] += 1

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
        """Half of them at a moment, half before a change to the disk: each finds other places."""
        usual, chance = self.usual[turn], self.stage.chance
        if chance.random() < 0.5:
            program = self.city.start(*words)
            ended = program.killed_after(chance.uniform(0, usual.seconds), LIMIT)
        else:
            at = chance.randrange(max(1, usual.changes))
            ended = self.city.start(*words, at=at).wait(LIMIT)
        assert ended.code in {0, -9}, self.city.said()
        return ended

    def _whole_run(self, turn: str, words: tuple[str, ...]) -> Ended:
        """An item that the killed program took off the table cannot be taken off again."""
        ended = self.city.done(*words, expect=(0, 2) if turn == "undo" else (0,))
        if turn == "pull":
            assert not (self.city.site / "building").exists()
        return ended

    def _live(self) -> bytes:
        """The live release, compared with all it names; and so is what the site shows."""
        release = self.city.live()
        body = release.to_bytes()
        assert self.releases.setdefault(release.serial, body) == body
        assert release.serial == max(self.releases)
        try:
            shown = self.city.seen()
        except GoneError as error:
            raise AssertionError(f"the site lacks {error}") from error
        assert self.releases[shown.serial] == shown.to_bytes()
        return body

    def cleared(self) -> None:
        """Nothing that was left half written stays, and no object that no release names."""
        city = self.city
        city.age()
        city.done("gc")
        left = [path for path in city.temporary() if path.is_relative_to(city.public)]
        assert left == []
        assert len(list((city.public / "releases").iterdir())) <= KEEP
        city.done("gc")
        self.counts["left elsewhere"] = len(city.temporary())

    def told(self) -> Figures:
        return {**self.counts, "killed": dict(self.killed)}
