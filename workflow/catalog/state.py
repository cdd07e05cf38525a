"""What two readings of an entry are compared by: everything that a person may have changed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from workflow.model import Message

Key = tuple[str | None, str]
SIZE = 16
"""Bytes of a state and of a key's digest."""


@dataclass(frozen=True, slots=True)
class Version:
    """An entry as it stood from a generation of its catalog on (counted from 1)."""

    generation: int
    message: Message


def state_of(message: Message) -> bytes:
    """16 bytes that differ when text, flags, comments, previous source or obsolescence differ.

    Notes and references are ours alone and no part of it.
    """
    told = (
        message.translations,
        message.plural,
        sorted(message.flags),
        message.comments,
        message.previous_context,
        message.previous_source,
        message.obsolete,
    )
    return blake2b(repr(told).encode(errors="surrogatepass"), digest_size=SIZE).digest()


def key_digest(key: Key, catalog: str = "") -> bytes:
    """16 bytes that stand for an entry's context and msgid (in a catalog, named in any way)."""
    return blake2b(repr((catalog, *key)).encode(errors="surrogatepass"), digest_size=SIZE).digest()
