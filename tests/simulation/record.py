"""What people typed in the simulation, by its own record, and what a catalog must still have of it.

The rules of counting:

- A text counts as typed when it was saved to the file, or taken in by an import.
- It is superseded when somebody who had it before their eyes typed another one over it. If that was
  somebody else than its author, it is counted apart ("replaced by another who saw it").
- What one person saves over another's save BETWEEN two runs no program can see. So a run reads the
  file before a stale copy is saved; the same goes for a lost database.
- Nobody deletes comment lines.
- A conflict is false if the simulation knows that one side only changed. Those of copies without
  a base (their header or the history was lost) are counted apart ("in doubt").
- An old copy that is saved brings back a person's older text over a newer one. The file alone can
  not tell that from somebody who wants the old text back, so both are kept, as the issue asks;
  counted apart ("an older text of a person's saved again").
- A text is stale and told as current if its entry's facts say CURRENT and nobody ever typed or
  approved it for this source, be it in another style of spaces, quotes and dashes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count, product

from tests.simulation.town import Paragraph, Town
from workflow import catalog
from workflow.model import Freshness, Message

_STYLE = str.maketrans({"“": '"', "”": '"', "–": "-"})


@dataclass(slots=True)
class Typed:
    """A text that a person typed: for which sources it was meant, and whether it was replaced."""

    text: str
    person: int
    sentences: tuple[str, ...]
    sources: set[str]
    superseded: bool = False
    seen_by_another: bool = False


def plain(source: str) -> str:
    """A source without its style."""
    return re.sub(r"\s+", " ", source.translate(_STYLE))


def words() -> Iterable[str]:
    """Made-up words, each once, so that each typed text can be told from all others."""
    syllables = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]
    for number in count():
        digits, rest = [], number + len(syllables) ** 2
        while rest:
            rest, digit = divmod(rest, len(syllables))
            digits.append(syllables[digit])
        yield "".join(digits)


@dataclass(slots=True)
class Record:
    """All that was typed, by text, and what went wrong on the way, counted."""

    town: Town
    typed: dict[str, Typed] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    _words: Iterable[str] = field(default_factory=words)

    def translation(self, source: str) -> tuple[str, ...]:
        """A person's sentences for a source text; unlike all that anybody typed before."""
        word = next(iter(self._words))
        paragraph = self.town.ever[source]
        return tuple(marked(one.text("es"), word) for one in paragraph.sentences)

    def word(self) -> str:
        return next(iter(self._words))

    def saved(self, sentences: tuple[str, ...], source: str, person: int, over: str) -> None:
        """Somebody typed a text over another one that they saw."""
        text = " ".join(sentences)
        self.typed[text] = Typed(text, person, sentences, {plain(source)})
        self.counted["texts typed"] += 1
        before = self.typed.get(over)
        if before is not None and over != text:
            before.superseded = True
            before.seen_by_another |= before.person != person

    def approved(self, text: str, source: str) -> None:
        if text in self.typed:
            self.typed[text].sources.add(plain(source))

    def fault(self, kind: str, what: str, told: str) -> None:
        """Count a fault, each thing once."""
        if (kind, what) in self.told:
            return
        self.told.add((kind, what))
        self.counted[kind] += 1
        if sum(one.startswith(kind) for one in self.examples) < 12:
            self.examples.append(f"{kind}: {told}")

    def examples_of(self, kinds: Iterable[str]) -> list[str]:
        return [one for one in self.examples if one.partition(":")[0] in set(kinds)]

    def check(self, messages: Iterable[Message], when: str) -> None:
        """Count what a catalog lacks, and what it tells wrongly."""
        messages = tuple(messages)
        there = _everything(messages)
        for one in self.typed.values():
            if one.text not in there:
                self._missing(one, when)
        for line in self.comments:
            if line not in there:
                self.fault("comments lost", line, f"{when}: {line}")
        for message in messages:
            self._told_rightly(message, when)
        for key, times in Counter(message.key for message in messages).items():
            if times > 1:
                self.fault("entries doubled", str(key), f"{when}: {key}")

    def _missing(self, one: Typed, when: str) -> None:
        if not one.superseded:
            told = f"{when}: {one.text} (of {sorted(one.sources)})"
            self.fault("human edits lost", one.text, told)
        elif one.seen_by_another:
            self.fault("replaced by another who saw it, not kept", one.text, when)

    def _told_rightly(self, message: Message, when: str) -> None:
        typed = self.typed.get(message.translation)
        if message.obsolete or typed is None or plain(message.source) in typed.sources:
            return
        if catalog.facts_of(message).freshness is Freshness.CURRENT:
            told = f"{when}: {message.source} = {typed.text}"
            self.fault("stale told as current", f"{message.source}\0{typed.text}", told)


def _everything(messages: Iterable[Message]) -> str:
    return "\n".join(line for one in messages for line in (*one.translations, *one.comments))


def marked(sentence: str, word: str) -> str:
    """A sentence with a person's word before its full stop."""
    return f"{sentence[:-1]} {word}."


def texts(messages: Iterable[Message], ever: Mapping[str, Paragraph]) -> dict[int | str, str]:
    """The text of each paragraph by its number, and all texts that stand for each source.

    A source may have an entry of a vanished item beside the living one.
    """
    found: dict[int | str, str] = {}
    for one in messages:
        if one.source in ever:
            found[one.source] = "\n".join([*found.get(one.source, "").split("\n"), one.translation])
            if not one.obsolete:
                found[ever[one.source].number] = one.translation
    return found
