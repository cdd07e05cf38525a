"""The simulation: thousands of things happen to one small town's notices, in an order by chance.

Each operation draws from its own seed, so another way to keep the catalog meets the same script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from tests.simulation.fuse import POINTS
from tests.simulation.people import PERSONS, Held, edits, of_keys
from tests.simulation.record import Record, texts
from tests.simulation.town import EDITS, SENTENCES, STYLES, Town
from tests.simulation.ways import Way
from workflow.catalog.aside import conflicts
from workflow.model import Message
from workflow.ports.review import Copy

WEIGHTS = {
    "fresh edit": 30, "stale editor": 16, "translator": 14, "branch": 3, "source": 14,
    "style measured": 4, "sentence measured": 4, "look": 5, "run": 4, "crash": 8, "meanwhile": 5,
    "lost database": 0.15,
}  # fmt: skip


@dataclass(slots=True)
class Play:
    """One way, one script: `operations` things happen, then all is brought up to date."""

    way: Way
    seed: int
    notices: int = 30
    town: Town = field(init=False)
    record: Record = field(init=False)
    done: Counter[str] = field(default_factory=Counter)
    held: dict[str, list[Held]] = field(default_factory=dict)
    judged: set[tuple[int, str]] = field(default_factory=set)
    unseen: bool = False
    epoch: int = 0
    now: int = 0
    kind: str = ""

    def __post_init__(self) -> None:
        self.town = Town(self.way.folder)
        self.record = Record(self.town)

    def all(self, operations: int, *, checked_every: int = 500) -> Record:
        """Play it through."""
        self.town.found(Random(f"{self.seed}"), self.notices)
        self.way.run()
        for self.now in range(1, operations + 1):
            chance = Random(f"{self.seed}/{self.now}")
            (kind,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            self.kind = kind
            self.done[kind] += 1
            self._operations()[kind](chance)
            if self.now % checked_every == 0:
                self._seen()
                self.record.check(self.way.read(), f"operation {self.now} ({self.kind})")
        self.way.run()
        self.record.check(self.way.read(), "the end")
        return self.record

    def _operations(self) -> dict[str, Callable[[Random], None]]:
        return {
            "fresh edit": self._fresh,
            "stale editor": self._stale,
            "translator": self._translator,
            "branch": self._branch,
            "source": lambda chance: self.town.edit(chance.choice(EDITS), chance),
            "style measured": self._style,
            "sentence measured": self._sentence,
            "look": lambda _: self._look(),
            "run": lambda _: self._run(),
            "crash": self._crash,
            "meanwhile": self._meanwhile,
            "lost database": self._lose,
        }

    def _look(self) -> None:
        before = self._conflicts()
        self.way.look()
        self.unseen = False
        self._judge(before, None, {})

    def _seen(self) -> None:
        """No program can keep what is saved over between two runs, so a run has seen the newest."""
        if self.unseen:
            self._look()

    def _run(self, point: str = "", act: Callable[[], None] | None = None) -> None:
        before = self._conflicts()
        if self.way.run(point, act):
            self.unseen = act is not None
        self._judge(before, None, {})

    def _crash(self, chance: Random) -> None:
        self._run(chance.choice(POINTS))

    def _meanwhile(self, chance: Random) -> None:
        """A person saves in the middle of a run."""
        self._run(chance.choice(POINTS), lambda: self._fresh(chance))

    def _lose(self, _: Random) -> None:
        self._seen()
        self.way.lose()
        self.epoch += 1
        self._look()

    def _fresh(self, chance: Random) -> None:
        """A person opens the catalog, does something, and saves at once."""
        messages = self.way.read()
        person = None if chance.random() < 0.9 else chance.randrange(PERSONS)
        done = edits(messages, self.record, chance, person=person, most=2)
        self.way.put(of_keys(messages, done))
        for one in done:
            one.told()
        self.unseen = True

    def _stale(self, chance: Random) -> None:
        held = self._due("stale", chance, hold=(5, 60), most=3)
        if held is None:
            return
        self._seen()
        before, was = self._conflicts(), self._texts()
        self.way.put(held.edited())
        held.saved()
        self.unseen = True
        if chance.random() < 0.3:
            self.way.run(chance.choice(POINTS))  # may be killed in the middle of making sense of it
        self.way.look()
        self.unseen = False
        self._judge(before, held, was)

    def _branch(self, chance: Random) -> None:
        held = self._due("branch", chance, hold=(20, 100), most=6)
        if held is not None:
            self._seen()
            before, was = self._conflicts(), self._texts()
            self.way.branches(held.messages, held.edited())
            held.saved()
            self.way.look()
            self._judge(before, held, was)

    def _translator(self, chance: Random) -> None:
        held = self._due("out", chance, hold=(100, 400), most=8, several=12)
        if held is not None:
            self._seen()
            before, was = self._conflicts(), self._texts()
            self.way.import_(Copy("es", held.mark, held.edited()))
            held.saved()
            self.unseen = False
            self._judge(before, held, was)

    def _due(
        self, kind: str, chance: Random, *, hold: tuple[int, int], most: int, several: int = 3
    ) -> Held | None:
        """The first copy that is due comes back; if none is, somebody takes another one."""
        out = self.held.setdefault(kind, [])
        due = [one for one in out if one.due <= self.now]
        if due:
            out.remove(due[0])
            return due[0]
        if len(out) < several:
            out.append(self._taken(kind, chance, self.now + chance.randint(*hold), most))
        return None

    def _taken(self, kind: str, chance: Random, due: int, most: int) -> Held:
        person = chance.randrange(PERSONS)
        self._seen()
        messages, mark = self.way.read(), "in the house"
        if kind == "out":
            active = [one for one in messages if not one.obsolete]
            chosen = chance.sample(active, min(len(active), chance.randint(5, 15)))
            copy = self.way.export(chosen)
            messages, mark = copy.messages, copy.mark * (chance.random() < 0.75)
        texts_then = texts(messages, self.town.ever)
        done = edits(messages, self.record, chance, person=person, most=most)
        return Held(person, due, self.epoch, messages, texts_then, mark, done)

    def _style(self, chance: Random) -> None:
        """Another style of spaces or quotes: what was approved must stay so."""
        self._look()
        before = self._approved()
        pair = self.town.change(chance.choice(STYLES), chance, self._numbers(before))
        self._look()
        if pair is None or pair[0].source == pair[1].source:
            return
        self.record.counted["approvals under another style"] += 1
        old, now = before[pair[0].source], self._approved().get(pair[1].source)
        if now is None or now.translation != old.translation:
            self.record.fault("approvals lost to a style", f"{self.now}", f"{old} -> {now}")

    def _sentence(self, chance: Random) -> None:
        """One sentence of an approved paragraph changes: the others' translations stand."""
        self._look()
        typed = self.record.typed
        before = {
            source: one for source, one in self._approved().items() if one.translation in typed
        }
        pair = self.town.change(chance.choice(SENTENCES), chance, self._numbers(before))
        self._run()
        if pair is None or pair[0].source == pair[1].source:
            return
        old, new = before[pair[0].source], self._entries().get(pair[1].source)
        sentences = typed[old.translation].sentences
        same = zip(sentences, *(one.sentences for one in pair), strict=True)
        others = [text for text, was, now in same if was == now]
        self.record.counted["one-sentence edits"] += 1
        if new and all(one in new.translation for one in others):
            self.record.counted["one-sentence edits that kept the others"] += 1
        else:
            self.record.not_kept.append(f"{self.now}: {old} -> {new}")

    def _approved(self) -> dict[str, Message]:
        """What stands as approved, by source."""
        return {
            source: one
            for source, one in self._entries().items()
            if one.translation and not one.fuzzy and source in self.town.ever
        }

    def _numbers(self, sources: Iterable[str]) -> set[int]:
        return {self.town.ever[source].number for source in sources}

    def _entries(self) -> dict[str, Message]:
        return {one.source: one for one in self.way.read() if not one.obsolete}

    def _texts(self) -> dict[int | str, str]:
        return texts(self.way.read(), self.town.ever)

    def _conflicts(self) -> set[tuple[int, str]]:
        ever = self.town.ever
        return {
            (ever[one.source].number, line)
            for one in self.way.read()
            if one.source in ever
            for line in conflicts(one)
        }

    def _judge(
        self, before: Iterable[tuple[int, str]], held: Held | None, was: dict[int | str, str]
    ) -> None:
        """Which of the new conflicts are real: both sides had another text than the copy left."""
        new = self._conflicts() - set(before) - self.judged
        self.judged |= new  # an old copy may bring a line back that was settled since
        for number, line in new:
            if held and held.crossed(number, was):
                self.record.counted["conflicts, both sides changed"] += 1
            elif self.kind == "stale editor" and held and line in held.ever(number, self.town):
                self.record.counted["an older text of a person's saved again, both kept"] += 1
            elif held and (not held.mark or held.epoch != self.epoch):
                self.record.counted["conflicts in doubt"] += 1
            else:
                told = f"operation {self.now} ({self.kind}), paragraph {number}: {line}"
                self.record.fault("false conflicts", f"{number} {line}", told)
