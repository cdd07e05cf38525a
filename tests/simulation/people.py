"""What people do to a catalog that they have before their eyes, be it fresh or weeks old."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tests.simulation.record import Record
from tests.simulation.town import Town
from workflow.catalog.state import Key
from workflow.model import Message

PERSONS = 5
DOINGS = ("text", "text", "text", "text", "unsure text", "approve", "comment", "needs work")


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry after a person's hand; `told` writes it into the record once it is saved."""

    number: int
    message: Message
    told: Callable[[], None]


@dataclass(slots=True)
class Held:
    """A copy of the catalog in somebody's hands until `due`.

    `texts` are those of all paragraphs when it was made. `epoch` counts lost databases.
    """

    person: int
    due: int
    epoch: int
    messages: tuple[Message, ...]
    texts: Mapping[int | str, str]
    mark: str = ""
    edits: list[Edit] = field(default_factory=list)

    def edited(self) -> tuple[Message, ...]:
        """The copy with what the person did."""
        mine: dict[Key, Message] = {one.message.key: one.message for one in self.edits}
        return tuple(one if one.obsolete else mine.get(one.key, one) for one in self.messages)

    def ever(self, number: int, town: Town) -> set[str]:
        """The texts of a paragraph in this copy, those of obsolete entries too."""
        ever = town.ever
        mine = [one for one in self.messages if one.source in ever]
        return {one.translation for one in mine if ever[one.source].number == number}

    def crossed(self, number: int, now: Mapping[int | str, str]) -> bool:
        """Whether the person changed a paragraph that somebody else has changed by now, too."""
        mine = [one.message.source for one in self.edits if one.number == number]
        return any(self.texts.get(at) != now.get(at) for at in (number, *mine) if mine)

    def saved(self) -> None:
        for one in self.edits:
            one.told()


def edits(
    messages: Iterable[Message], record: Record, chance: Random, *, person: int | None, most: int
) -> list[Edit]:
    """What a person does to a few entries; without a person, each is seen by whose it is."""
    open_ones = [one for one in messages if not one.obsolete and one.source in record.town.ever]
    chosen = chance.sample(open_ones, min(len(open_ones), chance.randint(1, most)))
    return [_edit(one, record, chance, person) for one in chosen]


def _edit(message: Message, record: Record, chance: Random, person: int | None) -> Edit:
    number = record.town.ever[message.source].number
    who = number % PERSONS if person is None else person
    what = chance.choice(DOINGS)
    if not any(message.translations) or what.endswith("text"):
        return _typed(message, record, number, who, unsure=what == "unsure text")
    if what == "comment":
        line = f"note {record.word()}"
        more = replace(message, comments=(line, *message.comments))
        return Edit(number, more, lambda: record.comments.append(line))
    if what == "approve":
        return Edit(number, _marked(message, fuzzy=False),
                    lambda: record.approved(message.translation, message.source))  # fmt: skip
    return Edit(number, _marked(message, fuzzy=True), lambda: None)


def _typed(message: Message, record: Record, number: int, who: int, *, unsure: bool) -> Edit:
    sentences = record.translation(message.source)
    new = replace(_marked(message, fuzzy=unsure), translations=(" ".join(sentences),))
    seen, source = message.translation, message.source
    return Edit(number, new, lambda: record.saved(sentences, source, who, seen))


def _marked(message: Message, *, fuzzy: bool) -> Message:
    """Taking the mark off takes the old source along, as Poedit does."""
    flags = message.flags - {"fuzzy"} | ({"fuzzy"} if fuzzy else set())
    new = replace(message, flags=frozenset(flags))
    if fuzzy and message.fuzzy:
        return new
    return replace(new, previous_source=None, previous_context=None)


def of_keys(messages: Sequence[Message], done: Iterable[Edit]) -> tuple[Message, ...]:
    """All entries, those that were edited as they are now."""
    mine = {one.message.key: one.message for one in done}
    return tuple(one if one.obsolete else mine.get(one.key, one) for one in messages)
