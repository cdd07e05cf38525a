"""How segments of many units become batches: sorted by length, bounded by padded size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import groupby

BYTES_A_TOKEN = 4
LARGEST = 120
BUDGET = 4096


def plan(
    lengths: Sequence[int], *, budget: int, largest: int, edges: Sequence[int] = ()
) -> list[tuple[int, ...]]:
    """Cut segments into batches of similar length, so that little is padded; longest first.

    `lengths` are in tokens; a batch holds at most `largest` segments, and its size times its
    longest segment is at most `budget` tokens (an empty segment counts as one token,
    a segment longer than that is a batch of its own). `edges`, which rise, are the greatest lengths
    of classes: no batch has segments of two classes.
    Gives tuples of indices into `lengths`: each index once, equal lengths in their given order.
    Longest first, because what is decoded last then is short, and no replica waits long at the end.

    >>> plan([3, 9, 2, 3], budget=9, largest=2)
    [(1,), (0, 3), (2,)]
    >>> plan([3, 9, 2, 3], budget=99, largest=9, edges=(2, 8))
    [(1,), (0, 3), (2,)]
    """
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    ends = _class_ends([lengths[index] for index in order], edges)
    batches: list[tuple[int, ...]] = []
    start = 0
    while start < len(order):
        fitting = budget // max(1, lengths[order[start]])
        end = min(ends[start], start + max(1, min(largest, fitting)))
        batches.append(tuple(order[start:end]))
        start = end
    return batches


def _class_ends(falling: Sequence[int], edges: Sequence[int]) -> list[int]:
    """For each place among lengths that fall, the place at which its class ends."""
    ends: list[int] = []
    for _, group in groupby(bisect_left(edges, length) for length in falling):
        count = len(list(group))
        ends += [len(ends) + count] * count
    return ends


def cut(texts: Collection[str]) -> list[tuple[str, ...]]:
    """Cut texts into the batches of the queue, the same ones whatever the texts' order.

    A batch has at most 120 texts (ten times twelve, as the engine takes them) and 4,096 padded
    tokens, a token taken as four bytes: with a model of Argos' size that is four to eight seconds
    of a core. Equal texts are asked once.

    >>> cut(["b", "a", "a longer text"])
    [('a longer text', 'a', 'b')]
    """
    ordered = sorted(set(texts))
    lengths = [-(-len(text.encode()) // BYTES_A_TOKEN) for text in ordered]
    batches = plan(lengths, budget=BUDGET, largest=LARGEST)
    return [tuple(ordered[index] for index in batch) for batch in batches]
