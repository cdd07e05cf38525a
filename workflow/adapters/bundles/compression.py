"""The one door to brotli: objects as static servers give them out to those who accept it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping

import brotli

from workflow.adapters.bundles.decoding import pieces

FORMS: Mapping[str, str] = {".br": "br", ".gz": "gzip"}
"""Suffixes of compressed forms, and what HTTP calls them."""
LEAST_BYTES = 300
"""Bytes; what is shorter fits into one packet anyway."""
_BROTLI, _LARGE_BROTLI, _GZIP = 9, 5, 6
"""Quality: beyond these a build takes several times as long for a few per cent."""
LARGE = 1_000_000
"""Bytes from which on brotli's faster quality is used."""


def compressed(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The suffixes and bytes of the forms of an object that are shorter than it."""
    if len(body) < LEAST_BYTES:
        return
    quality = _BROTLI if len(body) < LARGE else _LARGE_BROTLI
    for suffix, form in (
        (".br", brotli.compress(body, quality=quality)),
        (".gz", gzip.compress(body, compresslevel=_GZIP, mtime=0)),
    ):
        if len(form) < len(body):
            yield suffix, form


def is_form(body: bytes, suffix: str, form: bytes) -> bool:
    """Whether a form unfolds to just this body."""
    end = 0
    try:
        for piece in pieces([form], FORMS[suffix]):
            start, end = end, end + len(piece)
            if body[start:end] != piece:
                return False
    except ValueError:
        return False
    return end == len(body)
