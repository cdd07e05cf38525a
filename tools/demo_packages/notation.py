"""Reads one line of a template into parts: text, groups, slots and agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.demo_packages.mistakes import CorpusError

SLOT = re.compile(r"([a-z]+[0-9]*)(?::([a-z]+))?\Z")
AGREEMENT = re.compile(r"([a-z]+[0-9]*)\?(.*)\Z", re.DOTALL)
GROUP_LABEL = re.compile(r"([a-z]) ")
BRACKETS = re.compile(r"([\[\]{}])")


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that an entry or a value fills, in a form such as `the` or `on`."""

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Words that depend on the gender or number of the entry in a slot."""

    slot: str
    options: tuple[tuple[str, str], ...]

    def choose(self, code: str) -> str | None:
        """Give the text of the first key that fits the code, None if no key does."""
        fitting = (text for key, text in self.options if fits(key, code))
        return next(fitting, None)


@dataclass(frozen=True, slots=True)
class Group:
    """Words that have a counterpart under the same label in the other languages."""

    label: str
    parts: tuple[Part, ...]


Part = Text | Slot | Agreement | Group


def fits(key: str, code: str) -> bool:
    """Say whether every letter of the key is in the code; `*` always fits."""
    return key == "*" or set(key) <= set(code)


def parse(line: str) -> tuple[Part, ...]:
    """Cut a line into its parts, or raise CorpusError saying what is wrong with it."""
    parts: list[Part] = []
    tokens = [token for token in BRACKETS.split(line) if token]
    position = 0
    while position < len(tokens):
        if tokens[position] == "[":
            end = _closing(tokens, position, "]")
            parts.append(_group(tokens[position + 1 : end]))
        else:
            part, end = _simple(tokens, position)
            parts.append(part)
        position = end + 1
    return tuple(parts)


def _closing(tokens: list[str], start: int, bracket: str) -> int:
    """Find the bracket that closes the one at `start`; groups do not nest."""
    for position in range(start + 1, len(tokens)):
        if tokens[position] == bracket:
            return position
        if tokens[position] == tokens[start]:
            break
    raise CorpusError(f"'{tokens[start]}' is not closed before {_near(tokens, start)!r}")


def _near(tokens: list[str], start: int) -> str:
    return "".join(tokens[start : start + 4])[:40]


def _simple(tokens: list[str], position: int) -> tuple[Part, int]:
    """Read a slot, an agreement or plain text, and say where it ends."""
    part = tokens[position]
    if part in "]}":
        raise CorpusError(
            f"'{part}' without its opening bracket after {_before(tokens, position)!r}"
        )
    if part != "{":
        return _text(part), position
    end = _closing(tokens, position, "}")
    if end != position + 2:
        raise CorpusError(f"a slot holds a name only: {_near(tokens, position)!r}")
    return _slot(tokens[position + 1]), end


def _before(tokens: list[str], position: int) -> str:
    return "".join(tokens[max(0, position - 2) : position])[-40:]


def _text(token: str) -> Text:
    if "|" in token:
        raise CorpusError(f"'|' stands outside a slot: {token!r}")
    return Text(token)


def _group(tokens: list[str]) -> Group:
    label = GROUP_LABEL.match(tokens[0]) if tokens else None
    if not label:
        raise CorpusError(
            f"a group starts with one lower-case letter and a space: {''.join(tokens)!r}"
        )
    inner = "".join([tokens[0][2:], *tokens[1:]])
    parts = parse(inner)
    if not parts:
        raise CorpusError(f"group '{label[1]}' is empty")
    return Group(label[1], parts)


def _slot(body: str) -> Slot | Agreement:
    agreement = AGREEMENT.match(body)
    if agreement:
        return Agreement(
            agreement[1], tuple(_option(text, body) for text in agreement[2].split("|"))
        )
    slot = SLOT.match(body)
    if not slot:
        raise CorpusError(
            f"'{{{body}}}' is neither {{slot}}, {{slot:form}} nor {{slot?key:text|key:text}}"
        )
    return Slot(slot[1], slot[2] or "")


def _option(text: str, body: str) -> tuple[str, str]:
    key, colon, words = text.partition(":")
    if not colon or not re.fullmatch(r"[mfsp]+|\*", key):
        raise CorpusError(
            f"'{text}' in '{{{body}}}' is not key:text with a key of m, f, s, p or '*'"
        )
    return key, words
