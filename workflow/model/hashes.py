"""SHA-256 of texts and bytes, as facts, ids and objects use it."""

from __future__ import annotations

import hashlib


def digest_of(text: str | bytes) -> str:
    """SHA-256 of a text (as UTF-8) or of bytes, in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def hash8(text: str) -> str:
    """The first 8 hex digits of the SHA-256 of a text, as the facts in a catalog use it."""
    return digest_of(text)[:8]
