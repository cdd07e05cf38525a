"""Which vanished entry a new one was: pairs of one context that resemble each other, best first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from workflow.model import Message

ENOUGH = 0.6
_LONG = 200  # characters from which words are compared, not characters
_TOO_LONG = 20_000  # characters that no paragraph has; comparing them would take seconds
_NEAR = 20  # how far apart two blocks of one field may stand when there are many
_MANY = 2_000  # pairs of one context above which only near ones are compared
_WORDS = re.compile(r"\w+|[^\w\s]")


def best_pairs(old: Sequence[Message], new: Sequence[Message]) -> list[tuple[Message, Message]]:
    """Pairs of (vanished, new) with a ratio of at least 0.6; each entry is in one pair at most."""
    contexts = {message.context for message in new}
    gone = _by_context(message for message in old if message.context in contexts)
    pairs: list[tuple[Message, Message]] = []
    for context, candidates in _by_context(new).items():
        pairs += _matched(gone.get(context, []), candidates)
    return pairs


def _matched(old: list[Message], new: list[Message]) -> Iterator[tuple[Message, Message]]:
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, was, now in sorted(_rated(old, new)):
        if was not in taken_old and now not in taken_new:
            taken_old.add(was)
            taken_new.add(now)
            yield old[was], new[now]


def _rated(old: list[Message], new: list[Message]) -> Iterator[tuple[float, int, int]]:
    near = len(old) * len(new) > _MANY
    for was, before in enumerate(old):
        for now, after in enumerate(new):
            if near and abs(was - now) > _NEAR:
                continue
            rate = ratio(before.source, after.source)
            if rate >= ENOUGH:
                yield -rate, was, now


def ratio(before: str, after: str) -> float:
    """How much two texts resemble each other, in [0, 1]; long ones are compared by words."""
    longest = max(len(before), len(after))
    if longest > _TOO_LONG:
        return 0.0
    words = longest > _LONG
    matcher = SequenceMatcher(
        None, _pieces(before, words=words), _pieces(after, words=words), autojunk=False
    )
    if matcher.real_quick_ratio() < ENOUGH or matcher.quick_ratio() < ENOUGH:
        return 0.0
    return matcher.ratio()


def _pieces(text: str, *, words: bool) -> Sequence[str]:
    return _WORDS.findall(text) if words else text


def _by_context(messages: Iterable[Message]) -> dict[str | None, list[Message]]:
    """Entries by context, each list in the order given."""
    found: dict[str | None, list[Message]] = {}
    for message in messages:
        found.setdefault(message.context, []).append(message)
    return found
