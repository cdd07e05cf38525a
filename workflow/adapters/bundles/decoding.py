"""Bodies as servers compress them, taken apart in small pieces: a bomb never unfolds whole."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli

ACCEPTED = "br, gzip"
"""What may be sent, as an `Accept-Encoding`."""
PIECE = 1 << 16
"""Bytes of a piece, about; brotli may give some more."""
_GZIP = 31
"""zlib's number for the largest window in gzip's wrapping."""


def pieces(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body that was sent in these chunks, by its `Content-Encoding` (empty: as it is).

    Raises ValueError for an encoding that was not asked for, and for a body that is damaged.
    """
    taken_apart = _ENCODINGS.get(encoding.strip().lower())
    if taken_apart is None:
        raise ValueError(f"it is sent as {encoding[:40]!r}, which was not asked for")
    return taken_apart(chunks)


def _plain(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from chunks


def _gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What comes behind the end is left out: the digest knows whether anything is lacking."""
    decoder = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            rest = chunk
            while rest and not decoder.eof:
                yield decoder.decompress(rest, PIECE)
                rest = decoder.unconsumed_tail
            if decoder.eof:
                return
    except zlib.error as error:
        raise ValueError(f"its gzip form is damaged: {error}") from None
    raise ValueError("its gzip form is cut off")


def _brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    try:
        for chunk in chunks:
            piece = decoder.process(chunk, output_buffer_limit=PIECE)
            while piece or not decoder.can_accept_more_data():
                yield piece
                piece = decoder.process(b"", output_buffer_limit=PIECE)
    except brotli.error as error:
        raise ValueError(f"its brotli form is damaged: {error}") from None
    if not decoder.is_finished():
        raise ValueError("its brotli form is cut off")


_ENCODINGS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "": _plain,
    "identity": _plain,
    "gzip": _gzip,
    "br": _brotli,
}
