"""Items under a new id: which vanished item of a catalog a new one was, so that its entries move.

An item that was renamed has the same fields and texts under another id. One whose file is the same
(a paragraph of a digest, a page with a new `id`) may have changed its text as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow import changes
from workflow.model import Item, Message

SHARED = 0.5
"""The share of all texts that an item has in common with what it was before, at least."""


@dataclass(frozen=True, slots=True)
class _Gone:
    """A vanished item: its texts with their fields, and the file that its entries name."""

    id: str
    texts: frozenset[tuple[str, str]]
    path: str

    @property
    def whole(self) -> str:
        return "\n".join(text for _, text in sorted(self.texts))


def renamed(vanished: Iterable[Message], new: Sequence[Item]) -> dict[str, str]:
    """The new id of each vanished item that is still there under another one."""
    gone = _gone(vanished)
    moves = dict(_by_texts(gone, new))
    taken = set(moves.values())
    rest = [one for one in gone if one.id not in moves]
    moves.update(_by_file(rest, [item for item in new if item.id not in taken]))
    return moves


def moved(messages: Sequence[Message], moves: Mapping[str, str]) -> tuple[Message, ...]:
    """The entries in the contexts of their items' new ids, the obsolete ones as well.

    An obsolete one stays where it is if another entry has its place under the new id.
    """
    taken = {message.key for message in messages}
    found = [(message, _moved(message, moves)) for message in messages]
    return tuple(old if old.obsolete and new.key in taken else new for old, new in found)


def _moved(message: Message, moves: Mapping[str, str]) -> Message:
    item, mark, field = (message.context or "").partition("#")
    if item not in moves:
        return message
    return replace(message, context=f"{moves[item]}{mark}{field}")


def _gone(vanished: Iterable[Message]) -> list[_Gone]:
    texts: dict[str, list[tuple[str, str]]] = {}
    paths: dict[str, str] = {}
    for message in vanished:
        item, _, field = (message.context or "").partition("#")
        texts.setdefault(item, []).append((field, message.source))
        paths.setdefault(item, message.references[0] if message.references else "")
    return [_Gone(item, frozenset(own), paths[item]) for item, own in texts.items()]


def _by_texts(gone: Sequence[_Gone], new: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Pairs that have at least half of all their texts in common, the most alike first."""
    holders: dict[tuple[str, str], list[int]] = {}
    for index, one in enumerate(gone):
        for text in one.texts:
            holders.setdefault(text, []).append(index)
    rated = sorted(
        (-share, was, now)
        for now, item in enumerate(new)
        for share, was in _shares(gone, holders, item)
    )
    yield from _each_once((gone[was].id, new[now].id) for _, was, now in rated)


def _shares(
    gone: Sequence[_Gone], holders: Mapping[tuple[str, str], Sequence[int]], item: Item
) -> Iterator[tuple[float, int]]:
    texts = {(unit.field, unit.source) for unit in item.units}
    common = Counter(index for text in texts for index in holders.get(text, ()))
    for index, count in common.items():
        share = count / len(texts | gone[index].texts)
        if share >= SHARED:
            yield share, index


def _by_file(gone: Sequence[_Gone], new: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Pairs of one file whose texts resemble each other."""
    for path in dict.fromkeys(one.path for one in gone if one.path):
        before = [one for one in gone if one.path == path]
        after = [item for item in new if " ".join(item.path.split()) == path]
        found = changes.pairs([one.whole for one in before], [_whole(item) for item in after])
        yield from ((before[was].id, after[now].id) for was, now in found)


def _whole(item: Item) -> str:
    return "\n".join(text for _, text in sorted({(unit.field, unit.source) for unit in item.units}))


def _each_once(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for was, now in pairs:
        if f"<{was}" not in taken and f">{now}" not in taken:
            taken |= {f"<{was}", f">{now}"}
            yield was, now
