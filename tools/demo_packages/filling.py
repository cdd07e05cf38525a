"""What fills a slot: a lexicon entry or a value that code writes, both rendered as chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tools.demo_packages.calendar_slots import CodeSlot
from tools.demo_packages.chunks import Chunk
from tools.demo_packages.lexicon import Entry

FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class EntryFilling:
    """A lexicon entry in a slot."""

    entry: Entry

    def code(self, lang: str) -> str:
        """Give the gender and number that words around it agree with."""
        return self.entry.codes.get(lang, "")

    def render(self, *, slot: str, lang: str, form: str) -> tuple[Chunk, ...]:
        """Write it for one place of the slot."""
        return _named(slot, self.entry.render(lang=lang, form=form))


@dataclass(frozen=True, slots=True)
class ValueFilling:
    """A date, time, number or copied text in a slot."""

    source: CodeSlot
    value: tuple[int, ...]

    def code(self, _lang: str) -> str:
        """Give no code: nothing agrees with a value."""
        return ""

    def render(self, *, slot: str, lang: str, form: str) -> tuple[Chunk, ...]:
        """Write it for one place of the slot."""
        fields = self.source.fields(self.value, lang)
        pieces = FIELD.split(self.source.patterns[lang][form])
        chunks = (
            self._piece(piece, index, fields.get(piece, "")) for index, piece in enumerate(pieces)
        )
        return _named(slot, tuple(chunk for chunk in chunks if chunk.text))

    def _piece(self, piece: str, index: int, field: str) -> Chunk:
        """Make a chunk of words (even index) or of a field (odd index) of the pattern."""
        if index % 2:
            small = piece in ("na", "todas")
            key = ".words0" if small else f".{_ALIKE.get(piece, piece)}"
            return Chunk(field, frozenset({key}), core=not small, copied=self.source.copied)
        return Chunk(piece, frozenset({f".words{index}"}), core=index > 0)


_ALIKE = {"plural": "weekday", "indefinite": "weekday"}


@dataclass(frozen=True, slots=True)
class TokenFilling:
    """A protection token or raw placeholder that stands where a value would."""

    source: CodeSlot | None
    text: str

    def code(self, lang: str) -> str:
        """Let other words agree with a masculine singular, the form for the unknown."""
        return {"en": "s", "ar": "m"}.get(lang, "ms")

    def render(self, *, slot: str, lang: str, form: str) -> tuple[Chunk, ...]:
        """Write it with the words that the form puts before a value."""
        lead = self._lead(lang, form)
        token = Chunk(self.text, frozenset({".token"}), copied=True)
        return _named(slot, (*lead, token))

    def _lead(self, lang: str, form: str) -> tuple[Chunk, ...]:
        pattern = self.source.patterns[lang][form] if self.source else ""
        words = FIELD.split(pattern)[0]
        return (Chunk(words, frozenset({".words0"}), core=False),) if words else ()


Filling = EntryFilling | ValueFilling | TokenFilling


def _named(slot: str, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """Make the keys of a slot its own."""
    return tuple(
        replace(chunk, slot=slot, keys=frozenset(slot + key for key in chunk.keys))
        for chunk in chunks
    )
