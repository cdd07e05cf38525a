"""How much is decoded at a time, and how long an answer may get."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

LONGEST_INPUT = 200
"""Pieces; a longer segment is cut into stretches."""
LONGEST_OUTPUT = 256
"""Pieces; argostranslate's own bound (CTranslate2's default)."""
EDGES = (8, 24, 60)
"""Source pieces up to which a class goes; the last class has no edge."""
BOUNDS = (48, 112, 192, LONGEST_OUTPUT)
"""The most pieces of an answer, for each class: six times its edge where segments are short (a word
may have to be spelled), three times where they are long."""


def bound(pieces: int) -> int:
    """The most pieces that the answer to a segment of so many pieces may have.

    It goes by classes of the segment's own length, and batches are cut within a class, since
    CTranslate2 takes one bound for each call: so an answer never depends on what else is in its
    batch, and a model that does not stop costs what a short segment may cost.

    >>> [bound(pieces) for pieces in (0, 8, 9, 60, 61, 200)]
    [48, 48, 112, 192, 256, 256]
    """
    return BOUNDS[bisect_left(EDGES, pieces)]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How a package is decoded on a machine.

    `replicas` is how many batches at a time; a batch holds at most `rows` rows of the decoder's
    beam, `pieces` padded source pieces, and `segments`.
    """

    replicas: int
    rows: int = 48
    pieces: int = 384
    segments: int = 32

    def largest(self, beam: int, parts: int) -> int:
        """The most segments of a batch, so that `parts` segments are shared by all replicas."""
        return max(1, min(self.segments, self.rows // beam, -(-parts // self.replicas)))


def on_processor(replicas: int) -> Sizes:
    """The default on a processor: small batches, one for each core.

    48 rows are 12 segments at beam 4: of 4, 8, 12, 16 and 24 the cheapest in processor time a
    segment, for a model of Argos' size. The pieces bound the memory of a replica: to some 80 MiB
    for such a model, where 2,048 took 120 at sentences of up to 16 words, and more the longer they
    are; that costs three to five percent of processor time.
    """
    return Sizes(replicas)


def on_card() -> Sizes:
    """The default on a CUDA card: one replica, and batches that fill it.

    A card decodes a step of a thousand rows in about the time of one of fifty, so what counts is
    how few steps there are. 1,024 rows are 256 segments at beam 4; 8,192 padded pieces keep what
    attention takes far below a gigabyte for a model of Argos' size. Not measured: nobody has run
    this on a card yet.
    """
    return Sizes(1, rows=1024, pieces=8192, segments=512)


def bounded(sizes: Sizes, default: Sizes) -> Sizes:
    """The same, but no more than tuning may find beyond the default, so no file can ask for more.

    That is twice the replicas and eight times what a batch holds.
    """
    return Sizes(
        min(sizes.replicas, default.replicas * 2),
        rows=min(sizes.rows, default.rows * 8),
        pieces=min(sizes.pieces, default.pieces * 8),
        segments=min(sizes.segments, default.segments * 8),
    )


def with_replicas(sizes: Sizes, replicas: int | None) -> Sizes:
    """The same with as many replicas as somebody asked for (None: as it is)."""
    return replace(sizes, replicas=replicas) if replicas else sizes
